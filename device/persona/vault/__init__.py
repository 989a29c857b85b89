"""Where the frame's secrets are kept: in its TPM, or in files of its own."""
