import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.motion import EMOTIONS, FASTEST, LEAD, STATES, Motion
from device.face.pose import INDEX, PARAMETERS
from device.link import Heard, Hush, Mood, Speak
from tests.device.face.speech import clause

HEAD = [INDEX[n] for n in ("headYaw", "headPitch", "headRoll")]


def conversation(motion: Motion, seconds: float) -> np.ndarray:
    """Turns of 20 s: listening, thinking, speaking three clauses; 30 poses a second."""
    poses = []
    for k in range(int(30 * seconds)):
        t = k / 30
        turn, within = int(t // 20), k % 600
        if within == 0:
            motion.tell(Mood("listening", t))
        elif within == 210:
            motion.tell(Mood("thinking", t))
        elif within == 255:
            motion.tell(Mood("speaking", t))
            for i in range(3):
                motion.tell(clause(t + 0.3 + 2.6 * i, seed=turn * 3 + i, turn=turn, index=i))
        elif within == 540:
            motion.tell(Mood("idle", t))
        poses.append(motion.pose(t))
    return np.array(poses)


@pytest.fixture(scope="module")
def half_hour() -> np.ndarray:
    """Half an hour of being looked at, without a word."""
    motion = Motion(11)
    return np.array([motion.pose(k / 30) for k in range(30 * 1800)])


def test_idle_has_no_peak_that_the_eye_would_catch_as_a_loop(half_hour: np.ndarray) -> None:
    for axis in HEAD:
        signal = half_hour[::6, axis] - half_hour[::6, axis].mean()
        spectrum = np.abs(np.fft.rfft(signal * np.hanning(len(signal)))) ** 2
        band = spectrum[np.fft.rfftfreq(len(signal), 0.2) > 0.02]
        assert band.max() / band.sum() < 0.04
        correlation = np.fft.irfft(np.abs(np.fft.rfft(signal, 2 * len(signal))) ** 2)[: len(signal)]
        assert (correlation[100:] / correlation[0]).max() < 0.35  # from 20 s on


def test_idle_blinks_at_the_resting_rate(half_hour: np.ndarray) -> None:
    shut = half_hour[:, INDEX["eyeBlinkLeft"]] > 0.9
    assert abs(np.sum(shut[1:] & ~shut[:-1]) / 30 - 17) < 2


def test_conversation_is_lively_and_within_the_limits() -> None:
    poses = conversation(Motion(5), 300)
    shut = poses[:, INDEX["eyeBlinkLeft"]] > 0.9
    assert abs(np.sum(shut[1:] & ~shut[:-1]) / 5 - 25) < 5
    assert np.abs(poses[:, HEAD]).max() <= 3.0
    assert poses[:, HEAD].std(0).min() > 0.15
    assert (np.abs(np.diff(poses, axis=0)) <= FASTEST / 30 * 1.01 + 1e-6).all()
    assert poses[:, INDEX["jawOpen"]].max() > 0.3


def test_the_head_never_jerks() -> None:
    assert np.abs(np.diff(conversation(Motion(6), 120)[:, HEAD], axis=0)).max() < 0.5


def test_same_seed_same_film_and_another_seed_another() -> None:
    one, two, other = (conversation(Motion(seed), 40) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert np.abs(one - other).max() > 0.1


def test_the_picture_leads_the_sound() -> None:
    visemes = (("aa", 0.1, 0.4, 1.0), ("PP", 0.4, 0.5, 1.0), ("aa", 0.5, 0.8, 1.0))
    motion = Motion(1)
    motion.pose(0.0)
    motion.tell(Speak(1, 0, 1.0, 0.8, visemes, "", "en"))
    times = np.arange(0.5, 2.0, 0.002)
    shut = np.array([motion.pose(t)[INDEX["mouthClose"]] for t in times])
    middle = times[shut > 0.99].mean()
    assert abs((1.45 - middle) - LEAD) < 0.004


def test_the_mood_shows() -> None:
    def settled(state: str) -> np.ndarray:
        motion = Motion(3)
        motion.pose(0.0)
        motion.tell(Mood(state, 0.0))
        return np.mean([motion.pose(1.5 + k / 30) for k in range(300)], 0)

    poses = {state: settled(state) for state in STATES}
    assert poses["farewell"][INDEX["mouthSmileLeft"]] > poses["idle"][INDEX["mouthSmileLeft"]] + 0.15
    assert poses["sorry"][INDEX["browInnerUp"]] > 0.25
    assert poses["thinking"][INDEX["gazeY"]] < -0.05
    assert poses["asleep"][INDEX["eyeBlinkLeft"]] < 0.4  # at rest, never with closed eyes


def test_asleep_is_calmer_than_idle() -> None:
    def unrest(state: str) -> float:
        motion = Motion(3)
        motion.tell(Mood(state, 0.0))
        return float(np.array([motion.pose(k / 30)[HEAD] for k in range(90, 3600)]).std())

    assert unrest("asleep") < 0.8 * unrest("idle")


@pytest.mark.parametrize("emotion", [*EMOTIONS, "unheard-of"])
def test_emotions_colour_the_speech_and_fade(emotion: str) -> None:
    motion = Motion(2)
    motion.pose(0.0)
    motion.tell(Mood("speaking", 0.0))
    motion.tell(Speak(1, 0, 1.0, 2.0, (), "hm", "en", emotion))
    after = [motion.pose(k / 30) for k in range(90)][-1]
    wanted = EMOTIONS.get(emotion, EMOTIONS["neutral"])
    part = [INDEX[n] for n in ("mouthFrownLeft", "browDownLeft", "browOuterUpLeft")]
    assert np.abs(after[part] - wanted[part]).max() < 0.12
    assert after[INDEX["mouthSmileLeft"]] >= 0.6 * wanted[INDEX["mouthSmileLeft"]]


messages = st.one_of(
    st.builds(Mood, st.sampled_from([*STATES, "nonsense"]), st.floats(0, 5)),
    st.builds(Hush, st.integers(0, 3), st.floats(0, 5)),
    st.builds(Heard, st.text(max_size=20), st.just("en")),
    st.builds(clause, st.floats(0, 6), st.integers(0, 12), st.integers(0, 9), st.integers(0, 3), st.integers(0, 3)),
)


@given(st.lists(st.tuples(st.integers(0, 149), messages), max_size=12), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_whatever_is_told_and_however_late_the_face_moves_smoothly(told: list[tuple[int, object]], seed: int) -> None:
    motion, last = Motion(seed), None
    for k in range(150):
        for when, message in told:
            if when == k:
                motion.tell(message)  # type: ignore[arg-type]
        pose = motion.pose(k / 30)
        assert pose.shape == (len(PARAMETERS),)
        assert np.isfinite(pose).all()
        if last is not None:
            assert (np.abs(pose - last) <= FASTEST / 30 + 1e-4).all()
        last = pose
