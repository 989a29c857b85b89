"""What the conversation knows between two events, and what the family has set. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from device.ports import NO_PICTURES, Pictures, Speech, Transcript

Phase = Literal["idle", "hearing", "answering", "speaking"]
Attention = Literal["always", "wake", "push"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the frame takes part in a conversation."""

    attention: Attention = "always"
    """always: whatever is said is said to it. wake: it must be called by name. push: a key or pedal opens its ears."""
    follow_up_s: float = 8.0
    """s after an answer in which it listens on without being called again."""
    full_duplex: bool = False
    """Its ears stay open while it speaks; needs an echo canceller, or it would hear itself."""
    interject_after_s: float = 0.0
    """s of silence after the person has certainly finished in which, with no word of the answer ready, it says "Let me
    think" first; 0: never."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """The clause that is in the air."""

    index: int
    t: float
    """s, when its first sample was heard"""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Something sounds while the frame speaks; nobody knows yet whether it is meant for it."""

    t: float
    """s, when it began"""
    voice: bool = False
    """Somebody speaks."""
    ended: float | None = None
    """s, when they had finished"""
    asked: bool = False
    """The transcriber is at work on all of it; only its last word counts"""


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer of a turn, while it is made and said."""

    route: str = ""
    order: str = ""
    """A command in this turn that is not yet obeyed."""
    pictures: Pictures = NO_PICTURES
    """Photographs that are not yet shown."""
    clauses: tuple[str, ...] = ()
    """Its clauses so far."""
    total: int | None = None
    """How many there are, once known."""
    speeches: tuple[tuple[int, Speech], ...] = ()
    """Synthesised, by clause number; kept until the turn is over, since an interrupted clause is begun again."""
    played: int = 0
    """Clauses handed to the speaker."""
    spoken: int = 0
    """Clauses that were heard to their end."""
    sounding: Sounding | None = None
    certain_at: float | None = None
    """s, when the person had finished for certain, and it was meant for the frame"""
    interjected: bool = False
    """Something was said meanwhile."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the conversation knows between two events."""

    policy: Policy = Policy()
    turn: int = 0
    """Rises with every new or renewed attempt to answer."""
    phase: Phase = "idle"
    attentive_until: float = 0.0
    """s; until then nobody needs to call it by name."""
    addressed: bool = True
    """What is being heard is meant for the frame, as far as it knows."""
    asked_again: bool = False
    """The last thing that it said was that it had not understood."""
    asked: bool = False
    """The transcriber is at work on what was said up to now."""
    certain: bool = False
    """The person has finished: what is held may be said."""
    broken: int | None = None
    """The turn that a part failed at while the person was still speaking."""
    transcript: Transcript | None = None
    answer: Draft = Draft()
    interruption: Interruption | None = None
    still_since: float | None = None
    """s, the first tick after the turn's last progress; None: there was progress since."""

    def fresh(self, **changes: Any) -> State:
        """The next turn: nothing is left of this one but what outlasts turns."""
        blank = State(self.policy, self.turn + 1, attentive_until=self.attentive_until, asked_again=self.asked_again)
        return replace(blank, **changes)

    def drafted(self, **changes: Any) -> State:
        """The same with something changed about its answer."""
        return replace(self, answer=replace(self.answer, **changes))
