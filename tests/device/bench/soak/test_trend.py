"""A slope is found with its interval, and none is claimed where there is too little to tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.soak.trend import Trend, student_95, trend


def noisy(slope: float, seed: int, n: int = 60, memory: float = 0.0) -> tuple[list[float], list[float]]:
    random = np.random.default_rng(seed)
    rest, values = 0.0, []
    for _ in range(n):
        rest = memory * rest + float(random.normal())
        values.append(rest)
    times = np.arange(n) / 60.0
    return list(times), list(slope * times + np.array(values))


@pytest.mark.parametrize(
    ("free", "point"), [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962)]
)
def test_students_points_are_those_of_the_tables(free: int, point: float) -> None:
    assert student_95(free) == pytest.approx(point, rel=0.04)


@given(st.floats(-100, 100), st.floats(-1e4, 1e4))
def test_a_straight_line_is_known_exactly(slope: float, at: float) -> None:
    times = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    found = trend(times, [at + slope * t for t in times])
    assert found.slope == pytest.approx(slope, abs=1e-6)
    assert found.low == pytest.approx(slope, abs=1e-3)
    assert found.high == pytest.approx(slope, abs=1e-3)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 5.0, 2.0, 9.0]])
def test_too_few_values_say_nothing(values: list[float]) -> None:
    assert trend([float(i) for i in range(len(values))], values) == Trend(None, None, None)
    assert trend([3.0] * 8, [1.0] * 8) == Trend(None, None, None)


@pytest.mark.parametrize("memory", [0.0, 0.8])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(memory: float) -> None:
    hits = 0
    for seed in range(200):
        found = trend(*noisy(5.0, seed, memory=memory))
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 5.0 <= found.high
    assert hits >= 176  # 88 %: values that follow one another are corrected for roughly, not exactly


def test_a_leak_is_found_and_noise_is_none() -> None:
    leak, none = trend(*noisy(30.0, 1)), trend(*noisy(0.0, 1))
    assert leak.low is not None
    assert leak.low > 20.0
    assert none.low is not None
    assert none.low < 0.0
