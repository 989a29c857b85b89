"""Records of a CSV file as a stream: a stray quotation mark or a cut end costs one record, not the rest of the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

MAX_LINES, MAX_CHARACTERS = 5000, 1 << 21
"""Of one record; a longer one began with a stray quotation mark."""

csv.field_size_limit(MAX_CHARACTERS)  # of the whole process; the module's own, 131,072, is less than people paste

Numbered = tuple[int, str]
Record = tuple[int, list[str] | None, str]
"""(line of its beginning, its fields or None where it is damaged, its text)"""


def records(lines: Iterable[Numbered], columns: int, delimiter: str) -> Iterator[Record]:
    """Records of `columns` fields; empty lines are left out. A record is complete where its quotation marks are even
    (RFC 4180). Where what is complete does not have as many fields, its first line alone is read or given up, and
    those after it are read again."""
    source = _Source(lines)
    while (first := source.next()) is not None:
        number, text = first
        if not text.strip():
            continue
        taken = [first]
        quotes, size = text.count('"'), len(text)
        while quotes % 2 and len(taken) < MAX_LINES and size < MAX_CHARACTERS and (more := source.next()) is not None:
            taken.append(more)
            quotes += more[1].count('"')
            size += len(more[1])
        row = _row([line for _, line in taken], columns, delimiter) if quotes % 2 == 0 else None
        if row is None and len(taken) > 1:
            source.back(taken[1:])
            row = _row([text], columns, delimiter)
        elif row is None:
            row = _row([text], columns, delimiter)
        yield number, row, text


def delimiter_of(header: str) -> str:
    """What parts the fields of a file with such a header: a spreadsheet may have saved it anew."""
    return max(",;\t", key=header.count)


class _Source:
    """Lines that can be given back."""

    def __init__(self, lines: Iterable[Numbered]) -> None:
        self._lines = iter(lines)
        self._again: deque[Numbered] = deque()

    def next(self) -> Numbered | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def back(self, lines: list[Numbered]) -> None:
        self._again.extendleft(reversed(lines))


def _row(lines: list[str], columns: int, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader([f"{line}\n" for line in lines], delimiter=delimiter))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 and len(rows[0]) == columns else None
