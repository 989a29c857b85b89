"""The figures mean what they say, and gains are what the figures would rise by."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from provisioning.memories.memory import Remembered
from provisioning.report.content import About, Chosen, Likeness, Probe, Report, Tier, Voice, Words
from provisioning.report.fidelity import areas, heard_all, interval, known, like_face, like_voice
from provisioning.report.gains import gains
from tests.fakes.reports import poor, rich

WHY = Words("")


def voice(similarity: float, errors: float = 0.0) -> Voice:
    return Voice(3.0, 9, 0.5, 0.9, (Tier("T1", False, WHY, 0.99), Tier("T2", True, WHY, similarity, errors)))


def test_two_memories_answer_half_of_their_topic() -> None:
    assert known({"work": 2}, ("work", "food")) == pytest.approx(0.25)
    assert known({}, ()) == 0.0


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 500)), st.sampled_from("abc"))
def test_one_more_memory_never_harms(counts: dict[str, int], topic: str) -> None:
    more = {**counts, topic: counts.get(topic, 0) + 1}
    assert 0 <= known(counts, ("a", "b", "c")) <= known(more, ("a", "b", "c")) <= 1


def test_a_habit_of_one_in_a_hundred_is_found_in_69_sentences_half_of_the_time() -> None:
    assert heard_all(69) == pytest.approx(0.5, abs=0.01)
    assert heard_all(0) == 0.0


@pytest.mark.parametrize(("similarity", "errors", "score"), [(0.5, 0, 0), (0.9, 0, 1), (0.7, 0, 0.5), (0.9, 0.2, 0.8),
                                                             (0.3, 0, 0), (0.99, 0, 1)])  # fmt: skip
def test_a_voice_stands_between_a_stranger_and_themselves(similarity: float, errors: float, score: float) -> None:
    assert like_voice(voice(similarity, errors)) == pytest.approx(score)


def test_what_was_not_measured_is_not_known() -> None:
    assert like_voice(Voice(3.0)) is None
    assert like_voice(Voice(3.0, stranger=0.9, same=0.5, tiers=(Tier("T2", True, WHY, 0.7),))) == 0.0


def test_a_face_is_as_good_as_what_the_photograph_shows() -> None:
    best = Likeness(eye_distance=400, turned=0, sharpness=1, lit=1, films=1)
    assert like_face(best) == 1.0
    assert like_face(replace(best, films=0)) == pytest.approx(0.85)
    assert like_face(replace(best, turned=90)) == 0.0
    assert like_face(replace(best, eye_distance=30)) == pytest.approx(math.sqrt(0.5))


def test_a_trial_counts_more_than_an_estimate_and_says_how_sure_it_is() -> None:
    memory = areas(replace(rich(), probe=Probe(27, 30, 0)))[0]
    assert memory.measured
    assert memory.score == pytest.approx(0.9)
    assert "27 of 30" in memory.meaning.en
    assert interval(27, 30) == pytest.approx((0.744, 0.965), abs=0.001)  # Wilson's interval, computed by hand
    assert interval(0, 0) == (0.0, 1.0)


def test_without_a_recording_the_voice_is_nobodys() -> None:
    assert areas(poor())[2].score == 0.0
    assert "nobody's imitation" in areas(poor())[2].meaning.en


@pytest.mark.parametrize("report", [rich(), poor(), Report(About("Ada"))])
def test_gains_are_ranked_and_no_area_fills_the_list(report: Report) -> None:
    found = gains(report)
    assert found
    assert [g.points for g in found] == sorted((g.points for g in found), reverse=True)
    assert max([g.area for g in found].count(area) for area in ("memory", "manner", "voice", "face")) <= 2
    assert all(0.5 <= g.points <= 100 for g in found)


def test_a_gain_is_what_the_figure_rises_by() -> None:
    report = replace(poor(), remembered=Remembered((), (), (), (), {}, {}))
    before = areas(report)[0].score or 0.0
    gain = next(g for g in gains(report) if g.area == "memory")
    topic = gain.what.en.rsplit(": ", 1)[1].replace(" ", "-")
    after = areas(replace(report, remembered=Remembered((), (), (), (), {}, {topic: 2})))[0].score or 0.0
    assert 100 * (after - before) == pytest.approx(gain.points)


def test_waiting_scans_are_a_gain() -> None:
    report = replace(poor(), pages_waiting=30)
    assert any("scanned" in g.what.en for g in gains(report))
    assert not any("scanned" in g.what.en for g in gains(poor()))


def test_a_photograph_that_nobody_looked_at_has_no_figure() -> None:
    report = Report(About("Ada"), likeness=Likeness((Chosen("a.jpg"),)))
    assert areas(report)[3].score is None
    assert not [g for g in gains(report) if g.area == "face"]
