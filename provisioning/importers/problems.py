"""What importers tell of beside items."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from provisioning.importers.decoding import damage
from provisioning.importers.item import Found, Item, Problem, Where

MAX_TEXT = 1 << 18
"""Characters; a longer message is a book, or a damaged file: what is beyond is left out, and told."""

RECALLED = "a recalled message"
SYSTEM = "a system message"
NOTICE = "a reaction or notice"
STICKER = "a sticker"
CALL = "a call"
MONEY = "a red packet or transfer"
CARD = "a contact card"
FORWARDED = "a forwarded message"
EMPTY = "an empty message"
UNKNOWN = "a message of an unknown type"
DAMAGED = "a damaged record"
STRAY = "lines that belong to no message"
NOTHING = "a file without a message"
TIMELESS = "a time that cannot be right"
LONG = "a message that was cut because of its length"


def problem(where: Where, reason: str, detail: str = "", *, ambiguous: bool = False) -> Problem:
    """A Problem, its detail shortened to one line of 80 characters."""
    return Problem(where, reason, " ".join(detail[:400].split())[:80], ambiguous)


def told(item: Item) -> Iterator[Found]:
    """An item with what is doubtful about it; a Problem in its place where it says nothing."""
    if not item.text and item.medium is None:
        yield problem(item.where, EMPTY, item.name)
        return
    if len(item.text) > MAX_TEXT:
        yield problem(item.where, LONG, f"{len(item.text)} characters", ambiguous=True)
        item = msgspec.structs.replace(item, text=item.text[:MAX_TEXT])
    yield item
    garbled = damage(item.text)
    if garbled:
        yield problem(item.where, garbled, item.text, ambiguous=True)
    if not item.when.start:
        yield problem(item.where, TIMELESS, item.when.text, ambiguous=True)


class Body:
    """The lines of one message, kept short."""

    def __init__(self, first: str = "") -> None:
        self._lines = [first[:MAX_TEXT]]
        self._left = MAX_TEXT - len(first)

    @property
    def cut(self) -> bool:
        """Whether it was longer."""
        return self._left < 0

    def add(self, line: str) -> None:
        """One more line."""
        if self._left > 0:
            self._lines.append(line[: self._left])
        self._left -= len(line) + 1

    def text(self) -> str:
        """All of it without the empty lines around."""
        return "\n".join(self._lines).strip()
