"""Makes the frame's processes follow the store: another persona is put on at a calm moment, one on trial is watched."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from device.errors import Busy, ImagoError
from device.keeping import words
from device.keeping.packs import Packs
from device.keeping.switching import Begin, Choice, Pass, Seen, Switching, Trouble, Wait
from device.link import Message, News, Persona, Stats, Worn
from device.ports import FaceLink
from device.supervisor import Child

log = logging.getLogger(__name__)

PORTRAIT_S = 3.0
"""s that a portrait is given to come on the screen before another mind takes the processor for its models."""
BACK_S = 120.0
"""s for which the screen says why another one is back."""


@dataclass(frozen=True, slots=True)
class Home:
    """An opened persona."""

    folder: Path
    name: str


@dataclass(frozen=True, slots=True)
class Processes:
    """The frame's two, and the command line of each for a persona; without one the mind has nothing to do."""

    face: Child
    mind: Child
    face_command: Callable[[Home | None], list[str]]
    mind_command: Callable[[Home], list[str]]


class Keeper:
    """`look` belongs to the supervisor's loop; `hear` may be called from any thread."""

    def __init__(
        self, packs: Packs, processes: Processes, link: FaceLink, otherwise: Callable[[], Home | None]
    ) -> None:
        """`otherwise`: who lives in the frame while the store has nobody. `link`: to the face."""
        self._packs = packs
        self._processes = processes
        self._link = link
        self._otherwise = otherwise
        self._switching = Switching()
        self._home: Home | None = None
        self._worn: Worn | None = None
        self._calm = True
        self._ends = (0, 0)
        self._due = 0.0
        """s, when a mind is started though the portrait is not seen yet"""
        self._closed = True
        """Nothing of other personas is open"""
        self._news = (words.NOTHING, 0.0)
        """What the screen says, and until when, s; 0: until the mind listens"""

    def hear(self, message: Message) -> None:
        """What the face tells."""
        if isinstance(message, Worn):
            self._worn = message
        elif isinstance(message, Stats):
            self._calm = message.calm

    def look(self, now: float) -> None:
        """One look at everything, at `now` s."""
        do = self._switching.look(self._seen(), now)
        try:
            match do:
                case Begin(choice):
                    self._begin(choice, now)
                case Pass():
                    self._packs.passed()
                    if (current := self._switching.current) is not None:
                        self._packs.close_others(replace(current, trial=False))
                    log.info("%s works", self.name)
                case Wait(choice):
                    current = self._switching.current
                    self._say(words.waiting(choice, current is not None and choice.series == current.series), now + 1)
        except Busy as error:  # somebody else changes the store: at the next look
            log.debug("%s", error.line())
        self._tidy(now)

    @property
    def name(self) -> str:
        """Of the persona that the frame is."""
        return self._home.name if self._home is not None else "nobody"

    @property
    def _here(self) -> Worn | None:
        """The present persona's portrait, if it is on the screen."""
        worn, folder = self._worn, str(self._home.folder) if self._home is not None else ""
        return worn if worn is not None and worn.directory == folder else None

    def _seen(self) -> Seen:
        face, mind, here = self._processes.face, self._processes.mind, self._here
        current = self._switching.current
        trouble: Trouble = ""
        if (face.ended, mind.ended) != self._ends:
            trouble = "mind" if mind.ended != self._ends[1] else "face"
        elif here is not None and here.fault:
            trouble = "picture"
        return Seen(
            self._packs.wanted(),
            self._calm or not face.ready,  # without a face there is nobody to talk with
            current is not None and not self._packs.has(current),
            here is not None and face.ready,
            mind.ready,
            trouble,
        )

    def _begin(self, choice: Choice, now: float) -> None:
        if choice.trial and not self._packs.tried(choice):
            log.warning("%s was given up", choice.name)
            return
        failed, before = self._switching.failed, self._switching.current
        gone = before is not None and not self._packs.has(before)
        try:
            home = Home(self._packs.open(choice), choice.name) if choice.digest else self._otherwise()
        except ImagoError as error:
            if before is None and not choice.digest:
                raise  # a mistake of whoever named a persona
            self._refuse(choice, error, gone, now)
            return
        self._put_on(home, now, at_once=before is None)
        self._switching.begun(choice, now)
        if gone and failed is None:
            self._packs.close_others(choice)  # not even until the portrait has changed
        if home is None:
            self._say(words.NOBODY, float("inf"))
        elif before is not None:
            self._say(words.coming(home.name), 0.0)
        if failed is not None:
            self._explain(*failed, Choice(choice.series, choice.digest, self.name), now)

    def _refuse(self, choice: Choice, error: ImagoError, gone: bool, now: float) -> None:
        """It cannot be opened. Rather nobody than one that is not the frame's any more (`gone`)."""
        log.error("%s", error.line())
        self._switching.refused(choice, now)
        if gone and self._home is not None:
            self._put_on(None, now)
            self._packs.close_others(choice)
        if not choice.trial and choice.name:
            self._say(words.closed(choice), now + BACK_S)

    def _explain(self, failed: Choice, trouble: Trouble, present: Choice, now: float) -> None:
        """Why another try, or another persona, was begun."""
        again = "tried again" if failed.same(present) else f"given up; {present.name} is back"
        log.warning("%s does not work (%s); it is %s", failed.name, trouble, again)
        if not failed.same(present):
            self._say(words.back(failed, trouble, present), now + BACK_S)

    def _put_on(self, home: Home | None, now: float, at_once: bool = False) -> None:
        """The face first: it takes a second, the mind half a minute. `at_once`: both are started now."""
        self._home, self._worn, self._closed = home, None, False
        processes = self._processes
        processes.face.command = processes.face_command(home)
        self._link.send(Persona(str(home.folder) if home else "", home.name if home else ""))
        processes.mind.become(processes.mind_command(home) if home and at_once else [], now)
        self._due = now + PORTRAIT_S
        self._ends = (processes.face.ended, processes.mind.ended)

    def _say(self, news: News, until: float) -> None:
        if news != self._news[0]:
            self._link.send(news)
        self._news = (news, until)

    def _tidy(self, now: float) -> None:
        """The mind follows the portrait; what is no longer so is taken from the screen, what is not needed from RAM."""
        mind = self._processes.mind
        if self._home is not None and not mind.command and (self._here is not None or now >= self._due):
            mind.become(self._processes.mind_command(self._home), now)
        if self._here is not None and not self._closed and self._switching.current is not None:
            self._closed = True
            self._packs.close_others(self._switching.current)
        news, until = self._news
        over = mind.ready if until == 0.0 else now > until
        if news != words.NOTHING and over:
            self._say(words.NOTHING, 0.0)
