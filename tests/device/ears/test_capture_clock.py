"""The clock that tells when a sample was in the air."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.ears.capture_clock import CaptureClock

RATE = 16_000


def followed(times: np.ndarray, step: int = 160) -> CaptureClock:
    clock = CaptureClock(RATE)
    for i, t in enumerate(times):
        clock.observe(i * step, float(t))
    return clock


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.0, 0.02), st.floats(-2e-4, 2e-4))
def test_jitter_is_smoothed_and_drift_followed(seed: int, jitter: float, drift: float) -> None:
    true = 100.0 + np.arange(6000) * 0.01 * (1 + drift)
    measured = true + np.random.default_rng(seed).uniform(-jitter, jitter, len(true))
    clock = followed(measured)
    assert clock.time(6000 * 160) == pytest.approx(100.0 + 60.0 * (1 + drift), abs=1e-3 + jitter / 5)


def test_exact_measurements_stay_exact() -> None:
    clock = followed(5.0 + np.arange(100) * 0.01)
    assert clock.time(8000) == pytest.approx(5.5, abs=1e-9)


def test_a_gap_is_taken_over_at_once() -> None:
    clock = followed(np.concatenate([np.arange(100) * 0.01, 3.0 + np.arange(10) * 0.01]))
    assert clock.time(105 * 160) == pytest.approx(3.05)


@given(st.lists(st.floats(0, 0.04), min_size=2, max_size=300))
def test_time_never_goes_back(jitters: list[float]) -> None:
    clock = CaptureClock(RATE)
    last = -1.0
    for i, jitter in enumerate(jitters):
        clock.observe(i * 160, i * 0.01 + jitter)
        now = clock.time(i * 160)
        assert now > last - 0.04
        last = now
