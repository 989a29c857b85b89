"""When a letter was written: by its heading or its end, and by the name of its file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from provisioning.importers.item import When
from provisioning.memories.dates import happened

BY_NAME = 0.8
"""Confidence of a date that only the file's name tells."""
DISPUTED = 0.6
"""Of the date in a letter whose file's name tells another."""
_TOP, _BOTTOM = 3, 4
"""Lines with words at a letter's beginning and end that may be its date."""
_REST = 24
"""Characters that may stand beside the date in its line: a place, a weekday, the weather."""
_SENTENCE = re.compile(r"[。！？!?；;]|\.\s*\S{3}.*\.$")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:1[89]|20)\d\d)(?!\d)")
_NAME = re.compile(
    r"(?<!\d)((?:1[89]|20)\d\d)(?:([-._年 ]?)(\d{2})(?:\2(\d{2}))?|年(\d{1,2})月(?:(\d{1,2})日)?)?(?!\d)"
)


def line_date(line: str) -> When | None:
    """The date that a line is, beside a few words; None for a sentence, and for what is no date."""
    line = line.strip(" \t*_#—-")
    if not line or len(line) > 90 or _SENTENCE.search(line):
        return None
    if numbers := _NUMBERS.search(line):
        found = _by_numbers(numbers)
    else:
        told = happened(line)
        found = When(told.start, told.text, told.confidence) if told.start else None
    return found if found and len(line) - len(found.text) <= _REST else None


def _by_numbers(match: re.Match[str]) -> When | None:
    """3/2/1997: where the order of day and month cannot be told, the year alone is certain."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    orders = [(first, second)] if match[2] == "." else [(first, second), (second, first)]
    days = {start for day, month in orders if (start := day_of(year, month, day))}
    if not days:
        return None
    return When(days.pop(), match[0], 0.95) if len(days) == 1 else When(str(year), match[0], 0.9)


def day_of(year: int, month: int, day: int) -> str:
    """As ISO 8601, "" for no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def name_date(name: str) -> When | None:
    """The date in a file's name: 1997-03-02-wen.txt, 19970302.jpg, 1997年3月.docx, 1997.pdf."""
    match = _NAME.search(name)
    if match is None:
        return None
    year, month, day = match[1], match[3] or match[5], match[4] or match[6]
    whole = day_of(int(year), int(month), int(day or 1)) if month else ""
    if not whole:
        return When(year, match[1], BY_NAME)
    return When(whole if day else whole[:7], match[0], BY_NAME)


def noted_date(note: str) -> When:
    """The date that the family itself wrote for a letter; without a start where it is none."""
    found = line_date(note) or name_date(note)
    return When(found.start, note, 1.0) if found else When(text=note, confidence=0.0)


def letter_date(lines: Sequence[str], name: str) -> tuple[When, int, str]:
    """(date, number of its line from 0 or -1, what is doubtful about it or "") of a letter in a file called `name`."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    ends = [*filled[-_BOTTOM:][::-1], *filled[:_TOP]]
    own, at = next(((found, i) for i in ends if (found := line_date(lines[i]))), (None, -1))
    named = name_date(name)
    if own is None:
        return named or When(confidence=0.0), -1, ""
    if named is None:
        return own, at, "" if len(own.start) > 4 or "/" not in own.text else "the order of day and month is unknown"
    short, long = sorted((own.start, named.start), key=len)
    if long.startswith(short):
        return When(long, own.text, 1.0), at, ""
    return When(own.start, own.text, DISPUTED), at, "the letter's date is not that of its file's name"
