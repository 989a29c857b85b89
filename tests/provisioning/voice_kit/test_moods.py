"""Moods against the voice's own middle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioning.voice_kit.moods import Delivery, moods

MIDDLE = [Delivery(120 + n % 3, 6 + 0.2 * (n % 4), 0.3 * (n % 3), 4.5 + 0.1 * (n % 3)) for n in range(12)]


def mood(d: Delivery) -> str:
    return moods([*MIDDLE, d])[-1]


def test_directions_that_are_known() -> None:
    assert mood(Delivery(150, 9, 3, 5.0)) == "glad"
    assert mood(Delivery(104, 3.5, -4, 3.4)) == "sad"
    assert mood(Delivery(121, 8.5, 2, 5.6)) == "lively"
    assert mood(Delivery(119, 5.8, -6, 4.4)) == "quiet"
    assert mood(Delivery(121, 6.2, 0, 4.6)) == "calm"


def test_a_deep_and_a_high_voice_are_judged_by_themselves() -> None:
    high = [Delivery(2 * d.pitch_hz, d.range_st, d.level_db - 20, d.rate) for d in MIDDLE]
    assert set(moods(high)) == set(moods(MIDDLE))


def test_few_passages_have_no_middle() -> None:
    assert moods([Delivery(100, 5, 0, 4), Delivery(200, 9, 5, 6)]) == ["calm", "calm"]


@given(st.lists(st.builds(Delivery, st.floats(0, 600), st.floats(0, 30), st.floats(-90, 20), st.floats(0, 12))))
def test_anything_has_one(delivered: list[Delivery]) -> None:
    assert len(moods(delivered)) == len(delivered)
