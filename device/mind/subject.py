"""Whom a memory is about, and whom a question asks about. Pure.

"What did your father do?" is answered by a memory that opens with the father, not by one in which he is mentioned
while the teller speaks of his own work; and "what does your name mean?" not by the story of a daughter's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from device.mind import kin, sentences
from device.mind.lexicon import KIN
from device.mind.memory_file import MemoryRow
from device.mind.words import index_terms, query_terms

MENTIONED = -0.6
"""How well a memory fits a person whom it only mentions."""

_KIN = [word for line in KIN for word in line.split()]


@dataclass(frozen=True, slots=True)
class _About:
    """What a memory opens with."""

    people: frozenset[str]
    """Index terms of everybody in its question and its first sentence, with how they are related to the teller"""
    mentioned: frozenset[str]
    """The same of all of it"""
    teller_first: bool
    """The teller is named before anybody else is"""
    others: bool
    """Somebody else is named at all"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one question is about."""

    people: tuple[frozenset[str], ...]
    """Each of those it names, as the terms any of which means them"""
    teller: bool
    """It is about the one it is put to, and names nobody else"""
    memories: Sequence[_About]

    def fits(self, row: int) -> float:
        """Whether the memory of number `row` is about them: 1 yes, -1 no, between: some of them, or nobody can say."""
        about = self.memories[row]
        if self.people:
            return sum(_fit(terms, about) for terms in self.people) / len(self.people)
        if self.teller:
            return -1.0 if about.others and not about.teller_first else 0.5
        return 0.0


def _fit(person: frozenset[str], about: _About) -> float:
    if person & about.people:
        return 1.0
    return MENTIONED if person & about.mentioned else -1.0


class Subjects:
    """Knows the people of one persona's memories."""

    def __init__(self, rows: Sequence[MemoryRow]) -> None:
        people = {name for row in rows for name in row.people}
        self._relations = kin.relations([row.text for row in rows], people)
        names = {*people, *self._relations}
        self.terms = frozenset(index_terms(" ".join((*_KIN, *names))))
        """Index terms that stand for people."""
        self._other = re.compile(_any_of((*names, *_KIN)))
        kinship = _any_of(_KIN, whole=False)
        someone = rf"(?! (?:\w+ )?(?:{kinship})\b)"
        a_relation = rf"(?!的?(?:{kinship}))"
        self._self = re.compile(rf"\b(?:I|me|we|us)\b|\b(?:[Mm]y|[Oo]ur)\b{someone}|我{a_relation}")
        self._asked = re.compile(rf"\byou\b|\byour\b{someone}|你{a_relation}", re.IGNORECASE)
        self._memories = [self._about(row) for row in rows]

    def asked(self, query: str) -> Asked:
        """Whom a question is about, so that every memory can be asked whether it fits."""
        people = tuple(t.alternatives for t in query_terms(query) if t.word in self.terms)
        teller = not people and self._asked.search(query) is not None
        return Asked(people, teller, self._memories)

    def _about(self, row: MemoryRow) -> _About:
        parts = sentences.split(row.text)
        first = parts[0] if parts else row.text
        other, own = self._other.search(first), self._self.search(first)
        teller_first = own is not None and (other is None or own.start() < other.start())
        whole = f"{row.question} {row.text}"
        return _About(
            self._people(row, f"{row.question} {first}"), self._people(row, whole), teller_first, other is not None
        )

    def _people(self, row: MemoryRow, text: str) -> frozenset[str]:
        named = [name for name in row.people if name in text]
        return frozenset(index_terms(" ".join((text, *kin.keywords(text, named, self._relations))))) & self.terms


def _any_of(words: Iterable[str], whole: bool = True) -> str:
    """A pattern for any of the words, the longest first; English ones only as whole words."""
    known = sorted(set(words), key=lambda word: (-len(word), word))
    mark = r"\b" if whole else ""
    return "|".join(f"{mark}{re.escape(w)}{mark}" if w.isascii() else re.escape(w) for w in known)
