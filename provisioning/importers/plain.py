"""Plain text and Markdown: letters where they lie in `letters/`, stories elsewhere.

A letter may begin with a note, "# date: 1986-10-04 | from: Grandpa | to: Ting | place: Hangzhou". Where it has none,
date, addressee and sender are taken from its heading and its end, where they are certain, or from the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from provisioning.importers.decoding import head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Where
from provisioning.importers.markdown import heading, is_markdown, plain
from provisioning.importers.problems import problem
from provisioning.importers.written import LETTERS, Notes, notes_of, written

MAX_BYTES = 16 << 20
MAX_LINES = 200_000
"""A longer text is no letter and no story."""
_OTHER = re.compile(r'\s*(?:[{\[]\s*["{\[\]}]|<[?!a-zA-Z]|%PDF|%!PS|\{\\rtf|BEGIN:V|#!/|WEBVTT|\[[\w.-]+\]\s*\n)')
_STAMPED = re.compile(r"^\W{0,2}\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.{0,12}\d{1,2}:\d{2}")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_FENCE = "---"


class Plain:
    """One letter, or a story for each heading."""

    name = "plain"
    version = 1

    def claims(self, source: Source) -> float:
        if source.told.startswith("chats/"):
            return 0.0  # a chat in an unknown format must not be taken for the person's own words
        text = head_text(source.head)
        if not text.strip():
            return 0.1
        if _OTHER.match(text) or len(_CONTROLS.findall(text)) * 50 > len(text) or b"\0\0\0" in source.head:
            return 0.0
        return 0.0 if _is_table(text) or _is_talk(text) else 0.2

    def read(self, source: Source) -> Iterator[Found]:
        if source.size > MAX_BYTES:
            yield problem(Where(source.told), "a text that is too long", f"{source.size >> 20} MiB")
            return
        text = [line for _, line in islice(lines(source.path, source.head), MAX_LINES + 1)]
        if len(text) > MAX_LINES:
            yield problem(Where(source.told), "a text that is too long", f"more than {MAX_LINES} lines")
            return
        notes, start = _notes(text)
        if not is_markdown(source.told, "\n".join(text[:2000])):
            yield from written(source, text[start:], start + 1, notes)
        elif source.told.startswith(LETTERS):
            yield from written(source, [plain(line) for line in text[start:]], start + 1, notes)
        else:
            for title, at, part in list(_sections(text, start)) or [("", start + 1, [])]:
                yield from written(source, part, at, {"title": title, **notes} if title else notes)


def _is_table(text: str) -> bool:
    rows = [line for line in text.split("\n")[:6] if line]
    return len(rows) > 2 and any(
        len({row.count(mark) for row in rows[:-1]}) == 1 and rows[0].count(mark) > 2 for mark in ",\t;|"
    )


def _is_talk(text: str) -> bool:
    """Whether it looks like a chat: many lines begin with a date and a time."""
    filled = [line for line in text.split("\n")[:300] if line.strip()]
    stamped = sum(_STAMPED.match(line) is not None for line in filled)
    return stamped >= 3 and stamped * 5 >= len(filled)


def _notes(text: Sequence[str]) -> tuple[Notes, int]:
    """(what is noted at a text's beginning, number of lines that it takes)."""
    if text and text[0].rstrip() == _FENCE and _FENCE in (line.rstrip() for line in text[1:40]):
        end = next(i for i, line in enumerate(text) if i and line.rstrip() == _FENCE)
        notes: Notes = {}
        for line in text[1:end]:
            notes.update(notes_of(f"# {line.strip()}"))
        return notes, end + 1
    first = next((i for i, line in enumerate(text) if line.strip()), 0)
    found = notes_of(text[first].strip()) if text else {}
    return found, first + 1 if found else 0


def _sections(text: Sequence[str], start: int) -> Iterator[tuple[str, int, list[str]]]:
    """(heading, number of its first line, lines) of each part with words."""
    title, at, part = "", start + 1, list[str]()
    for number, line in enumerate([*text[start:], "# end"], start + 1):
        named = heading(line)
        if not named:
            part.append(plain(line))
            continue
        if any(words.strip() for words in part):
            yield title, at, part
        title, at, part = named, number + 1, []
