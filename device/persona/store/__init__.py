"""The personas of a frame: what is kept, which one it is, and how one comes and goes."""
