"""The engines at work, a thread each.

Given actions, they post events with the turn number they worked for, and drop what nobody wants any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

from device.conversation import events as ev
from device.ears.overheard import understand
from device.ports import Cancelled, Clock, FaceLink, Speech, Synthesizer, Transcriber, Transcript
from device.workers import Hangs, Worker

log = logging.getLogger(__name__)

HOPELESS_S = 60.0
"""s in one job after which an engine counts as hung: four times what a turn is given (`conversation/watch.py`)."""

Job: TypeAlias = ev.Transcribe | ev.Answer | ev.Synthesize
Post: TypeAlias = Callable[[ev.Event], None]


class Mind(Protocol):
    """What the loop needs of `mind/`."""

    def answer(self, turn: int, transcript: Transcript, post: Post, cancelled: Cancelled) -> None:
        """Answers by posting AnswerBegan, FirstToken, ClauseReady and, unless cancelled, AnswerEnded."""
        ...

    def remember(self, heard: str, said: str, language: str) -> None:
        """A turn that was really spoken enters the history."""
        ...

    def look_at(self, file: str, t: float) -> None:
        """The photograph that is on the screen from `t` s on; "" none. From any thread."""
        ...


@dataclass(frozen=True, slots=True)
class Rooms:
    """The engines that the loop drives."""

    transcriber: Transcriber
    mind: Mind
    voices: dict[str, Synthesizer]
    """By language."""
    face: FaceLink
    clock: Clock
    languages: tuple[str, ...]
    """What the persona speaks, the first one preferred."""
    names: tuple[str, ...] = ()
    """What the persona is called by, wake phrases among them."""
    interjections: Mapping[str, tuple[Speech, ...]] = field(default_factory=dict)
    """Ready to be said while an answer is on its way, by language."""


class Workshop:
    """Transcriber, mind and voice behind queues; `begin` and `look` belong to the loop's thread."""

    def __init__(
        self,
        rooms: Rooms,
        post: Post,
        turn: Callable[[], int],
        sign: Callable[[], None],
        hopeless: Callable[[str], None],
    ) -> None:
        """`turn`: the number that is worked for now. `sign`: called while the mind is at work. `hopeless`: called with
        the name of an engine that hangs for good; a native call cannot be ended, only its process."""
        self._rooms = rooms
        self._post = post
        self._turn = turn
        self._sign = sign
        self._hopeless = hopeless
        self._hangs = Hangs(HOPELESS_S)
        self._wanted: ev.Transcribe | None = None  # the last interruption that was to be transcribed whole
        self._transcriber = Worker[ev.Transcribe]("transcriber", self._transcribe, self._failed, self._unwanted)
        self._mind = Worker[ev.Answer]("mind", self._answer, self._failed, self._unwanted)
        self._voice = Worker[ev.Synthesize]("voice", self._synthesize, self._failed, self._unwanted)

    def begin(self, job: Job) -> None:
        """Queues a job."""
        match job:
            case ev.Transcribe():
                self._wanted = job if job.stage == "interrupted" else self._wanted
                self._transcriber.submit(job)
            case ev.Answer():
                self._mind.submit(job)
            case ev.Synthesize():
                self._voice.submit(job)

    @property
    def busy(self) -> bool:
        """Something is in hand, or waits."""
        return any(worker.busy for worker in self._workers)

    def look(self, t: float) -> None:
        """Looks, at `t` s, for engines that hang."""
        for name in self._hangs.look({w.name: w.job_number for w in self._workers if w.busy}, t):
            log.error("the %s hangs for good", name)
            self._hopeless(name)

    def stop(self) -> None:
        """Ends the threads."""
        for worker in self._workers:
            worker.stop()

    @property
    def _workers(self) -> tuple[Worker[Any], ...]:
        return self._transcriber, self._mind, self._voice

    # --- on the engines' threads ---

    def _unwanted(self, job: Job) -> bool:
        return job.turn != self._turn()

    def _outdone(self, job: ev.Transcribe) -> bool:
        """It was taken for all of an interruption, and then there was more: half of it must not pass for the whole."""
        return job.stage == "interrupted" and self._wanted is not job

    def _transcribe(self, job: ev.Transcribe) -> None:
        if self._unwanted(job) or self._outdone(job):
            return
        heard = understand(self._rooms.transcriber, job, self._rooms.languages, self._rooms.names)
        if not self._outdone(job):
            now, called = self._rooms.clock.now(), heard.by is not None
            self._post(ev.Transcribed(job.turn, heard.transcript, now, called, job.stage))

    def _answer(self, job: ev.Answer) -> None:
        def cancelled() -> bool:
            self._sign()  # asked between two tokens: it is thinking
            return self._unwanted(job)

        self._rooms.mind.answer(job.turn, job.transcript, self._post, cancelled)

    def _synthesize(self, job: ev.Synthesize) -> None:
        if not self._unwanted(job):
            voice = self._rooms.voices.get(job.language) or next(iter(self._rooms.voices.values()))
            speech = replace(voice.synthesize(job.text), text=job.text, language=job.language)
            self._post(ev.Synthesized(job.turn, job.index, speech, self._rooms.clock.now()))

    def _failed(self, job: Job, error: Exception) -> None:
        part = type(job).__name__.lower()
        self._post(ev.PartFailed(job.turn, part, str(error), self._rooms.clock.now()))
