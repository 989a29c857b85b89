"""Pictures and files that messages carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, Where
from provisioning.importers.problems import told


class Attached(NamedTuple):
    """A file within a mailbox or a phone's backup."""

    where: Where
    """Of the message, as of its item"""
    medium: Medium
    name: str
    """As the item's `attachment`"""
    content: bytes


@runtime_checkable
class Carrier(Protocol):
    """An importer of files that hold other files."""

    def attached(self, source: Source) -> Iterator[Attached]:
        """What it holds, as a stream, in the file's order. Never raises for what is in the file."""
        ...


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
