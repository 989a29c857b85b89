"""The wake phrase: what it sounds like (embedding), how a recording is compared with it (warping), and the file of a
persona's templates. Used by the frame that listens and by the build that enrols."""
