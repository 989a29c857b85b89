"""Percentiles, and confidence intervals for shares, rates and quantiles. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np

Z_95 = 1.959964
"""Of the normal distribution, for an interval of 95 %."""


def wilson(hits: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """Interval for a share (Wilson 1927); 0 to 1 where nothing was tried."""
    if of <= 0:
        return 0.0, 1.0
    share = hits / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return max(0.0, min(share, (middle - half) / whole)), min(1.0, max(share, (middle + half) / whole))


def poisson(events: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval for the expected number where `events` were counted (Garwood 1936)."""
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _solve(lambda mean: 1 - _at_most(events - 1, mean), tail, events)
    high = _solve(lambda mean: -_at_most(events, mean), -tail, events)
    return low, high


def _at_most(events: int, mean: float) -> float:
    """Probability of at most `events` where `mean` are expected."""
    if mean == 0:
        return 1.0
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(events + 1))
    return math.fsum(math.exp(log) for log in logs)


def _solve(rising: Callable[[float], float], target: float, events: int) -> float:
    """The mean where a function that rises with it reaches `target`, by bisection."""
    low, high = 0.0, events + 10.0 + 10.0 * math.sqrt(events + 1.0)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def percentiles(values: Sequence[float | None]) -> dict[str, float | None]:
    """p50, p95 and the range of what was measured; None where nothing was."""
    known = np.array([v for v in values if v is not None])
    if not len(known):
        return {"p50": None, "p95": None, "min": None, "max": None}
    p50, p95 = np.percentile(known, [50, 95])
    return {k: round(float(v), 1) for k, v in (("p50", p50), ("p95", p95), ("min", known.min()), ("max", known.max()))}


def quantile_interval(values: Sequence[float], share: float, confidence: float = 0.95) -> tuple[float, float]:
    """Interval for a quantile without any assumption on the distribution, from order statistics (Conover 1999, 3.2):
    how many values lie below the quantile is binomial. With few values it ends at the least or the greatest."""
    ordered, tail = sorted(values), (1 - confidence) / 2
    below = list(accumulate(_binomial(k, len(ordered), share) for k in range(len(ordered) + 1)))
    low = sum(p <= tail for p in below)
    high = sum(p < 1 - tail for p in below)
    return ordered[max(0, low - 1)], ordered[min(high, len(ordered) - 1)]


def _binomial(k: int, n: int, share: float) -> float:
    return math.comb(n, k) * share**k * (1 - share) ** (n - k)
