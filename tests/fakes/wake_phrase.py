"""The port `WakePhrase` without a model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from device.ports import MIC_RATE, Pcm, WakeProposal


class FakeWakePhrase:
    """Proposes its phrase wherever a loud stretch of `lasting` seconds has just ended, in the order it was given."""

    def __init__(self, phrases: Sequence[str] = ("Hello Grandpa",), lasting: tuple[float, float] = (0.3, 2.0)) -> None:
        self._phrases = list(phrases)
        self._lasting = lasting
        self._said = 0
        self.reset()

    def reset(self) -> None:
        self._fed = 0
        self._loud_since: int | None = None

    def feed(self, pcm: Pcm, speaking: bool = True) -> WakeProposal | None:
        start, self._fed = self._fed, self._fed + len(pcm)
        if not speaking:
            self._loud_since = None
            return None
        if float(np.mean(np.square(pcm))) > 1e-6:
            self._loud_since = start if self._loud_since is None else self._loud_since
            return None
        begin, self._loud_since = self._loud_since, None
        if begin is None or not self._lasting[0] <= (start - begin) / MIC_RATE <= self._lasting[1]:
            return None
        phrase = self._phrases[min(self._said, len(self._phrases) - 1)]
        self._said += 1
        return WakeProposal(phrase, 0.9, begin / MIC_RATE, start / MIC_RATE)
