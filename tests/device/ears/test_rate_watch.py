"""A microphone's rate by its samples: any that is not what it says is found, jitter and lost samples are no rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ears.rate_watch import RATES, WINDOW_S, WINDOWS, RateWatch

BUFFER_S = 0.01


def found(says: int, runs_at: float, seconds: float, jitter_s: float = 0.0, seed: int = 0) -> tuple[int | None, float]:
    """The first rate that was told, and when."""
    random = np.random.default_rng(seed)
    watch = RateWatch(says)
    samples = round(runs_at * BUFFER_S)
    for number in range(round(seconds / BUFFER_S)):
        t = number * samples / runs_at
        rate = watch.step(samples, 100.0 + t + float(random.uniform(0, jitter_s)))
        if rate is not None:
            return rate, t
    return None, seconds


@given(st.sampled_from(RATES), st.sampled_from(RATES), st.integers(0, 99))
def test_the_true_rate_is_found(says: int, runs_at: int, seed: int) -> None:
    rate, t = found(says, runs_at, 6.0, jitter_s=0.02, seed=seed)
    assert rate == (None if says == runs_at else runs_at)
    if rate:
        assert t == pytest.approx(WINDOWS * WINDOW_S, abs=0.2)


@given(st.sampled_from(RATES), st.floats(-0.001, 0.001))
def test_a_crystal_that_drifts_is_no_other_rate(rate: int, drift: float) -> None:
    assert found(rate, rate * (1 + drift), 6.0, jitter_s=0.02)[0] is None


def test_samples_that_were_lost_once_are_not_another_rate() -> None:
    watch = RateWatch(48_000)
    told = [
        watch.step(480, n * BUFFER_S)
        for n in range(1200)
        if not 100 < n < 117  # 0.16 s lost: 44.1 kHz for a moment
    ]
    assert told == [None] * len(told)
