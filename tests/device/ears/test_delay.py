"""The delay from reference to microphone is found in noise, behind walls, under a person's voice, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.bench.room import Room, convolve, impulse_response
from device.ears.delay import AIM_S, CONFIDENT, HOP_S, LATEST_S, SLACK_S, WINDOW_S, DelayEstimator, DelayTracker
from device.ports import MIC_RATE, Pcm
from tests.device.ears.conftest import spoken

ROOMS = {rt60: impulse_response(Room(rt60_s=rt60), (1.0, 1.5, 1.0), (1.34, 1.5, 1.0)) for rt60 in (0.0, 0.3, 0.6)}
FLIGHT_S = 0.34 / 343
FAR = np.concatenate([spoken("en_house"), spoken("zh_factory"), spoken("en_eat")])
PERSON = np.resize(spoken("zh_fish"), len(FAR))


def microphone(delay_s: float, rt60: float, noise_db: float, person_db: float, seed: int) -> Pcm:
    """The echo, and noise and a person that much louder than it."""
    late = np.pad(FAR, (round(delay_s * MIC_RATE), 0))[: len(FAR)]
    echo = convolve(late, ROOMS[rt60])
    noise = np.random.default_rng(seed).normal(size=len(FAR)) * echo.std() * 10 ** (noise_db / 20)
    person = PERSON / PERSON.std() * echo.std() * 10 ** (person_db / 20)
    return np.asarray(echo + noise + person, np.float32)


def follow(tracker: DelayTracker, near: Pcm, far: Pcm = FAR) -> None:
    window, lead = round(WINDOW_S * MIC_RATE), round(LATEST_S * MIC_RATE)
    padded = np.pad(far, (lead, tracker.far_samples))
    for start in range(0, len(near) - window, round(HOP_S * MIC_RATE)):
        tracker.add(near[start : start + window], padded[start : start + tracker.far_samples])


@settings(max_examples=40)
@given(
    st.floats(0.0, 0.7), st.sampled_from([0.0, 0.3, 0.6]), st.floats(-40, 5), st.floats(-40, 0), st.integers(0, 1000)
)
def test_any_delay_is_found_and_the_echo_is_moved_to_where_it_is_wanted(
    delay_s: float, rt60: float, noise_db: float, person_db: float, seed: int
) -> None:
    tracker = DelayTracker()
    follow(tracker, microphone(delay_s, rt60, noise_db, person_db, seed))
    assert tracker.delay_s == pytest.approx(delay_s + FLIGHT_S, abs=0.003)
    assert AIM_S - SLACK_S <= tracker.delay_s - tracker.shift_s <= AIM_S + SLACK_S


@given(st.integers(0, 10_000), st.booleans())
def test_without_an_echo_nothing_is_claimed(seed: int, somebody_speaks: bool) -> None:
    near = np.random.default_rng(seed).normal(size=len(FAR)) * 0.03 + (PERSON if somebody_speaks else 0)
    tracker = DelayTracker()
    follow(tracker, np.asarray(near, np.float32))
    assert tracker.delay_s is None
    assert tracker.shift_s == 0.0


def test_a_silent_reference_says_nothing() -> None:
    estimator = DelayEstimator()
    near = np.asarray(PERSON[: round(WINDOW_S * MIC_RATE)], np.float32)
    assert estimator.add(near, np.zeros(estimator.far_samples, np.float32)) is None


def test_an_overstated_latency_is_a_negative_delay() -> None:
    tracker = DelayTracker()
    late = np.pad(FAR, (480, 0))[: len(FAR)]
    follow(tracker, FAR, late)
    assert tracker.delay_s == pytest.approx(-0.03, abs=0.001)


def test_small_changes_are_left_to_the_canceller_and_large_ones_followed() -> None:
    tracker = DelayTracker()
    follow(tracker, microphone(0.2, 0.3, -30, -40, 1))
    first = tracker.shift_s
    follow(tracker, microphone(0.21, 0.3, -30, -40, 1))
    assert tracker.delay_s == pytest.approx(0.21 + FLIGHT_S, abs=0.001)
    assert tracker.shift_s == first
    follow(tracker, microphone(0.5, 0.3, -30, -40, 1))
    assert tracker.shift_s == pytest.approx(0.5 + FLIGHT_S - AIM_S, abs=0.001)
    assert tracker.confidence > CONFIDENT
