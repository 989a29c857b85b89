"""Stretches of speech from probabilities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioning.voice_kit.speech import AFTER_S, BEFORE_S, LONGEST_S, STEP_S, stretches


def steps(*parts: tuple[float, float]) -> list[float]:
    """(probability, s) after each other."""
    return [p for p, seconds in parts for _ in range(round(seconds / STEP_S))]


def test_pauses_part_and_breaths_do_not() -> None:
    speaking = steps((0.0, 1.0), (0.9, 1.0), (0.1, 0.3), (0.9, 1.0), (0.1, 1.0), (0.9, 2.0), (0.0, 1.0))
    found = stretches(speaking, len(speaking) * STEP_S)
    assert len(found) == 2
    (a, b), (c, d) = found
    assert abs(a - (1.0 - BEFORE_S)) < 0.08
    assert abs(b - (3.3 + AFTER_S)) < 0.08
    assert abs(c - (4.3 - BEFORE_S)) < 0.08
    assert abs(d - (6.3 + AFTER_S)) < 0.08


def test_a_speech_without_a_pause_is_cut_where_it_is_least() -> None:
    speaking = steps((0.9, 20.0), (0.4, 0.1), (0.9, 20.0))
    found = stretches(speaking, 40.1)
    assert len(found) == 2
    assert abs(found[0][1] - 20.1) < 0.3


@given(st.lists(st.floats(0, 1), max_size=1500))
def test_they_are_in_order_apart_and_within(speaking: list[float]) -> None:
    seconds = len(speaking) * STEP_S
    end = 0.0
    for start, stop in stretches(speaking, seconds):
        assert end <= start + 1e-9
        assert start < stop <= seconds + 1e-9
        assert stop - start <= LONGEST_S + BEFORE_S + AFTER_S
        end = stop
