"""Jitter is smoothed, gaps are followed, nonsense is not believed."""

from __future__ import annotations

import random

import pytest

from device.voice.dac_clock import DacClock

RATE = 48_000
BLOCK = 960


def test_jitter_is_smoothed() -> None:
    chance = random.Random(1)
    clock = DacClock(RATE, 0.04)
    errors = []
    for k in range(200):
        late = chance.uniform(0, 0.006)
        errors.append(clock.block(10 + k * 0.02 + late, 0.05 - 0.003, BLOCK) - (10.05 + k * 0.02))
    assert max(map(abs, errors[40:])) < 0.002


def test_a_gap_is_followed_at_once() -> None:
    clock = DacClock(RATE, 0.04)
    clock.block(10.0, 0.05, BLOCK)
    assert clock.block(10.5, 0.05, BLOCK) == pytest.approx(10.55)


@pytest.mark.parametrize("delay", [-5.0, 0.0, 1e6, float("nan")])
def test_an_insane_delay_gives_way_to_the_measured_latency(delay: float) -> None:
    assert DacClock(RATE, 0.04).block(10.0, delay, BLOCK) == pytest.approx(10.04)
