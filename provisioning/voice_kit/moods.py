"""In what mood a passage is spoken, against the voice's own middle: calm, glad, sad, lively or quiet. Pure.

By pitch, how far it moves, loudness and pace, whose directions in acted and natural speech are known (Juslin & Laukka
2003, "Communication of emotions in vocal expression and music performance": joy is higher, livelier, louder and faster,
sadness lower, flatter, softer and slower). It tells how something sounds, not what was felt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 6
"""Passages of a voice under which it has no middle yet."""
SMALLEST = (1.0, 1.5, 2.0, 0.12)
"""Spreads below which a difference is not one: semitones, semitones, dB, share of the pace."""
STYLE_S = (3.0, 5.0)
"""s of the clips that stand for a mood."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one passage is spoken."""

    pitch_hz: float
    range_st: float
    level_db: float
    """Against its recording's own middle"""
    rate: float
    """Syllables a second"""


def moods(delivered: Sequence[Delivery]) -> list[str]:
    """The mood of each of a voice's passages."""
    if len(delivered) < LEAST:
        return ["calm"] * len(delivered)
    table = np.array([_row(d) for d in delivered])
    middle = np.median(table, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(table - middle), axis=0), SMALLEST)
    return [_mood(row) for row in (table - middle) / spread]


def _row(d: Delivery) -> tuple[float, float, float, float]:
    return 12 * float(np.log2(max(d.pitch_hz, 1.0))), d.range_st, d.level_db, float(np.log(max(d.rate, 0.1)))


def _mood(z: NDArray[np.float64]) -> str:
    pitch, melody, level, pace = (float(v) for v in z)
    if level <= -1.0 and pitch < 1.0 and melody < 1.0:
        return "sad" if pitch <= -0.5 and pace <= -0.5 else "quiet"
    if pitch <= -0.7 and pace <= -0.5 and melody <= 0.0:
        return "sad"
    if pitch >= 0.8 and melody >= 0.3 and level >= -0.5:
        return "glad"
    if pace + melody >= 1.6 and level >= -0.5:
        return "lively"
    return "calm"
