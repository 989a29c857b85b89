"""Endpointing with time as an argument: no clock, no sound, no model."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.conversation.endpointing import Endpointer, EndpointSettings, Signal

SETTINGS = EndpointSettings()


def play(endpointer: Endpointer, pattern: list[tuple[float, float]], complete: float = 1.0) -> list[Signal]:
    """(probability, seconds) pieces in 10 ms steps; the judge gives `complete` when it is asked."""
    signals, step = [], 0
    for probability, seconds in pattern:
        for _ in range(round(seconds * 100)):
            new = endpointer.step(step * 0.01, probability)
            if any(s.kind == "judge" for s in new):
                endpointer.judge(complete)
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


def test_a_finished_sentence_is_answered_soon() -> None:
    endpointer = Endpointer()
    signals = play(endpointer, [(0.9, 1.0), (0.0, SETTINGS.sure_wait_s + 0.02)])
    assert kinds(signals)[-1] == "end"


def test_the_judge_is_asked_again_while_the_silence_grows() -> None:
    endpointer, asked = Endpointer(), []
    for step in range(200):
        quiet = step * 0.01 - 0.99
        signals = endpointer.step(step * 0.01, 0.9 if step < 100 else 0.0)
        if "judge" in [s.kind for s in signals]:
            asked.append(quiet)
            endpointer.judge(0.1 if len(asked) < 2 else 0.9)
        if "end" in [s.kind for s in signals]:
            break
    assert [round(t, 2) for t in asked] == list(SETTINGS.judge_s[:2])
    assert quiet < SETTINGS.judge_s[1] + 0.02, "the second, favourable answer ends the turn at once"


def test_a_name_that_is_called_is_not_the_whole_question() -> None:
    signals = play(Endpointer(), [(0.9, 0.5), (0.0, 0.4), (0.9, 1.0), (0.0, 1.0)])
    assert kinds(signals) == ["onset", "pause", "resume", "pause", "end"]


def test_patience_grows_with_the_speakers_own_pauses() -> None:
    slow = Endpointer()
    play(slow, [(0.9, 1.0), (0.0, 1.1), (0.9, 1.0), (0.0, 0.2)], complete=0.0)
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


@given(st.floats(0, 1))
def test_the_wait_is_bounded(complete: float) -> None:
    endpointer = Endpointer()
    endpointer.judge(complete)
    assert SETTINGS.sure_wait_s <= endpointer.wait_s() <= SETTINGS.longest_wait_s
