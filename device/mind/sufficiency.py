"""Does the best memory answer the question at all? A small logistic model over what the search knows. Pure.

The raw likeness of an embedding cannot tell: unanswerable questions reach nearly the likeness of answerable ones.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about one memory as the answer to one question."""

    share: float
    """0..1: weight of the question's words found in it"""
    likeness: float
    """Standard deviations above an average memory's likeness"""
    lead: float
    """The same, above the likest other memory's"""
    cosine: float
    rank_gap: float
    """Fused score above that of the next memory"""
    agreement: float
    """1 where the search by words puts it first too"""
    same_language: float
    """1 where it is told in the question's language"""


COEFFICIENTS = (0.0,) * 7
INTERCEPT = 0.0
THRESHOLD = 0.5
SMALLTALK_THRESHOLD = 0.8


def support(signals: Signals) -> float:
    """0..1, about how likely the memory answers the question."""
    total = INTERCEPT + sum(c * v for c, v in zip(COEFFICIENTS, astuple(signals), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
