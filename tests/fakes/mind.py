"""The mind's ports without models: they say and find what the test tells them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from device.conversation import events as ev
from device.mind.embedding import DIMENSIONS, Vectors
from device.mind.words import index_terms
from device.ports import Cancelled, Hit, Transcript


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


class FakeMind:
    """Answers every question with the same clauses, from a memory called "tea"."""

    def __init__(
        self, clauses: Sequence[str] = ("Sit down,", "and tell me."), meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """`meanwhile` is called when an answer has begun: it may wait, or raise what an engine raises."""
        self._clauses = clauses
        self._meanwhile = meanwhile
        self.asked: list[str] = []
        self.order = ""
        """What every answer does besides."""
        self.remembered: list[tuple[str, str, str]] = []
        """What was heard, what was said, the language."""

    def answer(self, turn: int, transcript: Transcript, post: Callable[[ev.Event], None], cancelled: Cancelled) -> None:
        self.asked.append(transcript.text)
        post(ev.AnswerBegan(turn, "fact", ("tea",), False, 0.0, self.order))
        self._meanwhile()
        for index, text in enumerate(self._clauses):
            if cancelled():
                return
            post(ev.ClauseReady(turn, index, text, transcript.language, 0.0))
        post(ev.AnswerEnded(turn, len(self._clauses), 0.0))

    def look_at(self, file: str, t: float) -> None:
        self.seen = file

    def remember(self, heard: str, said: str, language: str) -> None:
        self.remembered.append((heard, said, language))
