"""Does a quantity rise with time, and how surely is that known? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.bench.statistics import Z_95

LEAST = 5
"""Values below which nothing is said about a trend."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Units of the values per unit of time; None where there is too little to tell."""

    slope: float | None
    low: float | None
    high: float | None
    """Of its interval of 95 %."""


def trend(times: Sequence[float], values: Sequence[float]) -> Trend:
    """The straight line through the values, by least squares.

    One minute's memory is much like the next one's, so that the values count for fewer: n (1 - r) / (1 + r), with r the
    residuals' correlation from one to the next (Santer et al., J. Geophys. Res. 105, 2000, eq. 6)."""
    if len(times) < LEAST:
        return Trend(None, None, None)
    t, y = np.asarray(times, np.float64), np.asarray(values, np.float64)
    t = t - t.mean()
    spread = float(t @ t)
    if spread <= 0.0:
        return Trend(None, None, None)
    slope = float(t @ (y - y.mean())) / spread
    rest = y - y.mean() - slope * t
    free = _effective(rest) - 2
    if free < 1:
        return Trend(slope, None, None)
    error = float(np.sqrt(rest @ rest / free / spread)) * student_95(free)
    return Trend(slope, slope - error, slope + error)


def _effective(rest: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """How many independent values the residuals are worth."""
    power = float(rest @ rest)
    if power <= 1e-18 * len(rest):
        return float(len(rest))
    r = min(0.99, max(0.0, float(rest[1:] @ rest[:-1]) / power))
    return len(rest) * (1 - r) / (1 + r)


def student_95(free: float) -> float:
    """Two-sided 95 % point of Student's t with so many degrees of freedom, 1 or more (Abramowitz & Stegun 26.7.5; exact
    for 1, within 4 % from 2 on)."""
    if free < 2:
        return 12.706
    z = Z_95
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / free + g2 / free**2 + g3 / free**3 + g4 / free**4
