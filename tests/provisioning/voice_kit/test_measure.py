"""Counting what is wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioning.voice_kit.measure import Likeness, distance, units

TEXT = st.lists(st.sampled_from("abc"), max_size=8)


def test_distance_of_known_words() -> None:
    assert distance("kitten", "sitting") == 3
    assert distance("", "abc") == 3


@given(TEXT, TEXT, TEXT)
def test_distance_is_one(a: list[str], b: list[str], c: list[str]) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, c) <= distance(a, b) + distance(b, c)


def test_marks_and_capitals_do_not_count() -> None:
    assert units("你好，World！", "zh") == ["你", "好", "world"]
    assert units("Don’t stop.", "en") == ["don't", "stop"]


def test_the_way_from_a_stranger_to_the_person() -> None:
    likeness = Likeness(0.5, 0.9, {"a": 0.5, "b": 0.7, "c": 0.9})
    assert [round(likeness.share(v), 2) for v in "abc"] == [0.0, 0.5, 1.0]
