"""What a file is, by its first bytes."""

from __future__ import annotations

_SOUNDS = (
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (4, b"ftyp", "audio/mp4"),
)


def browser_sound(content: bytes) -> str:
    """The media type of a sound that browsers play; "" for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    return next((kind for at, magic, kind in _SOUNDS if content[at : at + len(magic)] == magic), "")
