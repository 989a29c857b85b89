"""Endpointing with time as an argument: no clock, no sound, no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation.endpointing import Endpointer, EndpointSettings, Signal
from device.conversation.finished import Ending

SETTINGS = EndpointSettings()


def play(
    endpointer: Endpointer, pattern: list[tuple[float, float]], complete: float = 1.0, ending: Ending | None = None
) -> list[Signal]:
    """(probability, seconds) pieces in 10 ms steps; the judge gives `complete` when it is asked, and the words of every
    pause are known to have such an `ending`."""
    signals, step = [], 0
    for probability, seconds in pattern:
        for _ in range(round(seconds * 100)):
            new = endpointer.step(step * 0.01, probability)
            if any(s.kind == "judge" for s in new):
                endpointer.judge(complete)
            if ending is not None and any(s.kind == "pause" for s in new):
                endpointer.expect(ending)
            signals += new
            step += 1
    return signals


def kinds(signals: list[Signal]) -> list[str]:
    """All but the questions to the judge."""
    return [s.kind for s in signals if s.kind != "judge"]


def test_a_plain_question() -> None:
    signals = play(Endpointer(), [(0.0, 0.5), (0.9, 1.5), (0.0, 1.0)])
    assert kinds(signals) == ["onset", "pause", "end"]
    assert abs(signals[0].t - 0.5) < 0.011
    assert abs(signals[-1].t - 2.0) < 0.011


def test_a_click_is_not_speech() -> None:
    assert play(Endpointer(), [(0.0, 0.3), (0.9, 0.05), (0.0, 2.0)]) == []


def test_an_unfinished_sentence_is_waited_for() -> None:
    signals = play(Endpointer(), [(0.9, 1.0), (0.0, 0.8), (0.9, 1.0), (0.0, 2.0)], complete=0.05)
    assert kinds(signals) == ["onset", "pause", "resume", "pause", "end"]


def test_who_goes_on_softly_is_heard_as_going_on() -> None:
    assert play(Endpointer(), [(0.4, 1.0)]) == [], "too soft to begin with"
    signals = play(Endpointer(), [(0.9, 1.0), (0.0, 0.7), (0.4, 0.3), (0.9, 0.5), (0.0, 2.0)], ending="told")
    assert kinds(signals) == ["onset", "pause", "resume", "pause", "end"]
    resumed = next(s for s in signals if s.kind == "resume")
    assert abs(resumed.t - 1.7) < 0.03, "from its first soft sound on"


def test_a_question_is_answered_soon() -> None:
    signals = play(Endpointer(), [(0.9, 1.0), (0.0, SETTINGS.sure_wait_s + 0.02)], ending="asked")
    assert kinds(signals)[-1] == "end"


@pytest.mark.parametrize(("ending", "wait_s"), [("told", SETTINGS.told_wait_s), ("open", SETTINGS.unsure_wait_s)])
def test_what_may_go_on_is_waited_for(ending: Ending, wait_s: float) -> None:
    talk = [(0.9, 1.0), (0.0, wait_s - 0.02), (0.9, 1.0), (0.0, 3.0)]
    signals = play(Endpointer(), talk, ending=ending)
    assert kinds(signals) == ["onset", "pause", "resume", "pause", "end"]


def test_words_that_are_not_understood_yet_are_waited_for_like_a_statement() -> None:
    signals = play(Endpointer(), [(0.9, 1.0), (0.0, SETTINGS.told_wait_s - 0.02)])
    assert kinds(signals) == ["onset", "pause"]


def test_words_that_come_late_end_the_turn_at_once() -> None:
    endpointer = Endpointer()
    play(endpointer, [(0.9, 1.0), (0.0, 0.6)])
    endpointer.expect("asked")
    assert kinds(endpointer.step(1.6, 0.0)) == ["end"]


def test_words_before_a_pause_say_nothing_about_the_next_one() -> None:
    endpointer = Endpointer()
    play(endpointer, [(0.9, 1.0), (0.0, 0.3)], ending="asked")
    play_on = [endpointer.step(1.3 + n * 0.01, 0.9 if n < 50 else 0.0) for n in range(115)]
    assert [s.kind for new in play_on for s in new if s.kind != "judge"] == ["resume", "pause"]


def test_the_judge_is_asked_again_while_the_silence_grows() -> None:
    endpointer, asked = Endpointer(), []
    for step in range(200):
        quiet = step * 0.01 - 0.99
        signals = endpointer.step(step * 0.01, 0.9 if step < 100 else 0.0)
        if "judge" in [s.kind for s in signals]:
            asked.append(quiet)
            endpointer.expect("asked")
            endpointer.judge(0.1 if len(asked) < 2 else 0.9)
        if "end" in [s.kind for s in signals]:
            break
    assert [round(t, 2) for t in asked] == list(SETTINGS.judge_s[:2])
    assert quiet < SETTINGS.sure_wait_s + 0.03, "the second, favourable answer ends the turn"


def test_patience_grows_with_the_speakers_own_pauses() -> None:
    slow = Endpointer()
    play(slow, [(0.9, 1.0), (0.0, 0.9), (0.9, 1.0), (0.0, 0.2)], complete=0.0)
    assert slow.wait_s() > SETTINGS.unsure_wait_s


def test_an_endless_talker_is_cut_before_the_transcriber_overflows() -> None:
    signals = play(Endpointer(), [(0.9, SETTINGS.longest_turn_s + 0.5)])
    assert kinds(signals)[:3] == ["onset", "pause", "end"]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 1.5)), max_size=20), st.floats(0, 1))
def test_signals_always_come_in_a_lawful_order(pattern: list[tuple[float, float]], complete: float) -> None:
    allowed = {
        None: {"onset"},
        "onset": {"pause"},
        "pause": {"judge", "resume", "end"},
        "judge": {"judge", "resume", "end"},
        "resume": {"pause"},
        "end": {"onset"},
    }
    previous, last_t = None, -1.0
    for signal in play(Endpointer(), pattern, complete):
        assert signal.kind in allowed[previous]
        assert signal.t >= last_t or signal.kind == "end"
        previous, last_t = signal.kind, signal.t


HABITS = st.floats(0, 3)
ENDINGS = st.sampled_from([None, "asked", "told", "open"])


def wait(complete: float, ending: Ending | None, habit_s: float) -> float:
    """s, for somebody who has this habit."""
    endpointer = Endpointer()
    endpointer.learn(habit_s)
    endpointer.judge(complete)
    if ending is not None:
        endpointer.expect(ending)
    return endpointer.wait_s()


@given(st.floats(0, 1), ENDINGS, HABITS)
def test_the_wait_is_bounded(complete: float, ending: Ending | None, habit_s: float) -> None:
    assert SETTINGS.sure_wait_s <= wait(complete, ending, habit_s) <= SETTINGS.longest_wait_s


@given(st.floats(0, 1), HABITS)
def test_the_more_open_the_words_the_longer_the_wait(complete: float, habit_s: float) -> None:
    asked, unknown, told, open_ = (wait(complete, e, habit_s) for e in ("asked", None, "told", "open"))
    assert asked <= told == unknown <= open_


@given(st.tuples(st.floats(0, 1), st.floats(0, 1)), ENDINGS, st.tuples(HABITS, HABITS))
def test_doubt_and_habit_only_ever_lengthen_the_wait(
    complete: tuple[float, float], ending: Ending | None, habits: tuple[float, float]
) -> None:
    assert wait(max(complete), ending, min(habits)) <= wait(min(complete), ending, max(habits)) + 1e-9
