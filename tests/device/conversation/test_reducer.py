"""The conversation as a table of events and actions; no threads, no mocks."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from device.conversation import events as ev
from device.conversation.reducer import State, reduce
from device.conversation.state import Policy
from device.ports import Played, Speech, Transcript, WakeProposal

PCM = np.zeros(16, np.float32)
SPEECH = Speech(PCM, 16_000, ())
HELLO = Transcript("hello", "en", 0.9)


def run(state: State, *events: ev.Event) -> tuple[State, list[Any]]:
    actions: list[Any] = []
    for event in events:
        state, more = reduce(state, event)
        actions += more
    return state, actions


def of(actions: list[Any], kind: type) -> list[Any]:
    return [a for a in actions if isinstance(a, kind)]


def hearing() -> State:
    state, _ = run(State(), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    return state


def answered(state: State, clauses: int = 1) -> tuple[State, list[Any]]:
    turn = state.turn
    events: list[ev.Event] = [ev.Transcribed(turn, HELLO, 1.3), ev.AnswerBegan(turn, "fact", ("m1",), False, 1.3)]
    for index in range(clauses):
        events += [ev.ClauseReady(turn, index, f"clause {index}.", "en", 1.4), ev.Synthesized(turn, index, SPEECH, 1.5)]
    return run(state, *events, ev.AnswerEnded(turn, clauses, 1.6))


def played(state: State, index: int, kind: str, t: float = 2.0) -> ev.PlaybackReported:
    return ev.PlaybackReported(state.turn, Played(state.turn, index, kind, t), t)


def test_work_starts_on_the_pause_and_is_held_until_the_end_is_certain() -> None:
    state, actions = answered(hearing(), 2)
    assert of(actions, ev.Answer)
    assert not of(actions, ev.Play)
    state, actions = run(state, ev.TurnEnded(1.7, 1.0))
    assert [a.utterance.index for a in of(actions, ev.Play)] == [0, 1]
    assert of(actions, ev.Play)[1].utterance.last


def test_when_the_person_goes_on_everything_begun_is_dropped() -> None:
    state, _ = answered(hearing())
    old = state.turn
    state, actions = run(state, ev.SpeechResumed(1.6), ev.Synthesized(old, 0, SPEECH, 1.7), ev.TurnEnded(3.0, 2.0))
    assert not of(actions, ev.Play)
    assert state.turn > old


def test_a_whole_turn_returns_to_idle_and_remembers_what_was_said() -> None:
    state, _ = answered(hearing(), 2)
    state, _ = run(state, ev.TurnEnded(1.7, 1.0))
    state, actions = run(
        state,
        played(state, 0, "started"),
        played(state, 0, "ended"),
        played(state, 1, "started"),
        played(state, 1, "ended"),
    )
    assert state.phase == "idle"
    assert of(actions, ev.FinishTurn)[0].said == "clause 0. clause 1."
    assert of(actions, ev.Listen)[-1].on


def test_nothing_heard_is_passed_over_in_silence() -> None:
    state = hearing()
    state, actions = run(state, ev.Transcribed(state.turn, Transcript("", "en", 0.0), 1.3), ev.TurnEnded(1.5, 1.0))
    assert state.phase == "idle"
    assert not of(actions, ev.Answer)


UNCLEAR = Transcript("", "zh", 0.0, unclear=True)


def unclear(state: State, t: float) -> tuple[State, list[Any]]:
    """Somebody speaks from `t` on, and was not understood."""
    state, _ = run(state, ev.SpeechStarted(t), ev.SpeechPaused(t + 1.2, t + 1.0, PCM))
    return run(state, ev.Transcribed(state.turn, UNCLEAR, t + 1.3), ev.TurnEnded(t + 1.5, t + 1.0))


def said(state: State, t: float, route: str) -> State:
    """All of an answer of one clause."""
    events: list[ev.Event] = [
        ev.AnswerBegan(state.turn, route, (), True, t),
        ev.ClauseReady(state.turn, 0, "…", "zh", t),
    ]
    events += [ev.Synthesized(state.turn, 0, SPEECH, t), ev.AnswerEnded(state.turn, 1, t)]
    state, _ = run(state, *events)
    return run(state, played(state, 0, "started", t + 0.1), played(state, 0, "ended", t + 1.0))[0]


def test_who_was_not_understood_is_asked_once_to_say_it_again() -> None:
    state, actions = unclear(State(), 0.0)
    assert [a.transcript for a in of(actions, ev.Answer)] == [UNCLEAR]
    state = said(state, 2.0, "unclear")
    state, actions = unclear(state, 4.0)
    assert state.phase == "idle"
    assert not of(actions, ev.Answer)
    assert not of(unclear(state, 6.0)[1], ev.Answer), "perhaps it is the television"


def test_once_something_was_understood_it_asks_again() -> None:
    state = said(unclear(State(), 0.0)[0], 2.0, "unclear")
    state, _ = run(state, ev.SpeechStarted(4.0), ev.SpeechPaused(5.2, 5.0, PCM))
    state, _ = run(state, ev.Transcribed(state.turn, HELLO, 5.3), ev.TurnEnded(5.5, 5.0))
    state = said(state, 6.0, "fact")
    assert of(unclear(state, 8.0)[1], ev.Answer)


def test_what_is_unclear_and_not_meant_for_it_is_passed_over() -> None:
    assert not of(unclear(State(Policy("wake")), 0.0)[1], ev.Answer)


def test_an_unclear_sound_beside_its_own_voice_stops_nothing() -> None:
    state, _ = answered(hearing())
    state, _ = run(state, ev.TurnEnded(1.7, 1.0), played(state, 0, "started"))
    state, _ = run(state, ev.SpeechStarted(3.0), ev.SpeechPaused(4.0, 3.9, PCM))
    state, actions = run(state, ev.Transcribed(state.turn, UNCLEAR, 4.2, stage="interrupted"), ev.TurnEnded(4.5, 3.9))
    assert state.phase == "speaking"
    assert not of(actions, ev.FinishTurn)


def test_a_failure_while_speaking_keeps_what_was_said() -> None:
    state, _ = answered(hearing(), 2)
    state, _ = run(state, ev.TurnEnded(1.7, 1.0), played(state, 0, "started"), played(state, 0, "ended"))
    state, actions = run(state, ev.PartFailed(state.turn, "synthesize", "gone", 2.5))
    assert state.phase == "idle"
    assert of(actions, ev.FinishTurn)[0].said == "clause 0."
    assert of(actions, ev.StopSpeaking)
    assert of(actions, ev.ShowMood)[-1].state == "sorry"


def test_a_failure_before_the_end_of_the_turn_does_not_hang_it() -> None:
    state = hearing()
    failed = state.turn
    state, actions = run(state, ev.PartFailed(failed, "transcribe", "gone", 1.3), ev.TurnEnded(1.5, 1.0))
    assert state.phase == "idle"
    assert of(actions, ev.FinishTurn)[0].turn == failed
    assert of(actions, ev.ShowMood)[-1].state == "sorry"


def test_a_failure_is_forgotten_when_the_person_goes_on() -> None:
    state = hearing()
    state, _ = run(state, ev.PartFailed(state.turn, "transcribe", "gone", 1.3), ev.SpeechResumed(1.4))
    state, actions = run(state, ev.SpeechPaused(2.0, 1.9, PCM), ev.TurnEnded(2.2, 1.9))
    assert state.phase == "answering"
    assert not of(actions, ev.FinishTurn)


def test_a_question_by_text_is_answered_at_once() -> None:
    state, actions = run(State(), ev.Asked("who are you?", "en", 0.0))
    assert of(actions, ev.Answer)[0].transcript.text == "who are you?"
    assert state.certain


TURNS = st.integers(0, 6)
EVENTS = st.one_of(
    st.just(ev.SpeechStarted(0.0)),
    st.just(ev.SpeechPaused(0.0, 0.0, PCM)),
    st.just(ev.SpeechResumed(0.0)),
    st.just(ev.TurnEnded(0.0, 0.0)),
    st.just(ev.SpeechPaused(0.0, 0.0, PCM, called=(WakeProposal("Hello", 0.8, 0.0, 0.5),))),
    st.just(ev.SpeechContinues(0.0, PCM)),
    st.just(ev.Disturbed(0.0)),
    st.just(ev.Undisturbed(1.0)),
    st.just(ev.Pushed(0.0)),
    st.just(ev.Visited("Hello.", "en", 0.0)),
    st.just(ev.Announced("Hello.", "en", 0.0)),
    st.just(ev.Ticked(9.0)),
    st.builds(
        ev.AnswerBegan,
        TURNS,
        st.sampled_from(["fact", "farewell"]),
        st.just(()),
        st.just(False),
        st.just(0.0),
        st.sampled_from(["", "louder"]),
    ),
    st.builds(
        ev.Transcribed,
        TURNS,
        st.builds(Transcript, st.sampled_from(["", "hi"]), st.just("en"), st.just(1.0)),
        st.just(0.0),
        st.booleans(),
        st.sampled_from(["pause", "interrupting", "interrupted"]),
    ),
    st.builds(ev.ClauseReady, TURNS, st.integers(0, 2), st.just("a"), st.just("en"), st.just(0.0)),
    st.builds(ev.AnswerEnded, TURNS, st.integers(0, 2), st.just(0.0)),
    st.builds(ev.Synthesized, TURNS, st.integers(0, 2), st.just(SPEECH), st.just(0.0)),
    st.builds(ev.PartFailed, TURNS, st.just("x"), st.just("y"), st.just(0.0)),
    st.builds(
        lambda turn, index, kind: ev.PlaybackReported(turn, Played(turn, index, kind, 0.0), 0.0),
        TURNS,
        st.integers(0, 2),
        st.sampled_from(["started", "ended", "stopped"]),
    ),
)


POLICIES = st.builds(Policy, st.sampled_from(["always", "wake", "push"]), st.just(8.0), st.booleans())


@given(st.lists(EVENTS, max_size=40), POLICIES)
def test_any_order_of_events_is_survived(events: list[ev.Event], policy: Policy) -> None:
    state, turns = State(policy), [0]
    for event in events:
        stale = getattr(event, "turn", state.turn) != state.turn
        after, actions = reduce(state, event)
        assert not stale or (after is state and not actions)
        assert all(not isinstance(a, ev.Play) or after.certain or after.turn > state.turn for a in actions)
        state = after
        turns.append(state.turn)
    assert turns == sorted(turns)


def test_the_ears_are_told_how_the_words_end_while_they_decide() -> None:
    state = hearing()
    for text, expected in (("Who is it?", "asked"), ("I went home.", "told"), ("I went because", "open")):
        _, actions = run(state, ev.Transcribed(state.turn, Transcript(text, "en", 0.9), 1.3))
        assert of(actions, ev.Expect) == [ev.Expect(expected)]  # type: ignore[arg-type]
    state, _ = run(state, ev.TurnEnded(1.7, 1.0))
    _, actions = run(state, ev.Transcribed(state.turn, HELLO, 1.8))
    assert not of(actions, ev.Expect)


def test_nobody_goes_on_after_an_order() -> None:
    state = hearing()
    turn = state.turn
    order = ev.AnswerBegan(turn, "command", (), False, 1.35, "louder")
    _, actions = run(state, ev.Transcribed(turn, Transcript("Louder.", "en", 0.9), 1.3), order)
    assert of(actions, ev.Expect) == [ev.Expect("told"), ev.Expect("asked")]


def test_a_clause_that_nobody_handed_over_was_not_said() -> None:
    state, actions = run(State(), played(State(), 0, "started"), ev.Pushed(2.0))
    assert state.phase == "idle"
    assert not of(actions, ev.FinishTurn)
