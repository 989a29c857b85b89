"""`imago soak`: hours of simulated life with the whole frame, and what became of it."""
