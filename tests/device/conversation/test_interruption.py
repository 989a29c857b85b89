"""Somebody speaks while the frame does: what is lowered, what is stopped, what is begun again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation import events as ev
from device.conversation.backchannel import backchannel
from device.conversation.own_words import own_words
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.ports import Played, Speech, Transcript, WakeProposal

PCM = np.zeros(16, np.float32)
ASKED = Transcript("how did you meet?", "en", 0.9)
CLAUSES = ("I met her on the ferry,", "it was raining hard that day.", "She laughed.")
SPEECH = Speech(np.zeros(20_000, np.float32), 10_000, (), "", "en")  # two seconds
BEGUN, VOICE = 10.0, 13.0
"""s: when the first clause is in the air; a second into the second one, somebody speaks"""


def run(state: State, *events: ev.Event) -> tuple[State, list[Any]]:
    actions: list[Any] = []
    for event in events:
        state, more = reduce(state, event)
        actions += more
    return state, actions


def of(actions: list[Any], kind: type) -> list[Any]:
    return [a for a in actions if isinstance(a, kind)]


def report(state: State, index: int, kind: str, t: float) -> ev.PlaybackReported:
    return ev.PlaybackReported(state.turn, Played(state.turn, index, kind, t), t)


def speaking() -> State:
    """A second into the second of three clauses."""
    state = State(Policy(full_duplex=True))
    state, _ = run(state, ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    state, _ = run(state, ev.Transcribed(state.turn, ASKED, 1.3), ev.TurnEnded(1.5, 1.0))
    for index, text in enumerate(CLAUSES):
        state, _ = run(
            state, ev.ClauseReady(state.turn, index, text, "en", 2.0), ev.Synthesized(state.turn, index, SPEECH, 2.0)
        )
    state, _ = run(
        state,
        ev.AnswerEnded(state.turn, 3, 2.0),
        report(state, 0, "started", BEGUN),
        report(state, 0, "ended", BEGUN + 2),
        report(state, 1, "started", BEGUN + 2),
    )
    assert state.phase == "speaking"
    return state


def said(state: State, text: str, stage: ev.Stage, t: float = VOICE + 1) -> ev.Transcribed:
    return ev.Transcribed(state.turn, Transcript(text, "en", 0.9), t, stage=stage)


def test_the_voice_is_lowered_at_once_and_not_yet_stopped() -> None:
    _, actions = run(speaking(), ev.SpeechStarted(VOICE))
    assert actions == [ev.Duck(True)]


def test_words_stop_it_and_become_the_next_question() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 1, VOICE + 0.8, PCM))
    old = state.turn
    state, actions = run(state, said(state, "Where was that?", "interrupted"))
    assert of(actions, ev.StopSpeaking)[0].turn == old
    assert of(actions, ev.Answer) == [ev.Answer(state.turn, Transcript("Where was that?", "en", 0.9))]
    assert state.phase == "hearing"
    state, _ = run(state, ev.TurnEnded(VOICE + 1.4, VOICE + 0.8))
    assert state.phase == "answering"


CALLED = (WakeProposal("外公你好", 0.8, 0.1, 0.9),)


def test_a_name_that_is_found_late_is_looked_for_once_more() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 1, VOICE + 0.8, PCM))
    state, _ = run(state, said(state, "", "interrupted"))
    state, actions = run(state, ev.SpeechPaused(VOICE + 1.2, VOICE + 0.8, PCM, CALLED, late=True))
    assert [a.called for a in of(actions, ev.Transcribe)] == [CALLED]
    state, actions = run(state, ev.TurnEnded(VOICE + 1.3, VOICE + 0.8))
    assert not of(actions, ev.Duck), "nobody knows yet"
    _, actions = run(state, said(state, "外公你好", "interrupted"))
    assert of(actions, ev.StopSpeaking)


@pytest.mark.parametrize(("text", "stopped"), [("外公你好", True), ("", False)])
def test_a_name_may_be_found_after_it_had_passed_for_nothing(text: str, stopped: bool) -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 1, VOICE + 0.8, PCM))
    state, _ = run(state, said(state, "", "interrupted"), ev.TurnEnded(VOICE + 1.2, VOICE + 0.8))
    assert state.interruption is None
    state, actions = run(state, ev.SpeechPaused(VOICE + 1.3, VOICE + 0.8, PCM, CALLED, late=True))
    assert of(actions, ev.Duck) == [ev.Duck(True)]
    state, actions = run(state, said(state, text, "interrupted", VOICE + 1.5))
    assert (state.phase != "speaking") == stopped
    assert of(actions, ev.Duck) == [ev.Duck(False)]


def test_only_what_was_heard_enters_the_history() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 1, VOICE + 0.8, PCM))
    _, actions = run(state, said(state, "Where was that?", "interrupted"))
    over = of(actions, ev.FinishTurn)[0]
    assert over.said == "I met her on the ferry, it was raining"  # half of six words
    assert (over.heard, over.interrupted) == (ASKED.text, VOICE)


def test_words_are_found_while_they_go_on() -> None:
    state, actions = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechContinues(VOICE + 0.6, PCM))
    assert of(actions, ev.Transcribe)[0].stage == "interrupting"
    state, actions = run(state, said(state, "But I wanted", "interrupting"))
    assert of(actions, ev.StopSpeaking)
    assert not of(actions, ev.Answer)  # they are not through
    state, actions = run(state, ev.SpeechPaused(VOICE + 2, VOICE + 1.8, PCM))
    assert of(actions, ev.Transcribe)[0].stage == "pause"


def test_the_end_may_come_before_the_words_are_known() -> None:
    state, _ = run(
        speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 1, VOICE + 0.8, PCM), ev.TurnEnded(14.2, 13.8)
    )
    assert state.phase == "speaking"
    state, actions = run(state, said(state, "Where was that?", "interrupted", 14.3))
    assert state.phase == "answering"
    assert state.certain
    assert of(actions, ev.Answer)


def test_words_that_are_known_late_do_not_strand_the_turn() -> None:
    """The first look at it is answered only after all of it is on its way to the transcriber."""
    state, _ = run(
        speaking(),
        ev.SpeechStarted(VOICE),
        ev.SpeechContinues(VOICE + 0.5, PCM),
        ev.SpeechPaused(VOICE + 0.6, VOICE + 0.4, PCM),
    )
    state, _ = run(state, said(state, "Stop.", "interrupting"), ev.TurnEnded(VOICE + 0.9, VOICE + 0.4))
    state, actions = run(state, said(state, "Stop.", "interrupted"))
    assert state.phase == "answering"
    assert of(actions, ev.Answer)


@pytest.mark.parametrize("sound", ["Mhm.", "嗯。", "Oh, really?", "是吗？", ""])
def test_a_listeners_sounds_do_not_stop_it(sound: str) -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 0.5, VOICE + 0.3, PCM))
    state, _ = run(state, said(state, sound, "interrupted", VOICE + 0.7))
    state, actions = run(state, ev.TurnEnded(VOICE + 0.8, VOICE + 0.3))
    assert state.phase == "speaking"
    assert ev.Duck(False) in actions
    assert [a.utterance.index for a in of(actions, ev.Play)] == [1, 2]  # the drowned clause and what followed it
    assert not of(actions, ev.FinishTurn)


def test_its_own_words_do_not_stop_it() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 0.5, VOICE + 0.3, PCM))
    state, actions = run(state, said(state, "It was training hard that day", "interrupted"), ev.TurnEnded(13.9, 13.3))
    assert not of(actions, ev.FinishTurn)
    assert state.phase == "speaking"


@pytest.mark.parametrize(
    ("heard", "own"),
    [
        ("It was raining", True),
        ("was raining hard dead day", False),
        ("was raining heart that day", True),
        ("raining", False),
        ("Was it raining when you met?", False),
        ("", False),
    ],
)
def test_what_is_said_back_is_told_from_a_question_about_it(heard: str, own: bool) -> None:
    assert own_words(heard, CLAUSES[0] + " " + CLAUSES[1]) is own


def test_chinese_is_compared_by_characters() -> None:
    assert own_words("河边的老房子", "我记得河边的老房子，你外婆种了柿子树。")
    assert not own_words("老房子", "我记得河边的老房子，你外婆种了柿子树。")
    assert not own_words("你外婆叫什么名字", "我记得河边的老房子，你外婆种了柿子树。")


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_two_texts_are_compared(heard: str, said: str) -> None:
    assert own_words(heard, said) in (True, False)


def test_a_short_dip_is_not_worth_beginning_again() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE))
    state, actions = run(state, ev.TurnEnded(VOICE + 0.2, VOICE + 0.1))
    assert actions == [ev.Duck(False)]


def test_what_was_begun_again_is_counted_once() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 0.5, VOICE + 0.3, PCM))
    state, _ = run(state, said(state, "Mhm.", "interrupted"), ev.TurnEnded(VOICE + 0.8, VOICE + 0.3))
    state, actions = run(
        state,
        report(state, 1, "stopped", 14.0),
        report(state, 1, "started", 14.1),
        report(state, 1, "ended", 16.1),
        report(state, 2, "started", 16.1),
        report(state, 2, "ended", 18.1),
    )
    assert of(actions, ev.FinishTurn)[0].said == " ".join(CLAUSES)
    assert state.phase == "idle"


def test_an_engine_that_fails_on_an_interruption_does_not_end_the_answer() -> None:
    state, _ = run(speaking(), ev.SpeechStarted(VOICE), ev.SpeechPaused(VOICE + 1, VOICE + 0.8, PCM))
    state, actions = run(state, ev.PartFailed(state.turn, "transcribe", "gone", VOICE + 1.1))
    assert state.phase == "speaking"
    assert ev.Duck(False) in actions


def test_a_push_stops_it_without_a_word() -> None:
    state, actions = run(speaking(), ev.Pushed(VOICE))
    assert of(actions, ev.StopSpeaking)
    assert of(actions, ev.FinishTurn)[0].said == "I met her on the ferry, it was raining"
    assert state.phase == "idle"


@given(st.text(max_size=30))
def test_any_text_is_judged(text: str) -> None:
    assert backchannel(text) in (True, False)


@pytest.mark.parametrize("text", ["no", "stop", "停", "等一下", "What?", "不对", "no no, the other one", "好了好了"])
def test_words_that_mean_something_are_no_backchannel(text: str) -> None:
    assert not backchannel(text)
