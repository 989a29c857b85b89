"""What a USB stick brings, and what is said about it."""
