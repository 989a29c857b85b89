import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.coarticulation import Mouth
from device.face.pose import INDEX
from device.link import Speak
from tests.device.face.speech import clause

SHUT, JAW, ROLL = INDEX["mouthClose"], INDEX["jawOpen"], INDEX["mouthRollLower"]


def mouth_of(speak: Speak, told: float = -1.0) -> Mouth:
    mouth = Mouth()
    mouth.add(speak, told)
    return mouth


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_lips_are_shut_at_the_centre_of_every_p_b_m_and_on_a_frame_wherever_the_frames_fall(seed: int) -> None:
    speak = clause(2.0, seed=seed)
    mouth = mouth_of(speak)
    for shape, start, end, _ in speak.visemes:
        if shape != "PP":
            continue
        centre = 2.0 + 0.5 * (start + end)
        pose = mouth.at(centre)
        assert pose[SHUT] > 0.99
        assert pose[JAW] < 0.2
        first = centre - 0.016 + seed % 16 / 1000
        assert max(mouth.at(first + k / 30 - 1 / 30)[SHUT] for k in range(3)) > 0.99


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_lower_lip_meets_the_teeth_for_f_and_v(seed: int) -> None:
    speak = clause(2.0, seed=seed)
    mouth = mouth_of(speak)
    centres = [2.0 + 0.5 * (s + e) for shape, s, e, _ in speak.visemes if shape == "FF"]
    assert all(mouth.at(centre)[ROLL] > 0.84 for centre in centres)


def test_a_vowel_keeps_most_of_its_shape_between_consonants() -> None:
    visemes = tuple((s, 0.09 * i, 0.09 * i + 0.09, 1.0) for i, s in enumerate(["DD", "aa", "kk", "aa", "DD"]))
    mouth = mouth_of(Speak(1, 0, 0.0, 0.45, visemes, "", "en"))
    assert mouth.at(0.135)[JAW] > 0.5
    assert mouth.at(0.225)[JAW] < mouth.at(0.135)[JAW]


def test_neighbours_colour_a_consonant() -> None:
    """The t of "too" is rounder than the t of "tea": that is what co-articulation means."""
    too = mouth_of(Speak(1, 0, 0.0, 0.2, (("DD", 0.0, 0.08, 1.0), ("U", 0.08, 0.2, 1.0)), "", "en"))
    tea = mouth_of(Speak(1, 0, 0.0, 0.2, (("DD", 0.0, 0.08, 1.0), ("I", 0.08, 0.2, 1.0)), "", "en"))
    assert too.at(0.05)[INDEX["mouthPucker"]] > 0.1 > tea.at(0.05)[INDEX["mouthPucker"]]


def test_the_mouth_rests_in_pauses_and_afterwards() -> None:
    mouth = mouth_of(Speak(1, 0, 0.0, 1.0, (("aa", 0.0, 0.2, 1.0), ("aa", 0.7, 0.9, 1.0)), "", "en"))
    assert mouth.at(0.45)[JAW] < 0.08
    assert mouth.at(1.6)[JAW] < 0.01
    assert np.count_nonzero(mouth.at(9.0)) == 0


def test_lips_part_for_the_breath_before_the_first_sound_only() -> None:
    visemes = (("kk", 0.0, 0.1, 1.0), ("aa", 0.1, 0.4, 1.0))
    mouth = mouth_of(Speak(1, 0, 5.0, 0.4, visemes, "", "en"))
    mouth.add(Speak(1, 1, 5.4, 0.4, visemes, "", "en"), 1.0)
    assert mouth.at(4.70)[JAW] < 0.02
    assert mouth.at(4.90)[JAW] > 0.05
    assert mouth.inhale(5.0) > 0.9
    assert mouth.inhale(5.6) < 0.05


def test_hush_shuts_the_mouth_quickly_and_without_a_jump() -> None:
    speak = clause(0.0, seed=3)
    mouth = mouth_of(speak)
    mouth.hush(1, 1.0)
    openings = [float(mouth.at(1.0 + k / 100)[JAW]) for k in range(30)]
    assert max(openings[11:]) < 0.01
    assert max(np.abs(np.diff(openings))) < 0.2
    assert not mouth.speaking(1.2)


def test_hush_leaves_a_later_turn_alone() -> None:
    mouth = mouth_of(clause(0.0, turn=2))
    mouth.hush(1, 0.2)
    assert mouth.speaking(0.5)


def test_a_corrected_start_replaces_the_announced_one() -> None:
    mouth = mouth_of(clause(1.0, seed=4))
    mouth.add(clause(1.2, seed=4), 1.1)
    alone = mouth_of(clause(1.2, seed=4), 1.1)
    for t in (1.6, 1.9, 2.3):
        np.testing.assert_allclose(mouth.at(t), alone.at(t), atol=1e-6)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["PP", "aa", "xx", "sil", "O"]), st.floats(-1, 3), st.floats(-1, 3), st.floats(-2, 5)
        ),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_visemes_come_the_mouth_stays_a_mouth(visemes: list[tuple[str, float, float, float]]) -> None:
    mouth = mouth_of(Speak(1, 0, 0.0, 2.0, tuple(visemes), "", "en"))
    for k in range(90):
        pose = mouth.at(k / 30 - 0.5)
        assert np.isfinite(pose).all()
        assert pose.min() >= 0.0
        assert pose.max() <= 1.001


@pytest.mark.parametrize("told", [2.0, 2.1])
def test_a_late_announcement_takes_hold_softly(told: float) -> None:
    mouth = mouth_of(clause(1.9, seed=1), told)
    assert np.abs(mouth.at(told)).max() < 0.05
