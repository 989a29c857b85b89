"""Measurements of the running parts; plain data out."""
