"""The whole conversation as one pure function: (state, event) -> (state, actions).

    idle --speech--> hearing --end of turn--> answering --first sound--> speaking --last clause heard--> idle
                     |  ^  ^ pause: transcribe, answer, synthesize, and hold it      |
                     +--+  | resume: the turn number rises, all of that is dropped   | speech: lower the voice;
                           '---------------------------------------------------------' words: stop, and hear them

Work starts eagerly on a pause and is *held* until the end of the turn is certain. Whatever carries an older turn number
than the state's is dropped at the top of `reduce`, and nowhere else. What happens while the frame speaks is in
`interruption.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from device.conversation import events as ev
from device.conversation import interruption, watch
from device.conversation.backchannel import backchannel
from device.conversation.finished import Ending, ending
from device.conversation.state import Sounding, State
from device.conversation.steps import (
    ANNOUNCEMENT,
    Step,
    finish,
    heard,
    hush_if_handed,
    interjection_due,
    release,
    settle,
    understood,
)
from device.ports import Transcript

__all__ = ["State", "reduce"]


def reduce(state: State, event: ev.Event) -> Step:
    """One event. Stale ones (of an older turn) leave everything as it was."""
    if getattr(event, "turn", state.turn) != state.turn:
        return state, ()
    before = state
    state, actions = _HANDLERS[type(event)](watch.moved(state, event), event)
    if before.interruption is not None and state.interruption is None and state.phase == "speaking":
        state, more = settle(state, event.t)  # all of it may have been said meanwhile
        actions = (*actions, *more)
    return state, actions


# --- somebody speaks ---


def _started(state: State, event: ev.SpeechStarted) -> Step:
    if state.phase == "idle":
        addressed = state.policy.attention == "always" or event.t < state.attentive_until
        state = state.fresh(phase="hearing", addressed=addressed)
        return state, (ev.ShowMood("listening", event.t), ev.ShowHeard("", "")) if addressed else ()
    if state.phase == "answering":
        # They go on after all, before a word of the answer was heard.
        shown = (ev.ShowMood("listening", event.t),) if state.addressed else ()
        return state.fresh(phase="hearing", addressed=state.addressed), (*hush_if_handed(state, event.t), *shown)
    return interruption.begun(state, event) if state.phase == "speaking" else (state, ())


def _paused(state: State, event: ev.SpeechPaused) -> Step:
    if state.phase == "speaking":
        return interruption.paused(state, event)
    if event.late and state.phase == "idle" and state.policy.attention == "wake":
        # Found only after the end of their turn, in which nothing was heard that was meant for it.
        state = state.fresh(phase="answering", addressed=False, asked=True, certain=True)
        return state, (ev.Transcribe(state.turn, event.utterance, overheard=True, called=event.called),)
    if state.phase != "hearing" or (event.late and state.addressed):
        return state, ()
    state = state.fresh(phase="hearing", addressed=state.addressed)
    if not (state.addressed or (event.called and state.policy.attention == "wake")):
        return state, ()
    overheard = not state.addressed
    job = ev.Transcribe(state.turn, event.utterance, overheard=overheard, called=event.called if overheard else ())
    return replace(state, asked=True), (job,)


def _continues(state: State, event: ev.SpeechContinues) -> Step:
    return interruption.continues(state, event) if state.phase == "speaking" else (state, ())


def _resumed(state: State, event: ev.SpeechResumed) -> Step:
    if state.phase != "hearing":
        return state, ()
    return state.fresh(phase="hearing", addressed=state.addressed), ()


def _ended(state: State, event: ev.TurnEnded) -> Step:
    if state.phase == "speaking":
        return interruption.ended(state, event)
    if state.phase != "hearing":
        return state, ()
    if state.broken is not None:
        return state.fresh(), (ev.FinishTurn(state.broken, "", "", ""), ev.Listen(True), ev.ShowMood("sorry", event.t))
    if not (state.addressed or state.asked):
        return state.fresh(), ()  # overheard, and not its name
    state = replace(state, phase="answering", certain=True)
    if state.transcript is not None and not understood(state, state.transcript):
        return _nothing_heard(state, event.t)
    return _sure(state, event.t) if state.addressed else (state, ())  # perhaps its name: the transcriber will know


def _sure(state: State, t: float) -> Step:
    """They have finished, and it was meant for the frame."""
    state, actions = settle(state.drafted(certain_at=t), t)
    if state.phase == "idle":
        return state, (*heard(state.transcript), *actions)
    closed = () if state.policy.full_duplex else (ev.Listen(False),)
    return state, (*closed, ev.ShowMood("thinking", t), *heard(state.transcript), *actions)


def _pushed(state: State, event: ev.Pushed) -> Step:
    """Being called by hand; while it speaks, it is a way to say stop."""
    state = replace(state, attentive_until=event.t + state.policy.follow_up_s)
    if state.phase == "speaking":
        return interruption.stopped(state, event.t)
    woken = (ev.Listen(True), ev.ShowMood("listening", event.t)) if state.phase == "idle" else ()
    return (replace(state, addressed=True) if state.phase == "hearing" else state), woken


def _visited(state: State, event: ev.Visited) -> Step:
    return _said_unasked(state, "greeting", event.greeting, event.language, event.t)


def _announced(state: State, event: ev.Announced) -> Step:
    return _said_unasked(state, ANNOUNCEMENT, event.text, event.language, event.t)


def _said_unasked(state: State, route: str, text: str, language: str, t: float) -> Step:
    """Of its own accord, in a turn in which nobody was heard; not into a conversation that has begun."""
    if state.phase != "idle" or state.attentive_until > t:
        return state, ()
    state = state.fresh(phase="answering", addressed=True, certain=True)
    state = state.drafted(route=route, clauses=(text,), total=1)
    closed = () if state.policy.full_duplex else (ev.Listen(False),)
    return state, (*closed, ev.ShowMood("listening", t), ev.Synthesize(state.turn, 0, text, language))


def _ticked(state: State, event: ev.Ticked) -> Step:
    """Time has passed in which it listened on, an answer should have begun, or there should have been progress."""
    state, overdue = watch.ticked(state, event)
    if overdue:
        return _given_up(state, event.t, overdue)
    due = interjection_due(state)
    if due is not None and event.t >= due:
        language = state.transcript.language if state.transcript else ""
        return state.drafted(interjected=True), (ev.Interject(state.turn, language),)
    if state.phase == "idle" and 0 < state.attentive_until < event.t:
        return replace(state, attentive_until=0.0), (ev.ShowMood("idle", event.t),)
    return state, ()


# --- the engines answer ---


def _transcribed(state: State, event: ev.Transcribed) -> Step:
    """Whatever comes of it, the ears learn how the words end, if they still have to decide."""
    if event.stage != "pause":
        open_ = event.stage == "interrupted" and state.interruption is not None and state.interruption.ended is None
        state, actions = interruption.transcribed(state, event)
    else:
        open_ = not state.certain and (state.addressed or event.called)
        state, actions = _understood(state, event)
    return state, (ev.Expect(_ending(event)), *actions) if open_ else actions


def _ending(event: ev.Transcribed) -> Ending:
    """Into the frame's own voice, a listener's "mhm" is whole, too."""
    if event.stage == "interrupted" and backchannel(event.transcript.text):
        return "asked"
    transcript = event.transcript
    return ending(transcript.text, transcript.language, transcript.confidence)


def _understood(state: State, event: ev.Transcribed) -> Step:
    if not (state.addressed or event.called):
        return state.fresh(phase="idle" if state.certain else "hearing", addressed=False), ()
    overheard = not state.addressed
    state = replace(state, addressed=True, transcript=event.transcript)
    if not understood(state, event.transcript):
        return _nothing_heard(state, event.t) if state.certain else (state, ())
    shown: tuple[ev.Action, ...] = heard(state.transcript) if state.certain else ()
    if overheard and state.certain:
        state, shown = _sure(state, event.t)
    return state, (*shown, ev.Answer(state.turn, event.transcript))


def _asked(state: State, event: ev.Asked) -> Step:
    if state.phase not in ("idle", "hearing"):
        return state, ()
    transcript = Transcript(event.text, event.language, 1.0)
    state = state.fresh(phase="answering", certain=True, transcript=transcript)
    state, actions = _sure(state, event.t)
    return state, (*actions, ev.Answer(state.turn, transcript))


def _answer_began(state: State, event: ev.AnswerBegan) -> Step:
    state, actions = settle(state.drafted(route=event.route, order=event.order, pictures=event.pictures), event.t)
    # Nobody goes on after "stop".
    return state, (ev.Expect("asked"), *actions) if event.order and not state.certain else actions


def _first_token(state: State, event: ev.FirstToken) -> Step:
    return state, ()


def _clause(state: State, event: ev.ClauseReady) -> Step:
    state = state.drafted(clauses=(*state.answer.clauses, event.text))
    return state, (ev.Synthesize(state.turn, event.index, event.text, event.language),)


def _answer_ended(state: State, event: ev.AnswerEnded) -> Step:
    return settle(state.drafted(total=event.clauses), event.t)


def _synthesized(state: State, event: ev.Synthesized) -> Step:
    return release(state.drafted(speeches=(*state.answer.speeches, (event.index, event.speech))))


def _playback(state: State, event: ev.PlaybackReported) -> Step:
    played = event.played
    if played.index >= state.answer.played:
        return state, ()  # nobody handed it over
    if played.index == ev.INTERJECTION:
        return state, ()  # no part of the answer: nothing of it is said by it
    if played.kind == "started":
        first = state.phase != "speaking"
        state = replace(state.drafted(sounding=Sounding(played.index, played.t)), phase="speaking")
        return state, ((ev.ShowMood("speaking", played.t),) if first else ())
    if played.kind == "stopped":
        return state, ()  # it was begun again
    return settle(state.drafted(spoken=state.answer.spoken + 1), played.t)


def _failed(state: State, event: ev.PartFailed) -> Step:
    """The turn is given up, with what was already said of it kept."""
    if state.interruption is not None and event.part == "transcribe":
        return interruption.passed(state, event.t)
    if not state.addressed:
        return state.fresh(phase="idle" if state.certain else "hearing", addressed=False), ()
    if not state.certain:
        return state.fresh(phase=state.phase, broken=event.turn), ()
    return _given_up(state, event.t)


def _given_up(state: State, t: float, why: str = "") -> Step:
    """Ends a turn that cannot go on."""
    if not state.addressed:
        return state.fresh(), ()
    turn = state.turn
    state, actions = finish(state, t)
    told = (replace(a, failure=why) if isinstance(a, ev.FinishTurn) else a for a in actions)
    shown = tuple(a for a in told if not isinstance(a, ev.ShowMood))
    return state, (ev.StopSpeaking(turn, t), *shown, ev.ShowMood("sorry", t))


def _nothing_heard(state: State, t: float) -> Step:
    """A cough, a slammed door: back to idle without a word."""
    return state.fresh(), (ev.FinishTurn(state.turn, "", "", ""), ev.Listen(True), ev.ShowMood("idle", t))


_HANDLERS: dict[type[Any], Callable[[State, Any], Step]] = {
    ev.SpeechStarted: _started,
    ev.SpeechPaused: _paused,
    ev.SpeechContinues: _continues,
    ev.Disturbed: interruption.disturbed,
    ev.Undisturbed: interruption.undisturbed,
    ev.SpeechResumed: _resumed,
    ev.TurnEnded: _ended,
    ev.Transcribed: _transcribed,
    ev.AnswerBegan: _answer_began,
    ev.FirstToken: _first_token,
    ev.ClauseReady: _clause,
    ev.AnswerEnded: _answer_ended,
    ev.Synthesized: _synthesized,
    ev.PlaybackReported: _playback,
    ev.PartFailed: _failed,
    ev.Asked: _asked,
    ev.Pushed: _pushed,
    ev.Visited: _visited,
    ev.Announced: _announced,
    ev.Ticked: _ticked,
}
