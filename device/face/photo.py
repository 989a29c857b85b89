"""Where a likeness keeps its still photograph. Imports nothing heavy: the first picture waits for this."""

from __future__ import annotations

from pathlib import Path

STEMS = ("layers/photo", "portrait", "photo", "still")
KINDS = (".png", ".jpg", ".jpeg", ".webp")


def find_photo(persona: Path | None) -> Path | None:
    """The photograph of an unpacked persona (in its `likeness/`), or None where there is none."""
    if persona is None:
        return None
    likeness = persona / "likeness"
    return next((p for s in STEMS for k in KINDS if (p := likeness / f"{s}{k}").is_file()), None)
