"""A turn that makes no progress is given up, and the frame listens again; one that gets on never is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation import events as ev
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.conversation.watch import PATIENCE_S, busy
from device.ports import Played, Transcript
from tests.device.conversation.test_interruption import PCM, SPEECH, VOICE, of, report, run, said, speaking

HELLO = Transcript("hello", "en", 0.9)


def answering() -> State:
    """Somebody has finished, and the transcriber is at work."""
    state, _ = run(State(), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM), ev.TurnEnded(1.5, 1.0))
    assert state.phase == "answering"
    return state


def test_a_transcriber_that_never_answers_costs_one_turn() -> None:
    state, actions = run(answering(), ev.Ticked(50.0), ev.Ticked(50.0 + PATIENCE_S))
    assert actions == []
    stuck = state.turn
    state, actions = run(state, ev.Ticked(50.1 + PATIENCE_S))
    (over,) = of(actions, ev.FinishTurn)
    assert (over.turn, over.failure) == (stuck, "no progress for 15 s")
    assert ev.Listen(True) in actions
    assert actions[-1] == ev.ShowMood("sorry", 50.1 + PATIENCE_S)
    assert (state.phase, state.turn) == ("idle", stuck + 1)
    state, actions = run(state, ev.Transcribed(stuck, HELLO, 90.0))
    assert actions == []


def test_progress_begins_the_patience_anew() -> None:
    state, _ = run(answering(), ev.Ticked(50.0), ev.Transcribed(1 + 1, HELLO, 60.0))
    state, actions = run(state, ev.Ticked(50.1 + PATIENCE_S), ev.Ticked(50.0 + 2 * PATIENCE_S))
    assert not of(actions, ev.FinishTurn)


def test_a_slow_engine_is_waited_for_as_long_as_it_shows_that_it_works() -> None:
    thinking = [ev.Ticked(50.0 + t, alive=True) for t in range(60)]
    state, actions = run(answering(), *thinking, ev.Ticked(109.0 + PATIENCE_S))
    assert not of(actions, ev.FinishTurn)
    _, actions = run(state, ev.Ticked(109.1 + PATIENCE_S))
    assert of(actions, ev.FinishTurn)


def test_a_loudspeaker_that_never_reports_an_end_does_not_make_it_deaf() -> None:
    state, actions = run(speaking(), ev.Ticked(20.0), ev.Ticked(20.0 + PATIENCE_S + SPEECH.seconds))
    assert not of(actions, ev.FinishTurn)  # the clause in the air takes its time
    state, actions = run(state, ev.Ticked(20.1 + PATIENCE_S + SPEECH.seconds))
    assert of(actions, ev.StopSpeaking)
    assert of(actions, ev.FinishTurn)[0].said == "I met her on the ferry,"
    assert state.phase == "idle"


def test_nothing_is_given_up_while_nobody_waits() -> None:
    state, actions = run(State(), ev.Ticked(1.0), ev.Ticked(1e6), ev.SpeechStarted(1e6 + 1), ev.Ticked(2e6))
    assert not of(actions, ev.FinishTurn)
    assert state.phase == "hearing"


def test_what_was_overheard_is_given_up_without_a_word() -> None:
    state = State(Policy("wake"))
    state, _ = run(state, ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM, True), ev.TurnEnded(1.5, 1.0))
    state, actions = run(state, ev.Ticked(5.0), ev.Ticked(6.0 + PATIENCE_S))
    assert (state.phase, actions) == ("idle", [])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.booleans())
def test_ticks_alone_always_lead_back_to_listening(times: list[float], aloud: bool) -> None:
    state = speaking() if aloud else answering()
    for t in [*sorted(times), 2e6, 3e6]:
        state, _ = reduce(state, ev.Ticked(t))
    assert not busy(state)


# --- somebody speaks into the last words ---


def last_words() -> State:
    """Somebody began to speak while the last clause was in the air, and it has been played."""
    state, _ = run(speaking(), report(speaking(), 1, "ended", 14.0))
    state, _ = run(state, report(state, 2, "started", 14.0), ev.SpeechStarted(15.8), report(state, 2, "ended", 16.0))
    return state


def test_who_begins_before_it_has_ended_is_heard() -> None:
    state, actions = run(last_words(), ev.SpeechPaused(17.0, 16.8, PCM), ev.TurnEnded(17.4, 16.8))
    assert of(actions, ev.Transcribe)
    state, actions = run(state, said(state, "And the flood?", "interrupted", 17.5))
    assert ev.Duck(False) in actions
    assert of(actions, ev.Answer)[0].transcript.text == "And the flood?"
    assert state.phase == "answering"


def test_last_words_that_were_drowned_for_nothing_are_said_again() -> None:
    state, _ = run(last_words(), ev.SpeechPaused(16.5, 16.3, PCM), said(last_words(), "Mhm.", "interrupted", 16.7))
    state, actions = run(state, ev.TurnEnded(16.9, 16.3))
    assert [a.utterance.index for a in of(actions, ev.Play)] == [2]
    state, actions = run(state, report(state, 2, "started", 17.0), report(state, 2, "ended", 19.0))
    assert of(actions, ev.FinishTurn)
    assert state.phase == "idle"


def test_a_short_sound_at_the_end_ends_the_turn_with_the_voice_raised() -> None:
    state, actions = run(last_words(), ev.TurnEnded(15.9, 15.85))
    assert ev.Duck(False) in actions
    assert of(actions, ev.FinishTurn)
    assert state.phase == "idle"


@pytest.mark.parametrize("part", ["synthesize", "answer"])
def test_a_part_that_fails_while_the_voice_is_lowered_leaves_it_raised(part: str) -> None:
    state, actions = run(speaking(), ev.SpeechStarted(VOICE), ev.PartFailed(speaking().turn, part, "gone", VOICE + 1))
    assert ev.Duck(False) in actions
    assert state.phase == "idle"


def test_the_report_of_a_clause_is_progress() -> None:
    state, _ = run(speaking(), ev.Ticked(20.0))
    assert state.still_since == 20.0
    state, _ = run(state, ev.PlaybackReported(state.turn, Played(state.turn, 1, "ended", 21.0), 21.0))
    assert state.still_since is None
    assert np.isclose(SPEECH.seconds, 2.0)
