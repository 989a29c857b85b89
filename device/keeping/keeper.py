"""Makes the frame's processes follow the store: another persona is put on at a calm moment, one on trial is watched."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.errors import Busy, ImagoError
from device.keeping import words
from device.keeping.packs import Packs
from device.keeping.switching import Begin, Choice, Pass, Seen, Switching, Trouble, Wait
from device.link import Message, News, Persona, Stats, Worn
from device.ports import FaceLink
from device.supervisor import Child

log = logging.getLogger(__name__)

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
                    self._packs.close_others(self._packs.wanted())
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

    def _seen(self) -> Seen:
        face, mind, worn = self._processes.face, self._processes.mind, self._worn
        here = worn is not None and self._home is not None and worn.directory == str(self._home.folder)
        current = self._switching.current
        trouble: Trouble = ""
        if (face.ended, mind.ended) != self._ends:
            trouble = "mind" if mind.ended != self._ends[1] else "face"
        elif here and worn is not None and worn.fault:
            trouble = "picture"
        return Seen(
            self._packs.wanted(),
            self._calm or not face.ready,  # without a face there is nobody to talk with
            current is not None and not self._packs.has(current),
            here and face.ready,
            mind.ready,
            trouble,
        )

    def _begin(self, choice: Choice, now: float) -> None:
        if choice.trial and not self._packs.tried(choice):
            log.warning("%s was given up", choice.name)
            return
        try:
            home = Home(self._packs.open(choice), choice.name) if choice.digest else self._otherwise()
        except ImagoError as error:
            if not choice.digest:
                raise  # a mistake of whoever named a persona
            log.error("%s", error.line())
            self._switching.refused(choice, now)
            if not choice.trial:
                self._say(words.closed(choice), now + BACK_S)
            return
        failed, before = self._switching.failed, self._switching.current
        self._put_on(home, now)
        self._switching.begun(choice, now)
        self._packs.close_others(choice)
        if home is None:
            self._say(words.NOBODY, float("inf"))
        elif before is not None:
            self._say(words.coming(home.name), 0.0)
        if failed is not None:
            self._explain(*failed, Choice(choice.series, choice.digest, self.name), now)

    def _explain(self, failed: Choice, trouble: Trouble, present: Choice, now: float) -> None:
        """Why another try, or another persona, was begun."""
        again = "tried again" if failed.same(present) else f"given up; {present.name} is back"
        log.warning("%s does not work (%s); it is %s", failed.name, trouble, again)
        if not failed.same(present):
            self._say(words.back(failed, trouble, present), now + BACK_S)

    def _put_on(self, home: Home | None, now: float) -> None:
        """The face first: it takes a second, the mind half a minute."""
        self._home, self._worn = home, None
        processes = self._processes
        processes.face.command = processes.face_command(home)
        self._link.send(Persona(str(home.folder) if home else "", home.name if home else ""))
        processes.mind.become(processes.mind_command(home) if home else [], now)
        self._ends = (processes.face.ended, processes.mind.ended)

    def _say(self, news: News, until: float) -> None:
        if news != self._news[0]:
            self._link.send(news)
        self._news = (news, until)

    def _tidy(self, now: float) -> None:
        """Takes from the screen what is no longer so."""
        news, until = self._news
        over = self._processes.mind.ready if until == 0.0 else now > until
        if news != words.NOTHING and over:
            self._say(words.NOTHING, 0.0)
