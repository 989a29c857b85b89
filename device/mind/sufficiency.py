"""Does the best memory answer the question at all? A small logistic model over what the search knows. Pure.

The raw likeness of an embedding cannot tell: unanswerable questions reach nearly the likeness of answerable ones.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

THRESHOLD = 0.45
"""Support from which a question is answered."""
SMALLTALK_THRESHOLD = 0.7
"""The same for what was no question: it takes more to answer a remark with a memory."""
CROSS_LANGUAGE_SHARE = 0.5
"""Share of words that is assumed of a memory told only in another language, where words cannot be compared."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about one memory as the answer to one question."""

    share: float
    """0..1: weight of the question's words found in it"""
    likeness: float
    """Standard deviations of its likeness above that of an average memory"""
    agreement: float
    """1 where the search by words puts it first too"""
    subject: float = 0.0
    """1 where it is about whom the question asks about, -1 where it is about somebody else, 0 where that is open"""


SOMEBODY_ELSE = 0.3
"""Support at most of a memory about another person than the question is: "I do not remember" is the better answer."""

COEFFICIENTS = (4.72, 0.91, 1.07, 0.61)
INTERCEPT = -5.92
"""Fitted by ridge logistic regression on tests/scenarios/calibration_questions.toml (155 questions to the demo
persona, English
and Chinese; the label is whether the first memory is one of those that answer). `tests/scenarios/evaluate_memory.py`
fits them anew."""


def support(signals: Signals) -> float:
    """0..1, about how likely the memory answers the question."""
    total = INTERCEPT + sum(c * v for c, v in zip(COEFFICIENTS, astuple(signals), strict=True))
    likely = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    return likely if signals.subject >= 0 else min(likely, SOMEBODY_ELSE)
