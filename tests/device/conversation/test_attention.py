"""To whom the frame listens: always, after its name, or after a push."""

from __future__ import annotations

from typing import Any

import numpy as np

from device.conversation import events as ev
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.ports import Pictures, Played, Speech, Transcript, WakeProposal

PCM = np.zeros(16, np.float32)
SPEECH = Speech(np.zeros(100, np.float32), 100, (), "", "en")
WAKE = Policy("wake", follow_up_s=8.0)
CALLED = (WakeProposal("Hello Grandpa", 0.8, 0.1, 0.9),)


def run(state: State, *events: ev.Event) -> tuple[State, list[Any]]:
    actions: list[Any] = []
    for event in events:
        state, more = reduce(state, event)
        actions += more
    return state, actions


def of(actions: list[Any], kind: type) -> list[Any]:
    return [a for a in actions if isinstance(a, kind)]


def said(state: State, called: bool, text: str = "how are you?") -> ev.Transcribed:
    return ev.Transcribed(state.turn, Transcript(text, "en", 0.9), 1.3, called)


def overheard(called: bool) -> tuple[State, list[Any]]:
    return run(State(WAKE), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM, CALLED if called else ()))


def answered(state: State) -> tuple[State, list[Any]]:
    turn = state.turn
    return run(
        state,
        ev.ClauseReady(turn, 0, "Well.", "en", 2.0),
        ev.Synthesized(turn, 0, SPEECH, 2.0),
        ev.AnswerEnded(turn, 1, 2.0),
        ev.PlaybackReported(turn, Played(turn, 0, "started", 2.1), 2.1),
        ev.PlaybackReported(turn, Played(turn, 0, "ended", 3.0), 3.0),
    )


def test_talk_in_the_room_is_neither_transcribed_nor_answered() -> None:
    state, actions = overheard(called=False)
    state, more = run(state, ev.TurnEnded(1.5, 1.0))
    assert not actions
    assert not more
    assert state.phase == "idle"


def test_its_name_is_answered() -> None:
    state, actions = overheard(called=True)
    assert of(actions, ev.Transcribe)
    state, actions = run(state, said(state, True), ev.TurnEnded(1.5, 1.0))
    assert of(actions, ev.Answer)
    assert ev.ShowMood("thinking", 1.5) in actions


def test_what_only_sounded_like_its_name_is_forgotten() -> None:
    for events in (
        lambda s: (said(s, False), ev.TurnEnded(1.5, 1.0)),
        lambda s: (ev.TurnEnded(1.5, 1.0), said(s, False)),
    ):
        state, _ = overheard(called=True)
        state, actions = run(state, *events(state))
        assert state.phase == "idle"
        assert not actions


def test_a_name_at_the_end_of_a_long_sentence_counts() -> None:
    state, _ = overheard(called=False)
    state, _ = run(state, ev.SpeechResumed(1.4), ev.SpeechPaused(3.0, 2.8, PCM, CALLED))
    _, actions = run(state, said(state, True))
    assert of(actions, ev.Answer)


def test_a_name_that_is_found_only_after_the_pause_counts() -> None:
    state, actions = overheard(called=False)
    assert not actions
    state, actions = run(state, ev.SpeechPaused(1.4, 1.0, PCM, CALLED, late=True))
    assert of(actions, ev.Transcribe)[0].called == CALLED
    _, actions = run(state, said(state, True), ev.TurnEnded(1.5, 1.0))
    assert of(actions, ev.Answer)


def test_a_name_that_is_found_only_after_the_turn_counts() -> None:
    state, _ = overheard(called=False)
    state, _ = run(state, ev.TurnEnded(1.5, 1.0))
    state, actions = run(state, ev.SpeechPaused(1.7, 1.0, PCM, CALLED, late=True))
    assert of(actions, ev.Transcribe)[0].overheard
    _, actions = run(state, said(state, True))
    assert of(actions, ev.Answer)
    after, actions = run(state, said(state, False))
    assert (after.phase, actions) == ("idle", [])


def test_late_names_mean_nothing_to_a_frame_that_is_pushed() -> None:
    _, actions = run(State(Policy("push")), ev.SpeechPaused(1.7, 1.0, PCM, CALLED, late=True))
    assert not actions


def test_who_is_listened_to_anyway_is_not_transcribed_anew_for_a_name() -> None:
    state, _ = run(State(WAKE), ev.Pushed(0.0), ev.SpeechStarted(0.1), ev.SpeechPaused(1.2, 1.0, PCM))
    after, actions = run(state, ev.SpeechPaused(1.4, 1.0, PCM, CALLED, late=True))
    assert (after, actions) == (state, [])


def test_it_listens_on_after_an_answer_and_then_no_more() -> None:
    state, _ = overheard(called=True)
    state, _ = run(state, said(state, True), ev.TurnEnded(1.5, 1.0))
    state, actions = answered(state)
    assert of(actions, ev.ShowMood)[-1].state == "listening"
    _, actions = run(state, ev.SpeechStarted(10.9), ev.SpeechPaused(12.0, 11.8, PCM))
    assert of(actions, ev.Transcribe)
    later, actions = run(state, ev.Ticked(11.1))
    assert actions == [ev.ShowMood("idle", 11.1)]
    _, actions = run(later, ev.SpeechStarted(11.2), ev.SpeechPaused(12.0, 11.8, PCM))
    assert not actions


def test_after_goodbye_it_must_be_called_again() -> None:
    state, _ = overheard(called=True)
    state, _ = run(state, said(state, True, "goodbye"), ev.TurnEnded(1.5, 1.0))
    state, _ = run(state, ev.AnswerBegan(state.turn, "farewell", (), False, 1.6))
    state, actions = answered(state)
    assert of(actions, ev.ShowMood)[-1].state == "farewell"
    _, actions = run(state, ev.SpeechStarted(3.5), ev.SpeechPaused(4.5, 4.3, PCM))
    assert not actions


def test_only_a_push_opens_ears_that_are_to_be_pushed() -> None:
    _, actions = run(State(Policy("push")), ev.SpeechStarted(0.5), ev.SpeechPaused(1.2, 1.0, PCM, CALLED))
    assert not actions
    state, actions = run(State(Policy("push")), ev.Pushed(2.0))
    assert of(actions, ev.ShowMood)[0].state == "listening"
    _, actions = run(state, ev.SpeechStarted(3.0), ev.SpeechPaused(4.0, 3.8, PCM))
    assert of(actions, ev.Transcribe)


def test_an_order_is_obeyed_once_they_have_finished_and_not_before() -> None:
    state, _ = run(State(), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    state, actions = run(
        state,
        ev.Transcribed(state.turn, Transcript("stop", "en", 0.9), 1.3),
        ev.AnswerBegan(state.turn, "command", (), False, 1.3, "stop"),
        ev.AnswerEnded(state.turn, 0, 1.3),
    )
    assert not of(actions, ev.Obey)
    state, actions = run(state, ev.TurnEnded(1.5, 1.0))
    assert of(actions, ev.Obey) == [ev.Obey("stop")]
    assert state.phase == "idle"
    assert of(actions, ev.FinishTurn)


def test_photographs_come_once_they_have_finished_and_only_once() -> None:
    kite = Pictures(("kite.jpg",))
    state, _ = run(State(), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    began = ev.AnswerBegan(state.turn, "fact", ("kite",), False, 1.3, pictures=kite)
    state, actions = run(state, ev.Transcribed(state.turn, Transcript("the kite", "en", 0.9), 1.3), began)
    assert not of(actions, ev.ShowPictures)
    state, actions = run(state, ev.TurnEnded(1.5, 1.0))
    assert of(actions, ev.ShowPictures) == [ev.ShowPictures(kite)]
    _, actions = run(state, ev.AnswerEnded(state.turn, 0, 1.6))
    assert not of(actions, ev.ShowPictures)


def test_they_go_on_before_a_word_of_the_answer() -> None:
    state, _ = run(State(Policy(full_duplex=True)), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    state, _ = run(state, said(state, True), ev.TurnEnded(1.5, 1.0))
    old = state.turn
    state, actions = run(state, ev.SpeechStarted(1.9))
    assert state.phase == "hearing"
    assert state.turn > old
    assert not of(actions, ev.FinishTurn)


VISITED = ev.Visited("Hello. Here I am.", "en", 5.0)


def test_who_comes_is_greeted_and_then_heard() -> None:
    state, actions = run(State(WAKE), VISITED)
    assert of(actions, ev.Synthesize) == [ev.Synthesize(state.turn, 0, "Hello. Here I am.", "en")]
    assert of(actions, ev.Listen) == [ev.Listen(False)], "it would hear itself"
    assert not of(actions, ev.ShowHeard)
    turn = state.turn
    state, actions = run(
        state,
        ev.Synthesized(turn, 0, SPEECH, 5.2),
        ev.PlaybackReported(turn, Played(turn, 0, "started", 5.3), 5.3),
        ev.PlaybackReported(turn, Played(turn, 0, "ended", 6.5), 6.5),
    )
    assert of(actions, ev.Play)[0].utterance.last
    assert of(actions, ev.FinishTurn) == [ev.FinishTurn(turn, "", "Hello. Here I am.", "")]
    assert of(actions, ev.Listen) == [ev.Listen(True)]
    assert state.attentive_until == 6.5 + 8.0
    state, actions = run(state, ev.SpeechStarted(7.0), ev.SpeechPaused(8.2, 8.0, PCM))
    assert of(actions, ev.Transcribe), "nobody who was greeted must call it by name"


def test_nobody_is_greeted_into_a_conversation() -> None:
    hearing, _ = run(State(), ev.SpeechStarted(0.0))
    listening, _ = run(State(WAKE), ev.Pushed(1.0))
    for state in (hearing, listening):
        after, actions = run(state, VISITED)
        assert after == state
        assert not actions


def test_with_an_echo_canceller_the_ears_stay_open_for_the_answer_to_a_greeting() -> None:
    _, actions = run(State(Policy("wake", full_duplex=True)), VISITED)
    assert not of(actions, ev.Listen)


def test_what_the_frame_says_about_itself_invites_nobody_to_go_on() -> None:
    told = ev.Announced("You may take the stick out now.", "en", 5.0)
    state, actions = run(State(WAKE), told)
    turn = state.turn
    assert of(actions, ev.Synthesize) == [ev.Synthesize(turn, 0, told.text, "en")]
    state, actions = run(
        state,
        ev.Synthesized(turn, 0, SPEECH, 5.2),
        ev.PlaybackReported(turn, Played(turn, 0, "started", 5.3), 5.3),
        ev.PlaybackReported(turn, Played(turn, 0, "ended", 6.5), 6.5),
    )
    assert of(actions, ev.FinishTurn) == [ev.FinishTurn(turn, "", told.text, "")]
    assert state.attentive_until == 0.0
    assert of(actions, ev.ShowMood)[-1].state == "idle"
    hearing, _ = run(State(), ev.SpeechStarted(0.0))
    assert run(hearing, told) == (hearing, [])
