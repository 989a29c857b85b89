"""Pictures and files that messages carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from provisioning.importers.item import Found, Item, Medium
from provisioning.importers.problems import told

_KINDS: dict[str, Medium] = {"image": "photo", "audio": "voice", "video": "video"}


def medium_of(mime: str) -> Medium:
    """What a MIME type is to a family."""
    return _KINDS.get(mime.partition("/")[0].lower(), "file")


def items(plain: Item, text: str, files: Sequence[tuple[Medium | None, str]]) -> Iterator[Found]:
    """A message with its text and its first file, and one more item for each further (medium, name)."""
    medium, name = files[0] if files else (None, "")
    yield from told(msgspec.structs.replace(plain, text=text, medium=medium, attachment=name))
    for medium, name in files[1:]:
        yield msgspec.structs.replace(plain, medium=medium, attachment=name)
