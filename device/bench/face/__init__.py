"""What `imago bench face` measures: the cost of frames, lips against the voice, soundness of the picture, and life."""
