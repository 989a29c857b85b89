"""An echo canceller that learns one gain for one known delay."""

from __future__ import annotations

import numpy as np

from device.ports import Pcm


class FakeEchoCanceller:
    """Behind the port EchoCanceller: takes out the reference, `delay` samples late, with the gain that fits best so
    far; a room without walls needs no more."""

    def __init__(self, delay: int = 0) -> None:
        self._delay = delay
        self.resets = -1
        self.processed = 0
        """Blocks."""
        self.reset()

    def process(self, near: Pcm, far: Pcm) -> Pcm:
        self.processed += 1
        joined = np.concatenate([self._past, far])
        self._past = joined[len(joined) - self._delay :]
        late = joined[: len(far)].astype(np.float64)
        self._energy += float(late @ late)
        self._common += float(late @ near)
        gain = self._common / self._energy if self._energy > 0 else 0.0
        return np.asarray(np.clip(near - gain * late, -1.0, 1.0), np.float32)

    def reset(self) -> None:
        self.resets += 1
        self._past = np.zeros(self._delay, np.float32)
        self._energy = self._common = 0.0
