"""The ears' ports without hardware or models: each does what its contract says, from what the test tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from device.ports import BLOCK, MIC_RATE, Block, Pcm, Transcript


class FakeMicrophone:
    """Delivers given sound as blocks, as fast as they are read, and ends."""

    def __init__(self, pcm: Pcm, begin: float = 0.0) -> None:
        """`begin`: s, when its first sample was in the air."""
        self._pcm = np.pad(pcm, (0, -len(pcm) % BLOCK))
        self._begin = begin
        self._number = 0
        self._closed = False

    def read(self) -> Block | None:
        start = self._number * BLOCK
        if self._closed or start >= len(self._pcm):
            return None
        self._number += 1
        return Block(np.asarray(self._pcm[start : start + BLOCK], np.float32), self._begin + start / MIC_RATE)

    def close(self) -> None:
        self._closed = True


class FakeSpeechDetector:
    """Takes whatever is louder than -40 dBFS for speech."""

    def feed(self, pcm: Pcm) -> float:
        return 1.0 if float(np.mean(np.square(pcm))) > 1e-4 else 0.0

    def reset(self) -> None:
        """It remembers nothing."""


class FakeTurnEnd:
    """Gives the answers that it was given, the last one for ever."""

    def __init__(self, answers: Iterable[float] = (1.0,)) -> None:
        self._answers = list(answers)
        self.heard: list[int] = []
        """Lengths of the utterances it was asked about, samples."""

    def probability(self, utterance: Pcm) -> float:
        self.heard.append(len(utterance))
        if len(utterance) == 0:
            return 0.0
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class FakeTranscriber:
    """Understands what it was told that it would hear; nothing in silence."""

    def __init__(
        self,
        texts: Iterable[str] = ("hello",),
        language: str = "en",
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """`meanwhile` is called while it is at work: it may wait, or raise what an engine raises."""
        self._texts = list(texts)
        self._meanwhile = meanwhile
        self._language = language
        self.heard: list[int] = []
        """Lengths of the utterances it was given, samples."""

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript:
        self.heard.append(len(utterance))
        self._meanwhile()
        if len(utterance) == 0 or float(np.abs(utterance).max()) < 1e-3:
            return Transcript("", languages[0], 0.0)
        text = self._next()
        return Transcript(text, self._language if self._language in languages else languages[0], 0.9)

    def likeness(self, utterance: Pcm, phrase: str) -> float:
        """As likely as not where it would write the phrase, and never where it would not."""
        if len(utterance) == 0 or float(np.abs(utterance).max()) < 1e-3:
            return -np.inf
        said, wanted = ("".join(filter(str.isalpha, text.casefold())) for text in (self._next(), phrase))
        return 0.0 if said.startswith(wanted) else -99.0

    def _next(self) -> str:
        return self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
