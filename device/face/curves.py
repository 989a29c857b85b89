"""Curves over time that every moving part shares: eases, pulses, cross-fades and smooth noise. Pure."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

_MASK = (1 << 64) - 1


def ease(x: float) -> float:
    """0 below 0, 1 above 1, and between them the quintic with zero velocity and acceleration at both ends."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    return x * x * x * (x * (6.0 * x - 15.0) + 10.0)


def pulse(t: float, start: float, seconds: float) -> float:
    """A soft bump sin^2 of height 1 from `start` over `seconds`; 0 elsewhere."""
    x = (t - start) / seconds
    return math.sin(math.pi * x) ** 2 if 0.0 < x < 1.0 else 0.0


def knot(seed: int, index: int) -> float:
    """A fixed random number in -1..1 for each (seed, index), by the splitmix64 mixing function."""
    x = (seed * 0x9E3779B97F4A7C15 + index * 0xBF58476D1CE4E5B9 + 0x94D049BB133111EB) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((x ^ (x >> 31)) >> 11) / float(1 << 52) - 1.0


def noise(seed: int, t: float, spacing: float) -> float:
    """Band-limited noise in -1..1: a uniform cubic B-spline through random knots `spacing` s apart.

    Twice continuously differentiable, never repeats, little energy above 1/(2 spacing) Hz, slope at most 2/spacing."""
    x = t / spacing
    i = math.floor(x)
    f = x - i
    g = 1.0 - f
    return (
        knot(seed, i - 1) * g * g * g
        + knot(seed, i) * (3.0 * f * f * f - 6.0 * f * f + 4.0)
        + knot(seed, i + 1) * (3.0 * g * g * g - 6.0 * g * g + 4.0)
        + knot(seed, i + 2) * f * f * f
    ) / 6.0


class Crossfade:
    """A vector that glides to each new target and never jumps, even when the target changes on the way."""

    def __init__(self, start: Vector) -> None:
        self._base = start.astype(np.float32)
        self._moves: list[tuple[float, float, Vector]] = []

    def move(self, t: float, seconds: float, target: Vector) -> None:
        """From `t` on, glide to `target` within `seconds`. Moves are given in the order of their times."""
        self._moves.append((t, seconds, target.astype(np.float32)))

    @property
    def goal(self) -> Vector:
        """Where it will end if no other move comes."""
        return self._moves[-1][2] if self._moves else self._base

    def at(self, t: float) -> Vector:
        """The value at `t`; moves that are over are folded away, so `t` should not go back."""
        while len(self._moves) > 0 and self._moves[0][0] + self._moves[0][1] <= t:
            self._base = self._moves.pop(0)[2]
        value = self._base
        for start, seconds, target in self._moves:
            share = ease((t - start) / seconds)
            if share > 0.0:
                value = value + (target - value) * np.float32(share)
        return value
