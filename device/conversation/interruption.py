"""Somebody speaks while the frame does: lower the voice at once, stop when there are words, go on when there are none.

    speech -----> ducked --words--> stopped; their words are the next turn
                    |----"mhm", a cough, silence--> the clause that was drowned is begun again
Pure; the steps of `reducer.py` in the phase "speaking".
"""

from __future__ import annotations

from dataclasses import replace

from device.conversation import events as ev
from device.conversation.backchannel import backchannel
from device.conversation.own_words import own_words
from device.conversation.state import Draft, Interruption, State
from device.conversation.steps import Step, finish, heard, joined, play
from device.ports import Transcript

DROWNED_S = 0.25
"""s of lowered voice from which a clause is begun again: a syllable can be missed, words cannot."""


def begun(state: State, event: ev.SpeechStarted) -> Step:
    """A voice beside its own."""
    if state.interruption is not None:
        return replace(state, interruption=replace(state.interruption, voice=True, ended=None)), ()
    return replace(state, interruption=Interruption(event.t, True)), (ev.Duck(True),)


def disturbed(state: State, event: ev.Disturbed) -> Step:
    """A sound beside its own."""
    if state.phase != "speaking" or state.interruption is not None:
        return state, ()
    return replace(state, interruption=Interruption(event.t)), (ev.Duck(True),)


def undisturbed(state: State, event: ev.Undisturbed) -> Step:
    """It was no voice."""
    if state.phase != "speaking" or state.interruption is None or state.interruption.voice:
        return state, ()
    return passed(state, event.t)


def continues(state: State, event: ev.SpeechContinues) -> Step:
    """Enough of it to look for words, while it goes on."""
    if state.interruption is None:
        return state, ()
    return state, (ev.Transcribe(state.turn, event.utterance, "interrupting"),)


def paused(state: State, event: ev.SpeechPaused) -> Step:
    """All of it, if it ends here; again, once it is found that the frame's name may be in it."""
    found = state.interruption
    if found is None and not (event.late and event.called):
        return state, ()
    lowered = () if found is not None else (ev.Duck(True),)  # it had passed for nothing
    found = found or Interruption(event.t, voice=True, ended=event.t)
    state = replace(state, interruption=replace(found, asked=True))
    return state, (*lowered, ev.Transcribe(state.turn, event.utterance, "interrupted", called=event.called))


def ended(state: State, event: ev.TurnEnded) -> Step:
    """They have finished; perhaps before the transcriber has."""
    if state.interruption is None:
        return state, ()
    if not state.interruption.asked:
        return passed(state, event.t)
    return replace(state, interruption=replace(state.interruption, ended=event.t)), ()


def transcribed(state: State, event: ev.Transcribed) -> Step:
    """The verdict on a part of it."""
    waiting = state.interruption
    if waiting is None:
        return state, ()
    whole = event.stage == "interrupted"
    if not whole and waiting.asked:
        return state, ()  # all of it is with the transcriber, and will be known at once
    if _nothing(state, event.transcript):
        if whole and waiting.ended is not None:
            return passed(state, event.t)
        return (replace(state, interruption=replace(waiting, asked=False)) if whole else state), ()
    state, stopping = _cut(state, event.t)
    if not whole:
        return state, (*stopping, ev.ShowMood("listening", event.t))
    return _heard_out(state, event.transcript, waiting.ended is not None, event.t, stopping)


def _nothing(state: State, transcript: Transcript) -> bool:
    """A listener's sound, silence, or its own words: it may go on."""
    sounding = state.answer.sounding
    said = state.answer.clauses[max(0, sounding.index - 1) : sounding.index + 1] if sounding else ()
    small = backchannel(transcript.text) and transcript.language in ("en", "zh")
    return small or own_words(transcript.text, joined(said, _language(state)))


def _heard_out(state: State, transcript: Transcript, certain: bool, t: float, stopping: tuple[ev.Action, ...]) -> Step:
    """What they said is known; whether they are through, perhaps."""
    state = replace(state, phase="answering" if certain else "hearing", certain=certain, transcript=transcript)
    mood = ev.ShowMood("thinking" if certain else "listening", t)
    shown = heard(transcript) if certain else ()
    return state, (*stopping, mood, *shown, ev.Answer(state.turn, transcript))


def passed(state: State, t: float) -> Step:
    """It was nothing: the voice is raised, and a clause that was drowned is said once more."""
    drowned = state.interruption is not None and t - state.interruption.t > DROWNED_S
    state = replace(state, interruption=None)
    if not drowned or state.answer.sounding is None:
        return state, (ev.Duck(False),)
    first = state.answer.sounding.index
    again = play(state, first, state.answer.played)
    return state.drafted(sounding=None, spoken=first), (ev.StopSpeaking(state.turn, t), ev.Duck(False), *again)


def stopped(state: State, t: float) -> Step:
    """Somebody stops it by hand."""
    if state.interruption is None:
        state = replace(state, interruption=Interruption(t))
    state, stopping = _cut(state, t)
    return state.fresh(), (*stopping, ev.Listen(True), ev.ShowMood("listening", t))


def _cut(state: State, t: float) -> Step:
    """Ends the turn in the middle: only what was heard before the voice was lowered has been said."""
    assert state.interruption is not None
    at = state.interruption.t
    said = joined((*state.answer.clauses[: state.answer.spoken], _begun(state.answer, at)), _language(state))
    whole, actions = finish(state, t)
    over = next(a for a in actions if isinstance(a, ev.FinishTurn))
    over = replace(over, said=said.strip(), interrupted=at)
    return (
        replace(whole, phase="hearing", addressed=True),
        (ev.StopSpeaking(state.turn, t), ev.Duck(False), over, ev.Listen(True)),
    )


def _language(state: State) -> str:
    return state.transcript.language if state.transcript else ""


def _begun(answer: Draft, at: float) -> str:
    """The words of the clause in the air that were out by then, as if all of them lasted equally long."""
    sounding = answer.sounding
    speech = dict(answer.speeches).get(sounding.index) if sounding else None
    if sounding is None or speech is None or sounding.index < answer.spoken:
        return ""
    text = answer.clauses[sounding.index].strip()
    out = min(1.0, max(0.0, (at - sounding.t) / max(speech.seconds, 0.01)))
    if speech.language == "zh":
        return text[: int(out * len(text))]
    words = text.split()
    return " ".join(words[: int(out * len(words))])
