"""Searching a persona's memories: full text and vectors, their ranks fused, and a judgement whether the best suffices."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.mind import memory_file, sufficiency
from device.mind.embedding import Embedder, SmallE5
from device.mind.lexicon import KIN
from device.mind.memory_file import MemoryRow
from device.mind.sufficiency import Signals
from device.mind.words import Term, index_terms, query_terms
from device.ports import Hit

CANDIDATES = 40
"""Memories that each of the two searches proposes."""

RANK_OFFSET = 20
"""k of reciprocal rank fusion, 1 / (k + rank): Cormack, Clarke and Buettcher 2009; 60 there, for far larger collections."""

COLUMN_WEIGHTS = (1.0, 0.7, 1.5)
"""BM25's weights for a memory's words, its keywords (people, place, kinship) and the question it answers."""

PERSON_WEIGHT = 3.0
"""A person in the question weighs at least this, however often they are told of: what happened to somebody else is no answer."""

SYNONYM = 0.7
"""What a synonym counts for, against the word itself."""


A=3.0;B=0.0
@dataclass(frozen=True, slots=True)
class _Dense:
    """The likeness of a question to every memory, in any language."""

    cosine: dict[str, float]
    mean: float
    deviation: float

    def z(self, id: str) -> float:
        """Likeness in standard deviations above that of an average memory."""
        return (self.cosine.get(id, self.mean) - self.mean) / self.deviation


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
            raise BadInput(str(path), expected="a persona's memory", got=str(error), hint="build the persona again") from None
        if made_with != self._embedder.name:
            raise BadInput(str(path), expected=f"vectors of {self._embedder.name}", got=f"vectors of {made_with}",
                           hint="build the persona again")
        self._numbers: dict[str, dict[str, int]] = {}
        for number, row in enumerate(self._rows, 1):
            self._numbers.setdefault(row.id, {})[row.language] = number
        self._ids = list(self._numbers)
        places = {id: at for at, id in enumerate(self._ids)}
        self._owners = np.array([places[self._rows[owner - 1].id] for owner in owners], np.int64)
        self._terms: dict[int, frozenset[str]] = {}
        self._persons = frozenset(index_terms(" ".join((*KIN, *(p for row in self._rows for p in row.people)))))

    @property
    def rows(self) -> list[MemoryRow]:
        """All memories, in the order they were written."""
        return list(self._rows)

    def search(self, query: str, language: str, limit: int) -> list[Hit]:
        """See `ports.Memory`."""
        return [hit for hit, _ in self.explain(query, language, limit)]

    def explain(self, query: str, language: str, limit: int) -> list[tuple[Hit, Signals]]:
        """The same with what `support` was computed from, for calibration."""
        terms = query_terms(query)
        if not query.strip() or not self._rows:
            return []
        weights = {term.word: self._weight(term) for term in terms}
        dense = self._dense(query)
        by_words = self._by_words(terms)
        by_meaning = sorted(dense.cosine, key=lambda i: -dense.cosine[i])[:CANDIDATES]
        shares = {id: self._share(id, terms, weights, language) for id in {*by_words, *by_meaning}}
        fused = self._fuse(by_words, by_meaning, shares, dense)
        best = sorted(fused, key=lambda i: -fused[i])[: max(limit, 2)]
        return [self._hit(id, fused, best, dense, shares, by_words, language) for id in best[:limit]]

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    # --- the two searches ---

    def _by_words(self, terms: list[Term]) -> list[str]:
        """Memory ids by BM25, best first."""
        alternatives = sorted({a for term in terms for a in term.alternatives})
        if not alternatives:
            return []
        match = " OR ".join(f'"{a}"' for a in alternatives)
        found = self._connection.execute(
            "select rowid from memory_index where memory_index match ? order by bm25(memory_index, ?, ?, ?) limit ?",
            (match, *COLUMN_WEIGHTS, CANDIDATES),
        )
        return list(dict.fromkeys(self._rows[number - 1].id for (number,) in found))

    def _dense(self, query: str) -> _Dense:
        """A memory is as like a question as the likest of its sentences and its whole, in any language."""
        likeness: NDArray[np.float32] = self._vectors @ self._embedder.query(query)
        values = np.full(len(self._ids), -1.0, np.float32)
        np.maximum.at(values, self._owners, likeness)
        cosine = dict(zip(self._ids, values.tolist(), strict=True))
        return _Dense(cosine, float(values.mean()), max(float(values.std()), 1e-6))

    def _fuse(self, by_words: list[str], by_meaning: list[str], shares: dict[str, float], dense: _Dense) -> dict[str, float]:
        rank = {id: at for at, id in enumerate(by_words)}
        return {id: dense.z(id) + A*shares[id] + B/(RANK_OFFSET+rank.get(id,CANDIDATES)) for id in {*by_words,*by_meaning}}

    # --- how much of the question a memory covers ---

    def _weight(self, term: Term) -> float:
        """Inverse document frequency (Robertson and Sparck Jones 1976, smoothed): what few memories hold weighs more."""
        (frequency,) = self._connection.execute(
            "select coalesce(max(doc), 0) from vocabulary where term = ?", (term.word,)
        ).fetchone()
        rarity = math.log(1 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5))
        return max(rarity, PERSON_WEIGHT) if term.word in self._persons else rarity

    def _share(self, id: str, terms: list[Term], weights: dict[str, float], language: str) -> float:
        """0..1: the weight of the question's terms that stand in the memory, of the weight of all of them."""
        total = sum(weights.values())
        if total <= 0:
            return 0.0
        present = self._terms_of(id, language)
        covered = sum(weights[t.word] * (1.0 if t.word in present else SYNONYM) for t in terms if t.alternatives & present)
        return covered / total

    def _terms_of(self, id: str, language: str) -> frozenset[str]:
        number = self._numbers[id].get(language) or next(iter(self._numbers[id].values()))
        if number not in self._terms:
            row = self._rows[number - 1]
            self._terms[number] = frozenset(index_terms(f"{row.text} {row.question} {self._keywords[number - 1]}"))
        return self._terms[number]

    def _in_language(self, id: str, language: str) -> MemoryRow:
        told = self._numbers[id]
        return self._rows[(told.get(language) or next(iter(told.values()))) - 1]

    def _hit(
        self, id: str, fused: dict[str, float], best: list[str], dense: _Dense, shares: dict[str, float],
        by_words: list[str], language: str,
    ) -> tuple[Hit, Signals]:
        others = [i for i in best if i != id]
        rival = max((dense.z(i) for i in dense.cosine if i != id), default=0.0)
        signals = Signals(
            share=shares.get(id, 0.0),
            likeness=dense.z(id),
            lead=dense.z(id) - rival,
            cosine=dense.cosine[id],
            rank_gap=fused[id] - max((fused[i] for i in others), default=0.0),
            agreement=1.0 if by_words[:1] == [id] else 0.0,
            same_language=1.0 if language in self._numbers[id] else 0.0,
        )
        row = self._in_language(id, language)
        return Hit(id, row.text, row.language, fused[id], sufficiency.support(signals)), signals


def create(path: Path, **settings: Any) -> SqliteMemory:
    """The registry's factory: the persona's memory.sqlite."""
    return SqliteMemory(path, **settings)
