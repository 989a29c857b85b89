"""Levels of what the microphone delivers: one channel out of several, dead channels, clipping. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm

DEAD_RATIO = 1e-4
"""A channel with less than this share of the louder one's power (-40 dB) is not connected."""
QUIET_POWER = 1e-7
"""Mean square (-70 dBFS) below which nothing can be said about a channel."""
MEMORY_S = 1.0
"""s over which the channels' power is averaged."""
CLIP_LEVEL = 0.999
"""Full scale, within the rounding of 8 to 32 bits."""
CLIP_RUN = 3
"""Samples at full scale in a row: one or two may be a real peak, a flat top is not."""


class Downmix:
    """Several channels to one: the mean of those that are alive, judged over the last second."""

    def __init__(self) -> None:
        self._power: NDArray[np.float64] | None = None

    def __call__(self, frames: Pcm, rate: int) -> Pcm:
        """Shape (samples, channels) at `rate` Hz -> (samples,)."""
        if frames.shape[1] == 1 or len(frames) == 0:
            return frames[:, 0]
        power = np.mean(np.square(frames, dtype=np.float64), axis=0)
        if self._power is None:
            self._power = power
        else:
            keep = float(np.exp(-len(frames) / (MEMORY_S * rate)))
            self._power = keep * self._power + (1 - keep) * power
        return np.asarray(frames[:, self.alive()].mean(axis=1), np.float32)

    def alive(self) -> NDArray[np.bool_]:
        """Which channels carry sound, shape (channels,); all of them before anything was heard."""
        if self._power is None:
            raise ValueError("no frames yet")
        loudest = float(self._power.max())
        if loudest < QUIET_POWER:
            return np.ones(len(self._power), np.bool_)
        return np.asarray(self._power >= DEAD_RATIO * loudest, np.bool_)


def clipped(pcm: Pcm) -> int:
    """Number of samples that lie in flat tops at full scale."""
    full = (np.abs(pcm) >= CLIP_LEVEL).astype(np.int8)
    edges = np.flatnonzero(np.diff(full, prepend=0, append=0))
    runs = edges[1::2] - edges[::2]
    return int(runs[runs >= CLIP_RUN].sum())


class ClipWatch:
    """Notices a microphone that is set too loud: over 0.1 % of a second's samples in flat tops."""

    SHARE = 1e-3

    def __init__(self) -> None:
        self._samples = 0
        self._clipped = 0

    def step(self, pcm: Pcm) -> bool:
        """The next samples at MIC_RATE or more -> whether the second that they end was clipped."""
        self._samples += len(pcm)
        self._clipped += clipped(pcm)
        if self._samples < MIC_RATE:
            return False
        too_loud = self._clipped > self.SHARE * self._samples
        self._samples = self._clipped = 0
        return too_loud
