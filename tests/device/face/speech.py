"""Made-up clauses for the face's tests."""

from __future__ import annotations

import numpy as np

from device.link import Speak

SHAPES = ["PP", "aa", "DD", "E", "nn", "kk", "O", "SS", "I", "FF", "U", "RR", "aa", "CH"]


def clause(
    t0: float, count: int = 20, seed: int = 0, turn: int = 1, index: int = 0, text: str = "one two three"
) -> Speak:
    """`count` random visemes of 50-160 ms from `t0` on."""
    random = np.random.default_rng(seed)
    t, visemes = 0.05, []
    for _ in range(count):
        seconds = float(random.uniform(0.05, 0.16))
        visemes.append((SHAPES[random.integers(len(SHAPES))], t, t + seconds, float(random.uniform(0.6, 1.0))))
        t += seconds
    return Speak(turn, index, t0, t + 0.05, tuple(visemes), text, "en")
