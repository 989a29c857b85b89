"""Recorded speech through the whole frame in real time, as if spoken at it: under `converse`, `demo` and `bench`.

The microphone is a recording and the speaker, unless it is to be heard, a sound card made of the clock; everything
between them, the face's process included, is what runs on the shelf.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from device.app import Frame, load_engines
from device.clock import SystemClock
from device.config import FrameSettings
from device.conversation import events as ev
from device.ears.recording import Said
from device.face_child import FaceChild, FaceOptions
from device.link import Mood, Stats
from device.memory_use import family_mb
from device.persona.unpacked import Persona
from device.ports import MIC_RATE, Pcm
from device.record import ROOM_RATE, Recorder, room
from device.rehearsal_sound import RehearsalSound, Surround

LONGEST_ANSWER_S = 60.0
"""s after the end of a question at which an answer is given up."""
NO_ANSWER_S = 4.0
"""s after a recording in which nothing was taken for speech."""
APART_S = 1.5
"""s after an interruption; sooner it would be taken for a part of it."""
PREPARED_WITHIN_S = 300.0
"""s that `prepare` waits at most."""
BETWEEN_S = 0.8
"""s between the end of an answer and the next question."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is said at the frame."""

    name: str
    pcm: Pcm
    """At MIC_RATE."""


@dataclass(frozen=True, slots=True)
class RehearsalLog:
    """What a conversation leaves behind beside its recorder."""

    seconds: float
    """Its length."""
    origin: float
    """s on the monotonic clock that count as its beginning."""
    frames: Path | None
    """The face's log of frames; None where the face could not write one."""
    stats: Stats | None
    """The face's last report about itself."""

    def face_report(self) -> dict[str, Any]:
        """The "face" object of conversation.json."""
        if self.stats is None:
            return {"fps": None, "frame_ms": None, "sync_ms": None}
        frame_ms = {"p50": self.stats.p50, "p95": self.stats.p95, "p99": self.stats.p99}
        return {"fps": self.stats.fps, "frames": self.stats.frames, "frame_ms": frame_ms, "sync_ms": None}


class _Turns:
    """Passes events to the recorder and lets the rehearsal wait for the end of turns."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.heard_something = False
        self._done = threading.Condition()
        self._count = self._begun = 0

    def event(self, event: ev.Event) -> None:
        self.recorder.event(event)
        if isinstance(event, ev.SpeechStarted):
            self.heard_something = True
        if isinstance(event, ev.PlaybackReported) and event.played.kind == "started" and event.played.index >= 0:
            with self._done:
                self._begun += 1
                self._done.notify_all()

    def finished(self, turn: ev.FinishTurn) -> None:
        self.recorder.finished(turn)
        with self._done:
            self._count += 1
            self._done.notify_all()

    @property
    def count(self) -> int:
        return self._count

    @property
    def begun(self) -> int:
        """Clauses of which the first sample was heard."""
        return self._begun

    def wait_for_sound(self, begun: int, timeout_s: float) -> bool:
        """Until more than so many clauses have begun."""
        with self._done:
            return self._done.wait_for(lambda: self._begun > begun, timeout_s)

    def wait_beyond(self, count: int, timeout_s: float) -> bool:
        with self._done:
            return self._done.wait_for(lambda: self._count > count, timeout_s)


class Rehearsal:
    """One conversation with a persona; use as a context manager."""

    def __init__(
        self,
        persona: Persona,
        settings: FrameSettings,
        say: Callable[[str], None],
        aloud: bool = False,
        surround: Surround | None = None,
    ) -> None:
        """`aloud`: through the loudspeaker, if there is one; question and answer can then be heard in the room.
        `surround`: puts the person into a room in which the loudspeaker is heard, too."""
        self._persona = persona
        self._settings = settings
        self._say = say
        self._clock = SystemClock()
        self._sound = RehearsalSound(self._clock, settings.sound.speaker, say, aloud, surround)
        self._folder = tempfile.TemporaryDirectory(prefix="imago-")
        self._log: RehearsalLog | None = None
        self._started = 0.0
        self._listening = 0.0

    def __enter__(self) -> Rehearsal:
        clock, persona = self._clock, self._persona
        self._started = clock.now()
        folder = Path(self._folder.name)
        self._face = FaceChild(
            FaceOptions(
                folder / "face", persona.folder, persona.file.person.name, self._settings.screen, folder / "frames.npz"
            )
        )
        engines = load_engines(persona, self._face.link, clock, self._settings, self._say)
        self.recorder = Recorder(clock.now())
        self._turns = _Turns(self.recorder)
        self._frame = Frame(engines, self._settings, self._turns, self._sound.person, self._sound.speaker)
        self._frame.start()
        self._face.link.send(Mood("idle", clock.now()))
        self._listening = clock.now()
        return self

    def prepare(self) -> float | None:
        """Waits until what answers open with has been said in advance, as on any day but the first minutes of it -> s
        since the start; None where it takes too long."""
        self._say("the voices prepare what answers open with")
        ready = self._frame.wait_until_prepared(PREPARED_WITHIN_S)
        return round(self._clock.now() - self._started, 1) if ready else None

    @property
    def start_s(self) -> dict[str, float | None]:
        """s from the start to the portrait on the screen, and to listening."""
        shown = self._face.shown_at
        return {
            "portrait": None if shown is None else round(shown - self._started, 2),
            "listening": round(self._listening - self._started, 2),
        }

    def __exit__(self, *_: object) -> None:
        self.end()
        self._folder.cleanup()

    def ask(self, question: Question) -> dict[str, Any] | None:
        """Says one recording and waits for the answer's end -> its turn; None when nothing was heard in it."""
        before = self._turns.count
        self._turns.heard_something = False
        start, end = self._sound.person.say(question.pcm)
        if self._sound.aloud:
            self._frame.say_aloud(question.pcm)
        self.recorder.person_said(question.pcm, start, end)
        remaining = end - self._clock.now()
        if self._turns.wait_beyond(before, remaining + NO_ANSWER_S) or self._turns.heard_something:
            self._turns.wait_beyond(before, LONGEST_ANSWER_S)
        if self._turns.count == before:
            self.recorder.unheard()
            return None
        return self.recorder.turns[-1]

    def interrupt(self, question: Question, remark: Pcm, after_s: float) -> Said:
        """Asks, and says `remark` `after_s` seconds into the answer -> when that was in the air; waits until all is
        over."""
        before, begun = self._turns.count, self._turns.begun
        start, end = self._sound.person.say(question.pcm)
        self.recorder.person_said(question.pcm, start, end)
        self._turns.wait_for_sound(begun, end - self._clock.now() + NO_ANSWER_S)
        threading.Event().wait(after_s)
        said = self._sound.person.say(remark)
        self.recorder.person_said(remark, said.start, said.end)
        self._turns.wait_beyond(before, LONGEST_ANSWER_S)
        threading.Event().wait(max(0.0, said.end - self._clock.now()) + APART_S)
        while not self._frame.loop.idle:
            threading.Event().wait(0.1)
        return said

    def converse(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """All recordings one after the other -> the turns."""
        for question in questions:
            self.ask_and_rest(question)
        return self.recorder.turns

    def ask_and_rest(self, question: Question) -> dict[str, Any] | None:
        """As `ask`, with a moment of silence before whatever is said next."""
        turn = self.ask(question)
        self._say(f"{question.name}: {turn['said'] if turn and turn['said'] else '(nothing)'}")
        threading.Event().wait(BETWEEN_S)
        return turn

    def end(self) -> RehearsalLog:
        """Ends the conversation and both processes -> what is left of it. Its frames last as long as this object."""
        if self._log is None:
            seconds = self._clock.now() - self.recorder.origin
            self._frame.stop()
            self._face.stop()
            frames = self._face.frames
            there = frames if frames is not None and frames.exists() else None
            self._log = RehearsalLog(seconds, self.recorder.origin, there, self._face.stats)
        return self._log

    def rest(self, sound: Pcm) -> None:
        """Lets a sound be heard that is no question, and waits until it is over."""
        said = self._sound.person.say(sound)
        threading.Event().wait(max(said.end, self._clock.now() + len(sound) / MIC_RATE) - self._clock.now())

    @property
    def processes(self) -> dict[int, str]:
        """The processes of a frame by their numbers."""
        return {os.getpid(): "mind", self._face.pid: "face"}

    def memory_mb(self) -> dict[str, float]:
        """Memory of both processes and of what they started, now, MB (proportional set sizes)."""
        face = family_mb(self._face.pid)
        mind = family_mb(os.getpid(), without=frozenset({self._face.pid}))
        return {"mind": mind, "face": face, "total": round(mind + face, 1)}

    def played(self, seconds: float) -> Pcm | None:
        """What the loudspeaker played from the origin on, at ROOM_RATE; None where a real one plays."""
        return self._sound.played(self.recorder.origin, seconds)


def write_room(path: Path, recorder: Recorder, seconds: float, played: Pcm | None = None) -> None:
    """room.wav: 16 bit, stereo, left the person, right the frame (`played`, where that is known)."""
    sound = room(recorder, seconds, played)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(ROOM_RATE)
        file.writeframes(np.round(sound * 32767).astype("<i2").tobytes())


def write_events(path: Path, recorder: Recorder) -> None:
    """events.jsonl: one event a line, in the order in which the loop took them."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in recorder.lines), encoding="utf-8")
