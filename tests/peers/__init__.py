"""Other people's ways to build a voice assistant, assembled from their packages, to be measured like ours."""
