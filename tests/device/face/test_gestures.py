"""A person's own movements in the motion: seen, never twice the same, never a jerk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.blink import Blinks
from device.face.gestures import NOD, Gestures, Stroll
from device.face.manner import CHANNELS, Manner
from device.face.motion import DEEPEST, FASTEST, Motion
from device.face.pose import INDEX
from device.link import Mood
from tests.device.face.speech import clause

PITCH = CHANNELS.index("headPitch")
HEAD = [INDEX[n] for n in ("headYaw", "headPitch", "headRoll")]


def track(seconds: float, **channels: np.ndarray) -> np.ndarray:
    out = np.zeros((round(30 * seconds), len(CHANNELS)), np.float32)
    for name, values in channels.items():
        out[:, CHANNELS.index(name)] = values
    return out


def hump(seconds: float, degrees: float, times: int = 1) -> np.ndarray:
    return degrees * np.sin(np.linspace(0, np.pi * times, round(30 * seconds))) ** 2


def calm(seed: int, seconds: float = 8.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = np.cumsum(rng.normal(0, 0.12, (round(30 * seconds), 3)), axis=0)
    out = track(seconds)
    out[:, :3] = np.clip(steps - steps.mean(0), -3, 3)
    return out


OWN = Manner(
    np.array([[0.12, 0.3], [0.13, 0.31], [0.125, 0.29], [0.12, 0.3]], np.float32),
    {
        "nod": (track(1.2, headPitch=hump(1.2, 6, 2)), track(0.8, headPitch=hump(0.8, 4))),
        "lowered": (track(2.5, headPitch=hump(2.5, 9), lids=hump(2.5, 0.4)),),
        "calm": (calm(1), calm(2), calm(3)),
    },
)


def played(motion: Motion, seconds: float, state: str, start: float = 0.0) -> np.ndarray:
    motion.tell(Mood(state, start))
    return np.array([motion.pose(start + k / 30) for k in range(round(30 * seconds))])


def test_the_lids_take_the_persons_own_time() -> None:
    own, usual = Blinks(1), Blinks(1)
    own.adopt(OWN.blinks)
    usual.adopt(OWN.blinks[:2])
    shut = [np.mean([b.at(k / 200) > 0.02 for k in range(24_000)]) / b.count for b in (own, usual)]
    assert shut[0] > 1.2 * shut[1]
    own.adopt(OWN.blinks[:0])
    assert 0.0 <= own.at(200.0) <= 1.0


def test_a_listener_nods_with_the_persons_nods_each_time_otherwise() -> None:
    gestures = Gestures(3, OWN)
    gestures.listen(True, 0.0)
    pitch = np.array([gestures.at(k / 30)[PITCH] for k in range(30 * 120)])
    bumps = np.split(pitch, np.flatnonzero((pitch[1:] > 0) != (pitch[:-1] > 0)) + 1)
    heights = [float(bump.max()) for bump in bumps if bump.max() > 0.2]
    assert len(heights) > 15
    assert max(heights) <= NOD * 1.01
    assert len({round(h, 3) for h in heights}) > 0.9 * len(heights)
    gestures.listen(False, 120.0)
    assert not gestures.at(130.0).any()


def test_the_head_is_lowered_at_a_farewell_and_comes_up_again() -> None:
    motion = Motion(2)
    played(motion, 3, "idle")
    motion.adopt(OWN, 3.0)
    pitch = played(motion, 6, "farewell", 3.0)[:, INDEX["headPitch"]]
    assert pitch[30:75].max() > 3.5
    assert abs(pitch[-1]) < 2.5
    lids = played(Motion(2), 1, "farewell")
    assert lids[:, INDEX["headPitch"]].max() < 3.0


def test_the_word_moved_lowers_the_head_once() -> None:
    gestures = Gestures(1, OWN)
    gestures.lower(1.0)
    gestures.lower(1.5)
    pitch = np.array([gestures.at(k / 30)[PITCH] for k in range(180)])
    assert 3.0 < pitch.max() <= 6.1
    assert (pitch[:28] == 0).all()
    assert (pitch[-20:] == 0).all()


def test_calm_has_no_jerk_and_no_peak_that_the_eye_would_catch_as_a_loop() -> None:
    stroll = Stroll(4, OWN.of("calm"))
    walk = np.array([stroll.at(k / 30) for k in range(30 * 900)])
    steepest = max(np.abs(np.diff(t, axis=0)).max() for t in OWN.of("calm"))
    assert np.abs(np.diff(walk, axis=0)).max() < 2 * steepest + 0.2
    signal = walk[::6, 0] - walk[::6, 0].mean()
    correlation = np.fft.irfft(np.abs(np.fft.rfft(signal, 2 * len(signal))) ** 2)[: len(signal)]
    assert (correlation[100:] / correlation[0]).max() < 0.5
    assert walk[:, :3].std(0).min() > 0.1


def test_all_of_it_stays_within_limits_and_is_the_same_again() -> None:
    def talk(seed: int) -> np.ndarray:
        motion = Motion(seed)
        motion.adopt(OWN, 0.0)
        parts = [played(motion, 10, "listening"), played(motion, 2, "thinking", 10.0)]
        motion.tell(clause(12.2, seed=1, turn=1, index=0))
        return np.concatenate([*parts, played(motion, 5, "speaking", 12.0), played(motion, 6, "farewell", 17.0)])

    poses = talk(5)
    assert np.abs(poses[:, HEAD]).max() <= DEEPEST
    assert (np.abs(np.diff(poses, axis=0)) <= FASTEST / 30 * 1.01 + 1e-6).all()
    np.testing.assert_array_equal(poses, talk(5))
    assert np.abs(poses - talk(6)).max() > 0.1


def test_to_adopt_a_manner_in_the_midst_of_it_does_not_jump() -> None:
    motion = Motion(3)
    before = played(motion, 5, "listening")[-1]
    motion.adopt(OWN, 5.0)
    assert (np.abs(motion.pose(5.0) - before) <= FASTEST / 30 * 1.01 + 1e-6).all()


@settings(max_examples=30)
@given(st.integers(2, 400), st.integers(0, 99), st.floats(0, 1e6))
def test_any_piece_of_calm_can_be_strolled_in(length: int, seed: int, start: float) -> None:
    piece = np.random.default_rng(seed).normal(0, 1, (length, len(CHANNELS))).astype(np.float32)
    stroll = Stroll(seed, (piece,))
    for k in range(60):
        value = stroll.at(start + 0.37 * k)
        assert np.abs(value).max() <= 1.16 * np.abs(piece).max()


@pytest.mark.parametrize("kind", ["nod", "lowered", "calm"])
def test_nothing_of_a_kind_is_nothing_played(kind: str) -> None:
    gestures = Gestures(1, Manner(tracks={k: v for k, v in OWN.tracks.items() if k != kind}))
    gestures.listen(True, 0.0)
    gestures.lower(0.0)
    for k in range(300):
        gestures.at(k / 30)
        gestures.calm(k / 30)
    assert gestures.nods == (kind != "nod")
    assert gestures.strolls == (kind != "calm")
