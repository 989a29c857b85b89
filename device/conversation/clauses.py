"""Cuts text that is still being written into clauses that can already be spoken. Pure.

The first clause is cut early, at a comma, since the listener waits for it; later ones at the ends of sentences or where
they grow long. Never within a number, an abbreviation or a quotation. All clauses joined are exactly the text.
"""

from __future__ import annotations

import re

FIRST_WORDS = 4
"""Words (or FIRST_CHARACTERS Chinese characters) that the first clause has at least before it ends at a comma."""
FIRST_CHARACTERS = 4
LONG_WORDS = 14
"""A later clause of so many words, or LONG_CHARACTERS, ends at its next comma."""
LONG_CHARACTERS = 24

_STOPS = ".!?。！？…\n"
_PAUSES = ",;:，；：、—"
_CLOSERS = "\"'”’」』)）》"
_PAIRS = {"“": "”", "「": "」", "『": "』", "(": ")", "（": "）", "《": "》"}
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:mr|mrs|ms|dr|st|prof|jr|sr|no|vs|etc|e\.g|i\.e|a\.m|p\.m|[a-hj-z])\.$", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z0-9'’-]+(?:[.,]\d+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")


class ClauseCutter:
    """`push` text as it comes, `flush` at its end; each gives the clauses that are now complete."""

    def __init__(self) -> None:
        self._text = ""
        self._first = True

    def push(self, text: str) -> list[str]:
        """More of the text."""
        self._text += text
        clauses: list[str] = []
        while end := self._boundary():
            clauses.append(self._text[:end])
            self._text = self._text[end:]
            self._first = False
        return clauses

    def flush(self) -> list[str]:
        """The text is complete: what is left, if anything."""
        rest, self._text = self._text, ""
        self._first = True
        return [rest] if rest else []

    def _boundary(self) -> int:
        """Where the next clause ends (spaces behind it included), or 0 while that is not decided yet."""
        inside: list[str] = []
        straight = False
        for at, character in enumerate(self._text):
            if character == '"':
                straight = not straight
            elif inside and character == inside[-1]:
                inside.pop()
            elif character in _PAIRS:
                inside.append(_PAIRS[character])
            if (
                character == "\n"
                or (character in _STOPS + _PAUSES and not inside and not straight)
                or (character in _CLOSERS and not inside and not straight and at and self._text[at - 1] in _STOPS)
            ):
                end = self._end(at)
                if end is None:
                    return 0
                if end and self._text[:end].strip() and self._ends_here(at, end):
                    return end
        return 0

    def _end(self, at: int) -> int | None:
        """The end behind the mark at `at` with its closing quotes and spaces; None until the next character is
        known."""
        end = at + 1
        while end < len(self._text) and self._text[end] in _STOPS.strip() + _CLOSERS:
            if self._text[end] == '"' and self._text[:end].count('"') % 2 == 0:
                break
            end += 1
        if end == len(self._text):
            return None
        follows = self._text[end]
        if self._text[at] in ".,:'" and not follows.isspace():
            return 0
        while end < len(self._text) and self._text[end].isspace():
            end += 1
        return end if end < len(self._text) else None

    def _ends_here(self, at: int, end: int) -> bool:
        clause = self._text[:end]
        if self._text[at] == "." and _ABBREVIATION.search(self._text[: at + 1]):
            return False
        if self._text[at] not in _PAUSES:
            return True
        words, characters = len(_WORD.findall(clause)), len(_HAN.findall(clause))
        wanted = (FIRST_WORDS, FIRST_CHARACTERS) if self._first else (LONG_WORDS, LONG_CHARACTERS)
        return words >= wanted[0] or characters >= wanted[1]


def cut(text: str) -> list[str]:
    """A whole text's clauses."""
    cutter = ClauseCutter()
    return [*cutter.push(text), *cutter.flush()]
