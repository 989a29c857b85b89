"""The head and the breath. Pure and seeded: smooth noise, nods on stressed words, small nods while listening.

The loudness of speech drives the head in its 1-2 Hz band; all angles together stay within 3 degrees. Breathing is
12-16 a minute.
"""

from __future__ import annotations

import math
import random

import numpy as np

from device.face.coarticulation import VOWELS
from device.face.curves import Crossfade, Vector, noise, pulse
from device.link import Speak

LIMIT = 3.0
"""Degrees that no angle exceeds."""
BREATHS = 14.0
"""A minute, on average."""
LAUGH_S, LAUGHS = 0.21, 6
"""Period of laughter's notes (Provine, "Laughter", American Scientist 84, 1996), and how many shake the head."""
BEAT_GAP = 0.5
"""s at least between two stressed words that move the head."""


def stresses(speak: Speak) -> list[tuple[float, float]]:
    """The clause's stressed vowels as (absolute time of the middle, strength 0..1), at least BEAT_GAP apart.

    A vowel counts by weight and length; only those above the clause's own mean do."""
    vowels = [
        (speak.t0 + 0.5 * (start + end), weight * min(1.0, (end - start) / 0.18))
        for shape, start, end, weight in speak.visemes
        if shape in VOWELS and end > start
    ]
    if not vowels:
        return []
    mean = sum(score for _, score in vowels) / len(vowels)
    chosen: list[tuple[float, float]] = []
    for t, score in sorted(vowels, key=lambda v: -v[1]):
        if score >= mean and all(abs(t - other) >= BEAT_GAP for other, _ in chosen):
            chosen.append((t, min(score, 1.0)))
    return sorted(chosen)


class Head:
    """Angles in degrees as (yaw, pitch, roll), and the brows' share in a stress."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random(seed)
        self._posture = Crossfade(np.zeros(3, np.float32))
        self._nods: list[tuple[float, float, float, float]] = []
        self._listening: float | None = None

    def speak(self, speak: Speak, told: float) -> None:
        """A clause: a new posture for it, and a nod on some stressed words (what is past when told is let be)."""
        r = self._random
        turn = np.array([r.uniform(-0.9, 0.9), r.uniform(-0.4, 0.4), r.uniform(-0.8, 0.8)], np.float32)
        self._posture.move(max(told, speak.t0 - 0.2), r.uniform(0.8, 1.2), turn)
        for t, strength in stresses(speak):
            start = t - 0.22
            if start > told and r.random() < 0.75:
                brow = strength * r.uniform(0.1, 0.32) if r.random() < 0.5 else 0.0
                self._nods.append((start, r.uniform(0.5, 0.75), strength * r.uniform(0.5, 1.3), brow))

    def laugh(self, t0: float) -> None:
        """It is shaken by laughter from `t0` on, ever less."""
        back = self._random.uniform(0.5, 0.9)
        self._nods.append((t0, LAUGH_S * LAUGHS, -1.6 * back, 0.25))  # thrown back a little meanwhile
        self._nods += [(t0 + LAUGH_S * i, LAUGH_S, back * 0.8**i, 0.0) for i in range(LAUGHS)]

    def hush(self, t: float) -> None:
        """Nods that have not begun are not made."""
        self._nods = [nod for nod in self._nods if nod[0] <= t]

    def listen(self, listening: bool, t: float) -> None:
        """Whether to nod now and then at what is being said."""
        self._listening = t + self._random.uniform(1.5, 3.5) if listening else None

    def at(self, t: float, liveliness: float) -> tuple[Vector, float]:
        """((yaw, pitch, roll) before the gaze's share, brow raise 0..1). `liveliness` 0..1 scales the noise."""
        while self._listening is not None and self._listening <= t:
            self._nod_along(self._listening)
        self._nods = [nod for nod in self._nods if nod[0] + nod[1] > t]
        down = sum(amount * pulse(t, start, seconds) for start, seconds, amount, _ in self._nods)
        brow = max((raised * pulse(t, start - 0.06, seconds) for start, seconds, _, raised in self._nods), default=0.0)
        drift = np.array([self._drift(axis, t) * size for axis, size in enumerate((2.2, 1.5, 1.3))], np.float32)
        angles = drift * np.float32(liveliness) + self._posture.at(t)
        angles[1] += down
        return angles, brow

    def settle(self, t: float) -> None:
        """Back to the photograph's own posture when a turn is over."""
        self._posture.move(t, 1.4, np.zeros(3, np.float32))

    def _drift(self, axis: int, t: float) -> float:
        seed = self._seed * 7 + axis
        return 0.7 * noise(seed, t, 2.9) + 0.3 * noise(seed + 101, t, 1.1)

    def _nod_along(self, t: float) -> None:
        r = self._random
        size, seconds = r.uniform(0.7, 1.4), r.uniform(0.5, 0.7)
        for i in range(r.choice((1, 1, 2, 2, 3))):
            self._nods.append((t + 0.8 * seconds * i, seconds, size * 0.75**i, 0.0))
        self._listening = t + 1.5 + r.lognormvariate(1.1, 0.5)


def within(angles: Vector) -> Vector:
    """Angles bent softly so that none passes LIMIT."""
    return np.asarray(LIMIT * np.tanh(angles / LIMIT), np.float32)


def breath(seed: int, t: float) -> float:
    """0 empty .. 1 full: in for 40 % of the cycle, out for 60 %, the cycle wandering between 12 and 16 a minute."""
    spacing = 15.0
    wander = 2.0 / 60.0 * spacing / 2.0 * 0.95  # cycles; the noise's slope is at most 2 / spacing
    phase = (BREATHS / 60.0 * t + wander * noise(seed + 977, t, spacing)) % 1.0
    x = phase / 0.4 if phase < 0.4 else 1.0 - (phase - 0.4) / 0.6
    return 0.5 - 0.5 * math.cos(math.pi * x)
