"""What answers can open with: the first clause of everything that is said word for word. Pure.

An answer is a memory's own sentences or a ready line, so that its beginning is one of a few hundred texts which are
known long before the question. Said in advance, it need not be waited for (docs/adr/0020-openings.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from device.conversation import clauses
from device.mind import lines, quote
from device.mind.memory_file import MemoryRow
from device.persona.unpacked import Language, Person


@dataclass(frozen=True, slots=True)
class Opening:
    """The first clause of a possible answer."""

    text: str
    language: str


def openings(person: Person, memories: Sequence[MemoryRow]) -> list[Opening]:
    """Those of the ready lines, then of each memory's beginning, then of later sentences that a quotation may begin
    with; each once. The likeliest first, for there may not be room for all."""
    found = [Opening(_first(text), code) for code in person.languages for text in _lines(person, code) if text]
    begins = [(begin, row) for row in memories for begin in quote.beginnings(row.text)]
    found += [_of(row, begin) for begin, row in sorted(begins, key=lambda pair: pair[0])]
    return list(dict.fromkeys(found))


def _lines(person: Person, language: Language) -> list[str]:
    """All that is said by rule."""
    called = lines.called(person, language)
    told = [person.greeting[language], person.farewell[language], *person.dont_know[language]]
    told += [table[language].format(called=called) for table in (lines.IDENTITY, lines.CRISIS)]
    told += [table[language] for table in (*lines.COMMAND.values(), lines.NOTHING_MORE, lines.SAY_AGAIN)]
    told += [text for table in (lines.SMALLTALK, lines.THANKS, lines.PHOTO_SHOWN) for text in table[language]]
    return [*told, lines.PHOTO_NONE[language], lines.PHOTO_UNKNOWN[language], lines.NOT_MY_LANGUAGE[language]]


def _of(row: MemoryRow, begin: int) -> Opening:
    return Opening(_first(quote.passage(row.text, quote.rest(row.text, begin), row.language)), row.language)


def _first(text: str) -> str:
    return clauses.cut(text)[0].strip()
