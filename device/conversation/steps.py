"""What several transitions of the conversation share: handing clauses to the speaker, obeying, ending a turn. Pure."""

from __future__ import annotations

from device.conversation import events as ev
from device.conversation.state import State
from device.ports import NO_PICTURES, Transcript, Utterance

THOUGHT_ABOUT = ("fact", "follow-up", "smalltalk")
"""Routes of questions over which a person may say "Let me think": not of orders, greetings, or a cry for help."""

UNCLEAR = "unclear"
"""Route of what is said to somebody who was not understood."""

ANNOUNCEMENT = "announcement"
"""Route of what the frame says about itself: nobody is invited to go on."""

Step = tuple[State, tuple[ev.Action, ...]]


def understood(state: State, transcript: Transcript) -> bool:
    """Something to answer: words, or at least the knowledge that they were unclear, or in a language we lack.

    Who was asked to say it again is not asked twice: perhaps it is the television."""
    lacking = transcript.language not in ("en", "zh") or (transcript.unclear and not state.asked_again)
    return bool(transcript.text.strip()) or lacking


def heard(transcript: Transcript | None) -> tuple[ev.Action, ...]:
    """The caption of what was said."""
    return (ev.ShowHeard(transcript.text, transcript.language),) if transcript else ()


def settle(state: State, t: float) -> Step:
    """Whatever is due once the person has finished: an order obeyed, clauses said, the turn ended."""
    if not (state.certain and state.addressed):
        return state, ()
    obeyed: tuple[ev.Action, ...] = (ev.Obey(state.answer.order),) if state.answer.order else ()
    if state.answer.pictures.files:
        obeyed = (*obeyed, ev.ShowPictures(state.answer.pictures))
    state, played = release(state.drafted(order="", pictures=NO_PICTURES))
    # While somebody speaks into the last words, it is not over: they may be drowned, and said again.
    said = state.answer.total is not None and state.answer.spoken >= state.answer.total
    if said and state.interruption is None:
        state, ended = finish(state, t)
        return state, (*obeyed, *played, *ended)
    return state, (*obeyed, *played)


def release(state: State) -> Step:
    """Hands over, in order, every clause that is ready, if the person is certain to have finished."""
    if not (state.certain and state.addressed):
        return state, ()
    ready = {index for index, _ in state.answer.speeches}
    end = state.answer.played
    while end in ready:
        end += 1
    return state.drafted(played=end), play(state, state.answer.played, end)


def interjection_due(state: State) -> float | None:
    """When, s, something is to be said meanwhile; None where the answer begins, nothing may be heard, or it was."""
    answer, after_s = state.answer, state.policy.interject_after_s
    waiting = state.phase == "answering" and answer.certain_at is not None and after_s > 0
    if not waiting or answer.interjected or answer.played or answer.total == 0 or answer.route not in THOUGHT_ABOUT:
        return None
    assert answer.certain_at is not None
    return answer.certain_at + after_s


def play(state: State, first: int, end: int) -> tuple[ev.Action, ...]:
    """Clauses from `first` to before `end` for the speaker."""
    speeches, total = dict(state.answer.speeches), state.answer.total
    return tuple(ev.Play(Utterance(state.turn, i, speeches[i], i + 1 == total)) for i in range(first, end))


def hush_if_handed(state: State, t: float) -> tuple[ev.Action, ...]:
    """Takes back what the speaker has been given; an interjection may be in the air, the answer is not yet."""
    return (ev.StopSpeaking(state.turn, t),) if state.answer.played or state.answer.interjected else ()


def finish(state: State, t: float) -> Step:
    """The turn is over: whole clauses that were heard enter the history, and it listens on for a while."""
    language = state.transcript.language if state.transcript else ""
    said = joined(state.answer.clauses[: state.answer.spoken], language)
    ended = ev.FinishTurn(state.turn, state.transcript.text if state.transcript else "", said, language)
    leaving = state.answer.route == "farewell"
    over = leaving or state.answer.route == ANNOUNCEMENT or state.policy.attention == "always"
    until = 0.0 if over else t + state.policy.follow_up_s
    mood = "farewell" if leaving else "listening" if until else "idle"
    raised = (ev.Duck(False),) if state.interruption is not None else ()
    asked_again = state.answer.route == UNCLEAR
    return state.fresh(attentive_until=until, asked_again=asked_again), (
        ended,
        *raised,
        ev.Listen(True),
        ev.ShowMood(mood, t),
    )


def joined(clauses: tuple[str, ...], language: str) -> str:
    """Clauses as one text."""
    return ("" if language == "zh" else " ").join(c.strip() for c in clauses)
