"""The mind's ports without models: they say and find what the test tells them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from device.mind.embedding import DIMENSIONS, Vectors
from device.mind.words import index_terms
from device.ports import Cancelled, Hit


class FakeLanguageModel:
    """Answers every prompt with `says`, a character at a time."""

    def __init__(self, says: str = "Sit down, and tell me.") -> None:
        self.says = says
        self.prefix = ""
        self.prompts: list[str] = []

    def set_prefix(self, prefix: str) -> None:
        self.prefix = prefix

    def generate(self, prompt: str, *, max_tokens: int, stop: Sequence[str], cancelled: Cancelled) -> Iterator[str]:
        self.prompts.append(prompt)
        ends = [at for s in stop if (at := self.says.find(s)) >= 0]
        for character in self.says[: min(ends, default=len(self.says))][:max_tokens]:
            if cancelled():
                return
            yield character

    def close(self) -> None:
        """Nothing to free."""


class FakeMemory:
    """Finds the memories listed under the first of its keys that stands in the question."""

    def __init__(self, found: Mapping[str, Sequence[Hit]]) -> None:
        self._found = found
        self.queries: list[str] = []

    def search(self, query: str, language: str, limit: int) -> list[Hit]:
        self.queries.append(query)
        for key, hits in self._found.items():
            if query.strip() and key.lower() in query.lower():
                return list(hits)[:limit]
        return []

    def close(self) -> None:
        """Nothing to free."""


class FakeEmbedder:
    """Likeness by shared words: each word is a fixed random direction."""

    name = "words"

    def query(self, text: str) -> Vectors:
        return np.asarray(self.passages([text])[0], np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            for term in ["", *index_terms(text)]:
                vectors[row] += np.random.default_rng(zlib.crc32(term.encode())).normal(size=DIMENSIONS)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
