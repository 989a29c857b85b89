import numpy as np
import pytest

from device.face.gaze import Gaze


def watch(gaze: Gaze, start: float, seconds: float) -> np.ndarray:
    return np.array([(*gaze.at(start + k / 30)[:2], gaze.mutual) for k in range(int(30 * seconds))])


def spells(mutual: np.ndarray) -> np.ndarray:
    """Lengths in s of the runs of looking at the listener."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mutual, [0]]).astype(int)))
    return (edges[1::2] - edges[::2]) / 30


def test_mutual_gaze_is_six_tenths_of_a_conversation_in_spells_of_two_seconds() -> None:
    gaze, seen = Gaze(4), []
    for turn in range(90):
        for state, start in (("listening", 0.0), ("speaking", 8.0)):
            gaze.set_state(state, 20.0 * turn + start)
            seen.append(watch(gaze, 20.0 * turn + start, 8.0 if state == "listening" else 12.0))
    mutual = np.concatenate(seen)[:, 2]
    assert abs(mutual.mean() - 0.6) < 0.09
    assert 1.6 < spells(mutual).mean() < 3.2


@pytest.mark.parametrize("seed", range(5))
def test_a_thinker_looks_aside_and_up_soon(seed: int) -> None:
    gaze = Gaze(seed)
    watch(gaze, 0.0, 3.0)
    gaze.set_state("thinking", 3.0)
    x, y, _ = watch(gaze, 3.0, 0.5)[-1]
    assert abs(x) > 0.15
    assert y < -0.05


@pytest.mark.parametrize("seed", range(5))
def test_an_appointment_brings_the_eyes_back(seed: int) -> None:
    gaze = Gaze(seed)
    gaze.set_state("thinking", 0.0)
    gaze.look_at_listener(1.0)
    assert np.hypot(*watch(gaze, 0.0, 1.2)[-1][:2]) < 0.12


def test_the_eyes_jump_and_rest_rather_than_drift() -> None:
    gaze = Gaze(9)
    path = np.array([gaze.at(k / 200)[0] for k in range(200 * 120)])
    speed = np.abs(np.diff(path)) * 200
    assert np.mean(speed < 0.01) > 0.85
    assert np.abs(path).max() < 0.75
