"""An estimate is the work over the cores, learns from what was measured, and promises no more than that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.building.estimate import Estimate, words


def test_work_is_shared_but_one_task_is_not() -> None:
    estimate = Estimate(cores=4)
    for n in range(8):
        estimate.expect(f"small {n}", "see", 1.0)
    assert estimate.left_s() == 2.0
    estimate.expect("film", "bake", 100.0)
    assert estimate.left_s() == 100.0


def test_it_learns_what_a_kind_takes_here() -> None:
    estimate = Estimate(cores=1)
    for n in range(10):
        estimate.expect(str(n), "see", 1.0)
    estimate.finished("0", 3.0)
    assert estimate.left_s() == pytest.approx(27.0)
    estimate.finished("1", 1.0)
    assert 8 < estimate.left_s() < 24
    assert Estimate(1, estimate.factors).factors["see"] == estimate.factors["see"]


def test_what_was_kept_or_failed_teaches_nothing() -> None:
    estimate = Estimate(cores=1)
    estimate.expect("a", "see", 5.0)
    estimate.finished("a", 0.0)
    assert estimate.factors == {}
    assert estimate.left_s() == 0.0
    assert estimate.share() == 1.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.1, 100), st.floats(0, 1000)), max_size=30))
def test_the_share_stays_between_nothing_and_all(tasks: list[tuple[str, float, float]]) -> None:
    estimate = Estimate(cores=2)
    for n, (kind, expected, _) in enumerate(tasks):
        estimate.expect(str(n), kind, expected)
    for n, (_, _, took) in enumerate(tasks):
        estimate.finished(str(n), took)
        assert 0.0 <= estimate.share() <= 1.0
        assert estimate.left_s() >= 0.0
    assert estimate.share() == 1.0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (3.0, "a few seconds"),
        (42.0, "about 40 seconds"),
        (95.0, "about 2 minutes"),
        (3540.0, "about 59 minutes"),
        (9000.0, "about 2.5 hours"),
    ],
)
def test_words(seconds: float, told: str) -> None:
    assert words(seconds) == told
