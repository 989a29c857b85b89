"""Searching a persona's memories: full text and vectors together, and a judgement whether the best memory suffices."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.mind import memory_file
from device.mind.embedding import Embedder, SmallE5
from device.mind.lexicon import GENERIC, GENERIC_WEIGHT
from device.mind.memory_file import MemoryRow
from device.mind.subject import Subjects
from device.mind.sufficiency import CROSS_LANGUAGE_SHARE, Signals, support
from device.mind.words import Term, index_terms, query_terms, simplified, stem
from device.ports import Hit

CANDIDATES = 40
"""Memories that each of the two searches proposes."""

COLUMN_WEIGHTS = (1.0, 0.7, 1.5)
"""BM25's weights for a memory's words, its keywords (people, place, kinship) and the question it answers."""

SYNONYM = 0.7
"""What a synonym counts for, against the word itself."""

PERSON_WEIGHT = 1.0
"""What a person weighs among the words of a question: little, since whom it is about is judged apart."""

SUBJECT_WEIGHT = 2.0
"""What being about whom the question asks about counts for, in standard deviations of likeness."""

SHARE_WEIGHT = 4.0
"""What a wholly covered question counts for, in standard deviations of likeness."""

RANK_WEIGHT, RANK_OFFSET = 10.0, 20
"""BM25's ranking adds RANK_WEIGHT / (RANK_OFFSET + rank), the form of reciprocal rank fusion (Cormack, Clarke,
Buettcher 2009)."""

GENERIC_STEMS = frozenset(map(stem, GENERIC))


@dataclass(frozen=True, slots=True)
class _Found:
    """What both searches say about the candidates of one question; likeness in standard deviations above the
    average."""

    ranks: dict[str, int]
    likeness: dict[str, float]
    shares: dict[str, float]
    subjects: dict[str, float]

    def score(self, id: str) -> float:
        rank = self.ranks.get(id, CANDIDATES)
        covered = SHARE_WEIGHT * self.shares[id] + SUBJECT_WEIGHT * self.subjects[id]
        return self.likeness[id] + covered + RANK_WEIGHT / (RANK_OFFSET + rank)

    def signals(self, id: str) -> Signals:
        agreement = 1.0 if self.ranks.get(id) == 0 else 0.0
        return Signals(self.shares[id], self.likeness[id], agreement, self.subjects[id])


class SqliteMemory:
    """The memories in one file; one thread at a time may search."""

    def __init__(self, path: Path, embedder: Embedder | None = None) -> None:
        """Opens the file for reading. Raises Missing or BadInput."""
        self._embedder = embedder or SmallE5()
        self._connection = memory_file.connect(path)
        try:
            self._rows = memory_file.read_rows(self._connection)
            self._keywords = memory_file.read_keywords(self._connection)
            owners, _, self._vectors = memory_file.read_vectors(self._connection)
            (made_with,) = self._connection.execute("select value from meta where key = 'embedder'").fetchone()
        except (sqlite3.DatabaseError, TypeError, ValueError) as error:
            raise BadInput(
                str(path), expected="a persona's memory", got=str(error), hint="build the persona again"
            ) from None
        if made_with != self._embedder.name:
            expected = f"vectors of {self._embedder.name}"
            raise BadInput(str(path), expected=expected, got=f"vectors of {made_with}", hint="build the persona again")
        self._numbers: dict[str, dict[str, int]] = {}
        for number, row in enumerate(self._rows, 1):
            self._numbers.setdefault(row.id, {})[row.language] = number
        self._ids = list(self._numbers)
        places = {id: at for at, id in enumerate(self._ids)}
        self._owners = np.array([places[self._rows[owner - 1].id] for owner in owners], np.int64)
        self._terms: dict[int, frozenset[str]] = {}
        self._subjects = Subjects(self._rows)

    @property
    def rows(self) -> list[MemoryRow]:
        """All memories, in the order they were written."""
        return list(self._rows)

    def search(self, query: str, language: str, limit: int) -> list[Hit]:
        """See `ports.Memory`."""
        return [hit for hit, _ in self.explain(query, language, limit)]

    def explain(self, query: str, language: str, limit: int) -> list[tuple[Hit, Signals]]:
        """The same with what `support` was computed from, for calibration."""
        if not query.strip() or not self._rows:
            return []
        terms = query_terms(query)
        weights = {term.word: self._weight(term.word) for term in terms}
        ranks = self._by_words(terms)
        likeness = self._by_meaning(query)
        likest = sorted(likeness, key=lambda id: -likeness[id])[:CANDIDATES]
        candidates = list(dict.fromkeys((*ranks, *likest)))
        shares = {id: self._share(id, terms, weights, language) for id in candidates}
        found = _Found(ranks, likeness, shares, self._fits(query, candidates, language))
        best = sorted(candidates, key=lambda id: (-found.score(id), id))[:limit]
        return [(self._hit(id, found, language), found.signals(id)) for id in best]

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    # --- the two searches ---

    def _by_words(self, terms: list[Term]) -> dict[str, int]:
        """Memory ids with their place, from 0, among BM25's results."""
        alternatives = sorted({a for term in terms for a in term.alternatives})
        if not alternatives:
            return {}
        match = " OR ".join(f'"{a}"' for a in alternatives)
        found = self._connection.execute(
            "select rowid from memory_index where memory_index match ? order by bm25(memory_index, ?, ?, ?) limit ?",
            (match, *COLUMN_WEIGHTS, CANDIDATES),
        )
        ids = dict.fromkeys(self._rows[number - 1].id for (number,) in found)
        return {id: rank for rank, id in enumerate(ids)}

    def _by_meaning(self, query: str) -> dict[str, float]:
        """Every memory's likeness, that of the likest of its sentences and its whole, in whatever language."""
        plain = simplified(query)
        asked = query if plain == query.lower() else plain
        cosine: NDArray[np.float32] = self._vectors @ self._embedder.query(asked)
        values = np.full(len(self._ids), -1.0, np.float32)
        np.maximum.at(values, self._owners, cosine)
        normal = (values - values.mean()) / max(float(values.std()), 1e-6)
        return dict(zip(self._ids, normal.tolist(), strict=True))

    # --- how much of the question a memory covers ---

    def _weight(self, word: str) -> float:
        """Inverse document frequency (Robertson and Sparck Jones 1976, smoothed): what few memories hold weighs
        more."""
        (frequency,) = self._connection.execute(
            "select coalesce(max(doc), 0) from vocabulary where term = ?", (word,)
        ).fetchone()
        rarity = math.log(1 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5))
        if word in self._subjects.terms:
            return PERSON_WEIGHT
        return rarity * GENERIC_WEIGHT if word in GENERIC_STEMS else rarity

    def _fits(self, query: str, candidates: list[str], language: str) -> dict[str, float]:
        """-1..1: whether each memory is about whom the question asks about."""
        asked = self._subjects.asked(query)
        told = {id: self._numbers[id].get(language) or next(iter(self._numbers[id].values())) for id in candidates}
        return {id: asked.fits(number - 1) for id, number in told.items()}

    def _share(self, id: str, terms: list[Term], weights: dict[str, float], language: str) -> float:
        """0..1: the weight of the question's terms that stand in the memory, of the weight of all of them."""
        total = sum(weights.values())
        if language not in self._numbers[id]:
            return CROSS_LANGUAGE_SHARE
        if total <= 0:
            return 0.0
        number = self._numbers[id][language]
        present = self._terms_of(number)
        covered = sum(
            weights[t.word] * (1.0 if t.word in present else SYNONYM) for t in terms if t.alternatives & present
        )
        return covered / total

    def _terms_of(self, number: int) -> frozenset[str]:
        if number not in self._terms:
            row = self._rows[number - 1]
            self._terms[number] = frozenset(index_terms(f"{row.text} {row.question} {self._keywords[number - 1]}"))
        return self._terms[number]

    def _hit(self, id: str, found: _Found, language: str) -> Hit:
        told = self._numbers[id]
        row = self._rows[(told.get(language) or next(iter(told.values()))) - 1]
        return Hit(id, row.text, row.language, found.score(id), support(found.signals(id)))


def create(path: Path, **settings: Any) -> SqliteMemory:
    """The registry's factory: the persona's memory.sqlite."""
    return SqliteMemory(path, **settings)
