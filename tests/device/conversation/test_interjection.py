"""Something is said while the answer is on its way: late enough, once, and no part of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation import events as ev
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.conversation.steps import interjection_due
from device.ports import Played, Speech, Transcript

PCM = np.zeros(16, np.float32)
SPEECH = Speech(np.zeros(16_000, np.float32), 16_000, (), "", "en")
ASKED = Transcript("How did you meet?", "en", 0.9)
POLICY = Policy(interject_after_s=0.9, full_duplex=True)
END = 1.5
"""s, when the end of the turn is certain"""


def run(state: State, *events: ev.Event) -> tuple[State, list[Any]]:
    actions: list[Any] = []
    for event in events:
        state, more = reduce(state, event)
        actions += more
    return state, actions


def of(actions: list[Any], kind: type) -> list[Any]:
    return [a for a in actions if isinstance(a, kind)]


def waiting(policy: Policy = POLICY, route: str = "fact") -> State:
    """The person has finished; the mind has begun to think."""
    state, _ = run(State(policy), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    turn = state.turn
    began = ev.AnswerBegan(turn, route, ("m",), False, 1.35)
    state, _ = run(state, ev.Transcribed(turn, ASKED, 1.3), ev.TurnEnded(END, 1.0), began)
    return state


def ready(state: State) -> list[ev.Event]:
    return [
        ev.ClauseReady(state.turn, 0, "On the ferry.", "en", 2.0),
        ev.Synthesized(state.turn, 0, SPEECH, 2.1),
        ev.AnswerEnded(state.turn, 1, 2.1),
    ]


def report(state: State, index: int, kind: str, t: float) -> ev.PlaybackReported:
    return ev.PlaybackReported(state.turn, Played(state.turn, index, kind, t), t)


def test_it_says_something_when_the_answer_is_late() -> None:
    state = waiting()
    assert interjection_due(state) == pytest.approx(END + 0.9)
    state, actions = run(state, ev.Ticked(END + 0.85))
    assert actions == []
    state, actions = run(state, ev.Ticked(END + 0.91))
    assert actions == [ev.Interject(state.turn, "en")]


def test_once_a_turn() -> None:
    state, actions = run(waiting(), *(ev.Ticked(END + t) for t in (1.0, 2.0, 3.0)))
    assert len(of(actions, ev.Interject)) == 1
    assert interjection_due(state) is None


def test_not_when_the_answer_is_ready_first() -> None:
    state = waiting()
    state, actions = run(state, *ready(state), ev.Ticked(END + 5.0))
    assert of(actions, ev.Play)
    assert not of(actions, ev.Interject)


@pytest.mark.parametrize("route", ["", "command", "crisis", "farewell", "greeting", "identity"])
def test_not_over_what_needs_no_thought(route: str) -> None:
    _, actions = run(waiting(route=route), ev.Ticked(END + 5.0))
    assert not of(actions, ev.Interject)


def test_not_where_it_is_switched_off() -> None:
    _, actions = run(waiting(Policy(interject_after_s=0.0)), ev.Ticked(END + 5.0))
    assert not of(actions, ev.Interject)


def test_not_before_the_person_has_certainly_finished() -> None:
    state, _ = run(State(POLICY), ev.SpeechStarted(0.0), ev.SpeechPaused(1.2, 1.0, PCM))
    began = ev.AnswerBegan(state.turn, "fact", (), False, 1.3)
    _, actions = run(state, ev.Transcribed(state.turn, ASKED, 1.3), began, ev.Ticked(9.0))
    assert not of(actions, ev.Interject)


def test_it_is_no_part_of_the_answer() -> None:
    state, _ = run(waiting(), ev.Ticked(END + 1.0))
    state, actions = run(state, report(state, ev.INTERJECTION, "started", 2.5))
    assert (state.phase, actions) == ("answering", [])
    state, actions = run(state, *ready(state), report(state, ev.INTERJECTION, "ended", 3.2))
    assert [a.utterance.index for a in of(actions, ev.Play)] == [0]
    state, actions = run(state, report(state, 0, "started", 3.3), report(state, 0, "ended", 4.3))
    (over,) = of(actions, ev.FinishTurn)
    assert over.said == "On the ferry."
    assert state.phase == "idle"


def test_who_goes_on_then_silences_it() -> None:
    state, _ = run(waiting(), ev.Ticked(END + 1.0))
    old = state.turn
    state, actions = run(state, ev.SpeechStarted(2.8))
    assert ev.StopSpeaking(old, 2.8) in actions
    assert state.phase == "hearing"


@given(st.lists(st.floats(0, 14), min_size=1, max_size=30), st.floats(0.1, 5))
def test_never_early_and_never_twice(ticks: list[float], after_s: float) -> None:
    state, early, late = waiting(Policy(interject_after_s=after_s)), 0, 0
    for t in sorted(ticks):
        state, actions = run(state, ev.Ticked(t))
        count = len(of(actions, ev.Interject))
        early += count if t < END + after_s else 0
        late += count
    assert early == 0
    assert late == (1 if max(ticks) >= END + after_s else 0)
