"""What files are to a family."""

from __future__ import annotations

from provisioning.importers.item import Medium


def medium_of(mime: str) -> Medium:
    """What a MIME type is to a family."""
    known: dict[str, Medium] = {"image": "photo", "audio": "voice", "video": "video"}
    return known.get(mime.partition("/")[0].lower(), "file")
