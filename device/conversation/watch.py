"""Watches over a turn that is to be answered: one that makes no progress is given up, whatever it waits for.

An engine may hang in native code, a loudspeaker may never report that it has played: without this rule the frame would
wait for them for ever, deaf to everybody. Pure; only the times of ticks are compared with one another.
"""

from __future__ import annotations

from dataclasses import replace

from device.conversation import events as ev
from device.conversation.state import State

PATIENCE_S = 15.0
"""s without progress after which a turn is given up: several times what the slowest step takes on the weakest machine
(a transcription of 30 s of speech, some 5 s there), and as long as anybody waits for an answer."""

OWN = (ev.TurnEnded, ev.Asked)
"""Progress of the turn beside the events that carry its number."""


def busy(state: State) -> bool:
    """Whether somebody waits for this turn's answer, or hears it."""
    return state.phase in ("answering", "speaking")


def moved(state: State, event: ev.Event) -> State:
    """The turn got on, if `event`, which is not stale, is of that kind."""
    if state.still_since is not None and (isinstance(event, OWN) or hasattr(event, "turn")):
        return replace(state, still_since=None)
    return state


def ticked(state: State, event: ev.Ticked) -> tuple[State, str]:
    """The state, and why its turn is to be given up, if it is. An engine that is slow but at work is waited for."""
    t = event.t
    if not busy(state):
        return (state if state.still_since is None else replace(state, still_since=None)), ""
    if state.still_since is None or event.alive:
        return replace(state, still_since=t), ""
    limit = PATIENCE_S + _sounding_s(state)
    return state, f"no progress for {limit:.0f} s" if t - state.still_since > limit else ""


def _sounding_s(state: State) -> float:
    """s that the clause in the air takes: nothing happens while it plays."""
    sounding = state.answer.sounding
    speech = None if sounding is None else dict(state.answer.speeches).get(sounding.index)
    return 0.0 if speech is None else speech.seconds
