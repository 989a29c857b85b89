"""Which persona the frame is, from one moment to the next. Pure: time and all that was seen are arguments, the answer
is what to do.

    another one is wanted --a calm moment--> begun --its portrait is seen, its mind listens, for a while--> passed
                                              ^  |
                                              '--' something dies, or it takes too long: begun anew, as long as it has
                                                   tries; then the store wants another one, and that one is begun
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

QUIET_S = 4.0
"""s after a conversation until the frame becomes another persona."""
PATIENT_S = 2.0
"""s of waiting for the end of a conversation until the screen says so."""
HEALTHY_S = 20.0
"""s for which a persona on trial must have been seen to work."""
LIMIT_S = 180.0
"""s in which a persona on trial must be seen to work: a slow disk takes its time for the models."""
RETRY_S = 10.0
"""s until a persona that is not on trial and could not be opened is opened again."""

Trouble = Literal["", "opening", "picture", "face", "mind", "time"]
"""What went wrong: its files, its portrait, the face's process, the mind's, or nothing that could be seen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A persona that the frame is, or should be."""

    series: str = ""
    digest: str = ""
    """"": none of the store's"""
    name: str = ""
    trial: bool = False

    def same(self, other: Choice) -> bool:
        """Whether it is that very pack."""
        return (self.series, self.digest) == (other.series, other.digest)


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to be seen at one moment."""

    wanted: Choice
    calm: bool = True
    """Nobody talks with the frame"""
    gone: bool = False
    """The present persona is no longer one of the frame's"""
    shown: bool = False
    """The portrait of the present one is on the screen"""
    listening: bool = False
    """Its mind is"""
    trouble: Trouble = ""
    """With the present one, since it was begun"""


@dataclass(frozen=True, slots=True)
class Begin:
    """Become this persona; one on trial loses a try. Then `Switching.begun`, or `refused`."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class Pass:
    """The persona on trial was seen to work."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Say that another one waits."""

    choice: Choice


Do: TypeAlias = Begin | Pass | Wait | None


class Switching:
    """Remembers what was begun, and when."""

    def __init__(self) -> None:
        self.current: Choice | None = None
        """None: nothing was begun yet"""
        self.failed: tuple[Choice, Trouble] | None = None
        """The one that did not work, until it is begun again or another one has its place."""
        self._begun = 0.0
        self._healthy: float | None = None
        self._stirred = float("-inf")
        self._waiting: float | None = None
        self._not_before = float("-inf")

    def look(self, seen: Seen, now: float) -> Do:
        """What is to be done at `now` s."""
        if not seen.calm:
            self._stirred = now
        if self.current is None or not self.current.same(seen.wanted):
            return self._other(seen, now)
        self._waiting, self.current = None, seen.wanted
        return self._trial(seen, now) if seen.wanted.trial else None

    def begun(self, choice: Choice, now: float) -> None:
        """It has its portrait on the way to the screen, and its mind is being started."""
        self.current, self._begun = choice, now
        self.failed = self._healthy = self._waiting = None

    def refused(self, choice: Choice, now: float) -> None:
        """It could not be opened."""
        self.failed = (choice, "opening")
        self._not_before = now if choice.trial else now + RETRY_S

    def _other(self, seen: Seen, now: float) -> Do:
        """Another one is wanted than there is."""
        self._healthy = None
        urgent = self.current is None or seen.gone or self.failed is not None
        if now >= self._not_before and (urgent or now - self._stirred >= QUIET_S):
            return Begin(seen.wanted)
        self._waiting = now if self._waiting is None else self._waiting
        return Wait(seen.wanted) if not urgent and now - self._waiting >= PATIENT_S else None

    def _trial(self, seen: Seen, now: float) -> Do:
        """The present one is on trial."""
        late = self._healthy is None and now - self._begun > LIMIT_S
        trouble: Trouble = seen.trouble or ("time" if late else "")
        if trouble or self.failed is not None:
            if trouble:
                self.failed = (seen.wanted, trouble)
            return Begin(seen.wanted)
        if not (seen.shown and seen.listening):
            self._healthy = None
            return None
        self._healthy = now if self._healthy is None else self._healthy
        return Pass() if now - self._healthy >= HEALTHY_S else None
