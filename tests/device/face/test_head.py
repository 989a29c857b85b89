import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.head import BEAT_GAP, LAUGH_S, LAUGHS, LIMIT, Head, breath, stresses, within
from device.link import Speak
from tests.device.face.speech import clause


def test_breathing_stays_between_twelve_and_sixteen_a_minute() -> None:
    values = np.array([breath(3, k / 50) for k in range(50 * 1800)])
    tops = np.flatnonzero((values[1:-1] >= values[:-2]) & (values[1:-1] > values[2:]) & (values[1:-1] > 0.9))
    periods = np.diff(tops) / 50
    assert 60 / periods.max() > 11.5
    assert 60 / periods.min() < 16.5
    assert np.std(periods) > 0.05
    assert np.abs(np.diff(values)).max() < 0.05


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=3))
def test_no_angle_passes_three_degrees(angles: list[float]) -> None:
    assert np.abs(within(np.array(angles, np.float32))).max() <= LIMIT


@given(st.integers(0, 5000))
def test_stresses_are_the_strong_vowels_apart_from_each_other(seed: int) -> None:
    speak = clause(1.0, count=30, seed=seed)
    times = [t for t, _ in stresses(speak)]
    assert all(b - a >= BEAT_GAP - 1e-9 for a, b in itertools.pairwise(times))
    assert all(speak.t0 <= t <= speak.t0 + speak.seconds for t in times)


def test_a_clause_without_vowels_has_no_stress() -> None:
    assert stresses(Speak(1, 0, 0.0, 0.3, (("SS", 0.0, 0.3, 1.0),), "sss", "en")) == []


def test_stressed_words_make_the_head_nod() -> None:
    def movement(speaking: bool) -> float:
        head = Head(2)
        if speaking:
            for i in range(6):
                head.speak(clause(1.0 + 2.5 * i, seed=i, index=i), 0.0)
        return float(np.std([head.at(k / 30, 0.0)[0][1] for k in range(450)]))

    assert movement(True) > 0.15
    assert movement(False) == 0.0


def test_a_listener_nods_now_and_then() -> None:
    head = Head(7)
    head.listen(True, 0.0)
    pitch = np.array([head.at(k / 30, 0.0)[0][1] for k in range(30 * 60)])
    nods = np.sum((pitch[1:-1] > pitch[:-2]) & (pitch[1:-1] >= pitch[2:]) & (pitch[1:-1] > 0.4))
    assert 8 <= nods <= 50
    head.listen(False, 60.0)
    assert max(head.at(62.0 + k / 30, 0.0)[0][1] for k in range(300)) < 0.01


def test_laughter_shakes_the_head_at_its_own_pace_and_dies_away() -> None:
    still, laughing = Head(1), Head(1)
    laughing.laugh(1.0)
    t = np.arange(0.0, 4.0, 1 / 60)
    shaken = np.array([laughing.at(x, 0.0)[0][1] - still.at(x, 0.0)[0][1] for x in t])
    assert np.abs(shaken[t < 1.0]).max() == 0.0
    assert np.abs(shaken[t > 1.0 + LAUGHS * LAUGH_S + 0.05]).max() == 0.0
    tops = np.flatnonzero((shaken[1:-1] > shaken[:-2]) & (shaken[1:-1] >= shaken[2:])) + 1
    assert np.median(np.diff(t[tops])) == pytest.approx(LAUGH_S, abs=0.03)
    assert np.abs(shaken).max() < LIMIT
