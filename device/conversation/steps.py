"""What several transitions of the conversation share: handing clauses to the speaker, obeying, ending a turn. Pure."""

from __future__ import annotations

from dataclasses import replace

from device.conversation import events as ev
from device.conversation.state import State
from device.ports import Transcript, Utterance

Step = tuple[State, tuple[ev.Action, ...]]


def understood(transcript: Transcript) -> bool:
    """Something to answer: words, or at least the knowledge that they were in a language we lack."""
    return bool(transcript.text.strip()) or transcript.language not in ("en", "zh")


def heard(transcript: Transcript | None) -> tuple[ev.Action, ...]:
    """The caption of what was said."""
    return (ev.ShowHeard(transcript.text, transcript.language),) if transcript else ()


def settle(state: State, t: float) -> Step:
    """Whatever is due once the person has finished: an order obeyed, clauses said, the turn ended."""
    if not (state.certain and state.addressed):
        return state, ()
    obeyed: tuple[ev.Action, ...] = (ev.Obey(state.order),) if state.order else ()
    state, played = release(replace(state, order=""))
    if state.total is not None and state.spoken >= state.total:
        state, ended = finish(state, t)
        return state, (*obeyed, *played, *ended)
    return state, (*obeyed, *played)


def release(state: State) -> Step:
    """Hands over, in order, every clause that is ready, if the person is certain to have finished."""
    if not (state.certain and state.addressed):
        return state, ()
    speeches = dict(state.speeches)
    actions: list[ev.Action] = []
    while (index := state.played) in speeches:
        last = state.total is not None and index == state.total - 1
        actions.append(ev.Play(Utterance(state.turn, index, speeches[index], last)))
        state = replace(state, played=index + 1)
    return state, tuple(actions)


def hush_if_handed(state: State, t: float) -> tuple[ev.Action, ...]:
    """Takes back what the speaker has been given and has not begun to say."""
    return (ev.StopSpeaking(state.turn, t),) if state.played else ()


def finish(state: State, t: float) -> Step:
    """The turn is over: whole clauses that were heard enter the history, and it listens on for a while."""
    language = state.transcript.language if state.transcript else ""
    said = joined(state.clauses[: state.spoken], language)
    ended = ev.FinishTurn(state.turn, state.transcript.text if state.transcript else "", said, language)
    leaving = state.route == "farewell"
    until = 0.0 if leaving or state.policy.attention == "always" else t + state.policy.follow_up_s
    mood = "farewell" if leaving else "listening" if until else "idle"
    return state.fresh(attentive_until=until), (ended, ev.Listen(True), ev.ShowMood(mood, t))


def joined(clauses: tuple[str, ...], language: str) -> str:
    """Clauses as one text."""
    return ("" if language == "zh" else " ").join(c.strip() for c in clauses)
