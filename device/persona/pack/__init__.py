"""The format of a persona pack, and its verification: pure, bytes in, a verified persona or one error out."""
