"""The whole conversation as one pure function: (state, event) -> (state, actions).

    idle --speech--> hearing --end of turn--> answering --first sound--> speaking --last clause heard--> idle
                     |  ^  pause: transcribe, answer, synthesize, and hold it
                     +--+  resume: the turn number rises, and all of that is dropped

Work starts eagerly on a pause and is *held* until the end of the turn is certain. Whatever carries an older turn number
than the state's is dropped at the top of `reduce`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from device.conversation import events as ev
from device.ports import Speech, Transcript, Utterance

Phase = Literal["idle", "hearing", "answering", "speaking"]
Step = tuple["State", tuple[ev.Action, ...]]


@dataclass(frozen=True, slots=True)
class State:
    """Everything the conversation knows between two events."""

    turn: int = 0
    """Rises with every new or renewed attempt to answer."""
    phase: Phase = "idle"
    certain: bool = False
    """The person has finished: what is held may be said."""
    broken: int | None = None
    """The turn that a part failed at while the person was still speaking."""
    transcript: Transcript | None = None
    clauses: tuple[str, ...] = ()
    """The answer's clauses so far."""
    total: int | None = None
    """How many clauses the answer has, once known."""
    ready: tuple[tuple[int, Speech], ...] = ()
    """Synthesised and held, by clause number."""
    played: int = 0
    """Clauses handed to the speaker."""
    spoken: int = 0
    """Clauses that were heard to their end."""


def reduce(state: State, event: ev.Event) -> Step:
    """One event. Stale ones (of an older turn) leave everything as it was."""
    if getattr(event, "turn", state.turn) != state.turn:
        return state, ()
    return _HANDLERS[type(event)](state, event)


def _fresh(state: State, **changes: Any) -> State:
    return State(turn=state.turn + 1, **changes)


def _started(state: State, event: ev.SpeechStarted) -> Step:
    if state.phase != "idle":
        return state, ()
    return _fresh(state, phase="hearing"), (ev.ShowMood("listening", event.t), ev.ShowHeard("", ""))


def _paused(state: State, event: ev.SpeechPaused) -> Step:
    if state.phase != "hearing":
        return state, ()
    state = _fresh(state, phase="hearing")
    return state, (ev.Transcribe(state.turn, event.utterance),)


def _resumed(state: State, event: ev.SpeechResumed) -> Step:
    if state.phase != "hearing":
        return state, ()
    return _fresh(state, phase="hearing"), ()


def _ended(state: State, event: ev.TurnEnded) -> Step:
    if state.phase != "hearing":
        return state, ()
    if state.broken is not None:
        return _fresh(state), (ev.FinishTurn(state.broken, "", "", ""), ev.Listen(True), ev.ShowMood("sorry", event.t))
    state = replace(state, phase="answering", certain=True)
    if state.transcript is not None and not _understood(state.transcript):
        return _nothing_heard(state, event.t)
    state, actions = _release(state)
    heard = _heard(state.transcript)
    return state, (ev.Listen(False), ev.ShowMood("thinking", event.t), *heard, *actions)


def _transcribed(state: State, event: ev.Transcribed) -> Step:
    state = replace(state, transcript=event.transcript)
    if not _understood(event.transcript):
        return _nothing_heard(state, event.t) if state.certain else (state, ())
    heard = _heard(event.transcript) if state.certain else ()
    return state, (*heard, ev.Answer(state.turn, event.transcript))


def _asked(state: State, event: ev.Asked) -> Step:
    if state.phase not in ("idle", "hearing"):
        return state, ()
    transcript = Transcript(event.text, event.language, 1.0)
    state = _fresh(state, phase="answering", certain=True, transcript=transcript)
    return state, (
        ev.Listen(False),
        ev.ShowMood("thinking", event.t),
        *_heard(transcript),
        ev.Answer(state.turn, transcript),
    )


def _answer_began(state: State, event: ev.AnswerBegan) -> Step:
    return state, ()


def _clause(state: State, event: ev.ClauseReady) -> Step:
    state = replace(state, clauses=(*state.clauses, event.text))
    return state, (ev.Synthesize(state.turn, event.index, event.text, event.language),)


def _answer_ended(state: State, event: ev.AnswerEnded) -> Step:
    return _finish_if_over(replace(state, total=event.clauses), event.t)


def _synthesized(state: State, event: ev.Synthesized) -> Step:
    return _release(replace(state, ready=(*state.ready, (event.index, event.speech))))


def _playback(state: State, event: ev.PlaybackReported) -> Step:
    if event.played.kind == "started":
        first = state.phase != "speaking"
        return replace(state, phase="speaking"), ((ev.ShowMood("speaking", event.played.t),) if first else ())
    return _finish_if_over(replace(state, spoken=state.spoken + 1), event.played.t)


def _failed(state: State, event: ev.PartFailed) -> Step:
    """The turn is given up, with what was already said of it kept."""
    if not state.certain:
        return _fresh(state, phase=state.phase, broken=event.turn), ()
    state, actions = _finish(state, event.t)
    return state, (ev.StopSpeaking(event.turn, event.t), *actions[:-1], ev.ShowMood("sorry", event.t))


def _understood(transcript: Transcript) -> bool:
    """Something to answer: words, or at least the knowledge that they were in a language we lack."""
    return bool(transcript.text.strip()) or transcript.language not in ("en", "zh")


def _heard(transcript: Transcript | None) -> tuple[ev.Action, ...]:
    return (ev.ShowHeard(transcript.text, transcript.language),) if transcript else ()


def _release(state: State) -> Step:
    """Hands over, in order, every clause that is ready, if the person is certain to have finished."""
    if not state.certain:
        return state, ()
    speech = dict(state.ready)
    actions: list[ev.Action] = []
    while (index := state.played) in speech:
        last = state.total is not None and index == state.total - 1
        actions.append(ev.Play(Utterance(state.turn, index, speech[index], last)))
        state = replace(state, played=index + 1)
    return replace(state, ready=tuple(r for r in state.ready if r[0] >= state.played)), tuple(actions)


def _finish_if_over(state: State, t: float) -> Step:
    if state.certain and state.total is not None and state.spoken >= state.total:
        return _finish(state, t)
    return state, ()


def _finish(state: State, t: float) -> Step:
    heard = state.transcript.text if state.transcript else ""
    language = state.transcript.language if state.transcript else ""
    said = _join(state.clauses[: state.spoken], language)
    return _fresh(state), (
        ev.FinishTurn(state.turn, heard, said, language),
        ev.Listen(True),
        ev.ShowMood("idle", t),
    )


def _nothing_heard(state: State, t: float) -> Step:
    """A cough, a slammed door: back to idle without a word."""
    return _fresh(state), (ev.FinishTurn(state.turn, "", "", ""), ev.Listen(True), ev.ShowMood("idle", t))


def _join(clauses: tuple[str, ...], language: str) -> str:
    return ("" if language == "zh" else " ").join(c.strip() for c in clauses)


_HANDLERS: dict[type[Any], Callable[[State, Any], Step]] = {
    ev.SpeechStarted: _started,
    ev.SpeechPaused: _paused,
    ev.SpeechResumed: _resumed,
    ev.TurnEnded: _ended,
    ev.Transcribed: _transcribed,
    ev.AnswerBegan: _answer_began,
    ev.FirstToken: _answer_began,
    ev.ClauseReady: _clause,
    ev.AnswerEnded: _answer_ended,
    ev.Synthesized: _synthesized,
    ev.PlaybackReported: _playback,
    ev.PartFailed: _failed,
    ev.Asked: _asked,
}
