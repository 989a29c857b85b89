"""Telling voices apart by their vectors; the vectors are made up, their likenesses are real ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provisioning.voice_kit import voices
from provisioning.voice_kit.vectors import Vector, unit


def person(seed: int) -> Vector:
    """Two of them have a likeness of about 0.6, as different people have."""
    common = np.random.default_rng(99).normal(size=256)
    return unit(np.asarray(common * 1.2 + np.random.default_rng(seed).normal(size=256), np.float32))


def sayings(who: int, count: int, spread: float = 0.5) -> list[tuple[float, ...]]:
    """One person's passages, whose likeness is about 0.8."""
    random = np.random.default_rng(who + 1000)
    own = person(who)
    made = [unit(np.asarray(own + spread / 16 * random.normal(size=256), np.float32)) for _ in range(count)]
    return [tuple(map(float, v)) for v in made]


def test_three_people_are_three_voices_the_one_who_speaks_most_first() -> None:
    vectors = [*sayings(1, 3), *sayings(2, 6), *sayings(3, 4)]
    labels = voices.group(vectors, [2.0] * 13)
    assert labels == [2] * 3 + [0] * 6 + [1] * 4


def test_short_passages_join_a_voice_and_found_none() -> None:
    vectors = [*sayings(1, 4), *sayings(2, 4), *sayings(1, 1, 0.9)]
    labels = voices.group(vectors, [3.0] * 4 + [2.0] * 4 + [0.6])
    assert labels[-1] == labels[0] == 0
    assert max(labels) == 1


def test_what_has_no_vector_has_no_voice() -> None:
    assert voices.group([(), *sayings(1, 2)], [0.2, 2.0, 2.0]) == [-1, 0, 0]
    assert voices.group([], []) == []
    assert voices.group([()], [0.2]) == [-1]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12))
def test_the_order_of_passages_changes_nothing_but_numbers(who: list[int]) -> None:
    vectors = [
        sayings(n, 1 + at, 0.35)[at] for at, n in enumerate(who)
    ]  # about 0.9 alike: no pair by chance below SAME
    labels = voices.group(vectors, [2.0] * len(who))
    for one, a in enumerate(who):
        for other, b in enumerate(who):
            assert (labels[one] == labels[other]) == (a == b)


def test_a_change_of_voice_is_found_at_the_pause_where_it_is() -> None:
    one, other = np.array(sayings(1, 10)), np.array(sayings(2, 10))
    parts = np.concatenate([one, other]).astype(np.float32)
    middles = [0.8 + 0.4 * n for n in range(20)]
    assert voices.turns(parts, middles, [2.5, 4.7, 7.0]) == [4.7]
    assert voices.turns(one.astype(np.float32), middles[:10], [2.5]) == []
