"""The whole frame in a simulated room, the face's process included, with every part in reach of a calamity."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device import registry
from device.app import Frame, load_engines
from device.bench.live import LIVING_ROOM
from device.bench.soak import vitals
from device.bench.soak.faults import Faults, PluggedMicrophone, PluggedSpeaker
from device.bench.soak.ledger import Ledger
from device.bench.soak.lips import Lips
from device.bench.virtual_room import VirtualRoom
from device.clock import SystemClock
from device.config import FrameSettings
from device.conversation import events as ev
from device.ears.recording import RecordedMicrophone, Said
from device.face_child import FaceChild, FaceOptions
from device.link import Mood, Stats
from device.memory_use import OWN, family_mb
from device.persona.unpacked import Persona
from device.ports import OnPlayed, Pcm, Speaker
from device.voice.virtual_speaker import VirtualSpeaker

KEPT_S = 40.0
"""s of the loudspeaker's sound that are kept: 8 MB, and longer than any clause."""


@dataclass(frozen=True, slots=True)
class Calamity:
    """Something that breaks."""

    begin: Callable[[], None]
    end: Callable[[], None]
    lasts_s: float
    spares_the_answer: bool = False
    """What is asked meanwhile is to be answered all the same."""


class Both:
    """Two observers of one loop."""

    def __init__(self, ledger: Ledger, lips: Lips) -> None:
        self._observers = (lips, ledger)

    def event(self, event: ev.Event) -> None:
        """To both."""
        for observer in self._observers:
            observer.event(event)

    def finished(self, turn: ev.FinishTurn) -> None:
        """To both."""
        for observer in self._observers:
            observer.finished(turn)


class Pictures:
    """Counts the face's frames, whichever process drew them."""

    def __init__(self) -> None:
        self._frames = self._late = 0

    def add(self, stats: Stats) -> None:
        """The face's report."""
        self._frames += len(stats.mouth)
        self._late += stats.late

    def take(self) -> tuple[int, int]:
        """All since the last call, and how many of them were late."""
        frames, late, self._frames, self._late = self._frames, self._late, 0, 0
        return frames, late


class Stage:
    """Use as a context manager; it listens inside."""

    def __init__(self, persona: Persona, settings: FrameSettings, say: Callable[[str], None]) -> None:
        """`say`: a line of progress for a person."""
        self.clock = SystemClock()
        self.ledger = Ledger()
        self.faults = Faults()
        self._made_of = (persona, settings, say)
        self._folder = tempfile.TemporaryDirectory(prefix="imago-")
        self._pictures = Pictures()
        self._speaker: PluggedSpeaker | None = None

    def __enter__(self) -> Stage:
        persona, settings, say = self._made_of
        socket = Path(self._folder.name) / "face"
        options = FaceOptions(socket, persona.folder, persona.file.person.name, settings.screen)
        self._sound: VirtualSpeaker = registry.make(
            "speaker", "virtual", on_played=lambda played: self._reports(played), clock=self.clock, keep_s=KEPT_S
        )
        self.lips = Lips(self._sound.timeline)
        self.face = FaceChild(options, self._stats)
        engines = load_engines(persona, self.face.link, self.clock, settings, say)
        self._mouth = RecordedMicrophone(self.clock)
        room = VirtualRoom(self._mouth, LIVING_ROOM, self._sound.timeline)
        self.person = PluggedMicrophone(room)
        observer = Both(self.ledger, self.lips)
        engines = self.faults.in_front_of(engines)
        self.frame = Frame(engines, settings, observer, self.person, self._loudspeaker)
        self.frame.start()
        self.face.link.send(Mood("idle", self.clock.now()))
        return self

    def __exit__(self, *_: object) -> None:
        self.frame.stop()
        self.face.stop()
        self._folder.cleanup()

    def sound(self, pcm: Pcm) -> Said:
        """A sound at the person's place that is no speech, as loud as it is."""
        return self._mouth.say(pcm)

    def calamities(self) -> dict[str, Calamity]:
        """By name; how long each lasts: as long as somebody needs to put a plug back, or longer than the frame waits
        for a part that hangs."""
        speaker, faults = self._speaker, self.faults
        assert speaker is not None
        return {
            "microphone away": Calamity(self.person.unplug, self.person.plug, 4.0),
            "loudspeaker away": Calamity(speaker.unplug, speaker.plug, 4.0),
            "loudspeaker without a word": Calamity(faults.reports.begin, faults.reports.end, 20.0),
            "transcriber fails": Calamity(faults.transcriber.begin, faults.transcriber.end, 6.0),
            "transcriber hangs": Calamity(faults.transcriber_hangs.begin, faults.transcriber_hangs.end, 20.0),
            "language model fails": Calamity(faults.mind.begin, faults.mind.end, 6.0),
            "language model hangs": Calamity(faults.mind_hangs.begin, faults.mind_hangs.end, 20.0),
            "voice fails": Calamity(faults.voice.begin, faults.voice.end, 6.0),
            "speech detector fails": Calamity(faults.detector.begin, faults.detector.end, 4.0),
            "face killed": Calamity(self._kill_face, lambda: None, 0.0, spares_the_answer=True),
        }

    def vitals(self) -> dict[str, Any]:
        """What both processes hold now, and the frames since the last call."""
        own, face = os.getpid(), self.face.pid
        frames, late = self._pictures.take()
        return {
            "mind_mb": family_mb(own, without=frozenset({face})),
            "face_mb": family_mb(face),
            "mind_own_mb": family_mb(own, without=frozenset({face}), kind=OWN),
            "face_own_mb": family_mb(face, kind=OWN),
            "mind_threads": vitals.threads(own),
            "face_threads": vitals.threads(face),
            "mind_files": vitals.files(own),
            "face_files": vitals.files(face),
            "frames": frames,
            "late_frames": late,
        }

    def _loudspeaker(self, played: OnPlayed) -> Speaker:
        self._reports = self.faults.unreported(played)
        self._speaker = PluggedSpeaker(self._sound)
        return self._speaker

    def _kill_face(self) -> None:
        os.kill(self.face.pid, signal.SIGKILL)

    def _stats(self, stats: Stats) -> None:
        self._pictures.add(stats)
        self.lips.stats(stats)
