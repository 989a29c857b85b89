"""The life of the face: messages in, frames out, on a steady beat, until it is told to end."""

from __future__ import annotations

import contextlib
import datetime
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import msgspec

from device.face.booth import Booth
from device.face.display import Display
from device.face.dressing import Dresser
from device.face.motion import CALM
from device.face.night import Dimmer
from device.face.pacing import Beat, Pace, Shown, even_fps
from device.face.record import Recorder
from device.face.settings import Settings
from device.face.stage import Stage
from device.face.told import Told
from device.face.wardrobe import booth_for, stage_for
from device.heartbeat import Heartbeat
from device.link import PRESENCE, Farewell, Keeper, Message, Mood, Persona, Ready, Touch, Worn
from device.link_transport import FaceServer
from device.persona.stick import arrival
from device.stick import CLEAR, Watch, news

log = logging.getLogger(__name__)

LATENCY = 0.020
"""s from the beginning of a frame's making until it is seen: drawing, copying, half a refresh of the screen."""
QUIT = ("escape", "q")
"""Keys that close the frame."""
ANEW = 75
"""Exit status of a face that wants to be started again; sysexits.h calls it EX_TEMPFAIL."""
REPORT = 1.0
"""s between two Stats."""


def local_time() -> datetime.time:
    """The time of day where the frame stands."""
    return datetime.datetime.now().time()


class Face:
    """The running process: takes messages, keeps the beat."""

    def __init__(
        self,
        settings: Settings,
        display: Display,
        server: FaceServer,
        stage: Stage,
        booth: Booth | None = None,
        day: Callable[[], datetime.time] = local_time,
    ) -> None:
        """`booth`: what stands between the stage and the display. `day` tells the time of day."""
        self._settings = settings
        self._display = display
        self._server = server
        self._stage = stage
        self._booth = booth
        self._dimmer = Dimmer(settings.panel.night, day)
        self.pace = Pace()
        self._shown = Shown(settings.fps)
        self._told = Told(server)
        self._reported = 0.0
        self._dresser = Dresser(settings, settings.size if booth is None else booth.view)
        self._stick = Watch(arrival.path())
        self._news = CLEAR
        self.over = threading.Event()
        self._heartbeat = Heartbeat()

    @property
    def calm(self) -> bool:
        """Whether nobody talks with it."""
        return self._stage.motion.state in CALM

    def load(self, persona: Path | None, name: str) -> None:
        """Has a persona's portrait made in a thread; it is put on when it is ready."""
        self._dresser.ask(persona, name)

    def step(self, now: float) -> None:
        """One frame, begun at `now`."""
        self._listen(now)
        if (told := news(self._stick.look(now))) != self._news:
            self._news = told
            self._stage.tell(told, now)
        fresh = self._dresser.take()
        if fresh is not None:
            self._stage.wear(fresh.scene, now, fresh.photographs, fresh.manner)
        frame = self._dimmer.shade(self._stage.frame(now + LATENCY), self._stage.motion.state, now)
        self._display.show(frame if self._booth is None else self._booth.show(frame))
        shown = time.monotonic()
        if fresh is not None:
            self._told.wears(Worn(fresh.directory, fresh.fault, shown))
        self.pace.add(shown - now, shown)
        self._shown.add(shown, self._stage.mouth)
        self._watch(now)
        self._told.shows(self._stage.showing, now)
        if now - self._reported >= REPORT:
            self._report(now)

    def _report(self, now: float) -> None:
        self._reported = now
        self._heartbeat.beat(now)
        late, mouth = self._shown.take()
        stats = msgspec.structs.replace(self.pace.stats(), late=late, mouth=mouth, calm=self.calm)
        self._server.send(stats)

    def _listen(self, now: float) -> None:
        for message in self._server.poll():
            self._take(message, now)
        peers = self._server.peers
        self._stage.minds(peers, now)
        self._told.minds(peers)

    def _take(self, message: Message, now: float) -> None:
        if isinstance(message, Farewell):
            self.over.set()
        elif isinstance(message, Persona):
            self._dress(message)
        elif isinstance(message, Keeper):
            self._told.again()
        else:
            if isinstance(message, Mood) and message.state not in CALM:
                self._dimmer.stir(now)
                if self._stage.motion.state in CALM:
                    self.pace = Pace()  # a conversation begins: its figures are its own
            self._stage.tell(message, now)

    def _dress(self, persona: Persona) -> None:
        """Puts on another one; one that is worn already, and well, is only told of."""
        worn, making = self._told.worn, self._dresser.making
        if making is None and worn is not None and worn.directory == persona.directory and not worn.fault:
            self._told.again()
        elif making != persona.directory:
            self.load(Path(persona.directory) if persona.directory else None, persona.name)

    def _watch(self, now: float) -> None:
        for line in self._display.events():
            what, _, rest = line.partition(" ")
            if what in ("key", "touch"):
                self._dimmer.stir(now)
            if what == "shown":
                with contextlib.suppress(ValueError):
                    t, width, height = rest.split()
                    self._told.ready(Ready(float(t), (int(width), int(height))))
            elif what == "quit":
                self.over.set()
            elif what == "key":
                self._press(rest, now)
            elif self._booth is None or not self._booth.calibrating:
                self._server.send(Touch(line, now))

    def _press(self, key: str, now: float) -> None:
        """A key is the calibration's, closes the frame, says that somebody has come, or opens the ears."""
        booth, hologram = self._booth, self._settings.hologram
        if booth is not None and not booth.calibrating and key in hologram.presence:
            if self._stage.visit(now) and hologram.greet:
                self._server.send(Touch(PRESENCE, now))
        elif booth is not None and booth.key(key, now):
            return
        elif key in QUIT:
            self.over.set()
        else:
            self._server.send(Touch(f"key {key}", now))


def live(settings: Settings, display: Display, server: FaceServer) -> int:
    """Runs until a Farewell, Escape or a signal; 0. ANEW where the screen got another shape, for which all must be made
    again; a conversation is not cut off for that."""
    with contextlib.suppress(OSError):
        os.nice(settings.niceness)
    cv2.setNumThreads(1)  # frames are small: more threads only take the processor from the language model
    booth = booth_for(settings)
    size = settings.size if booth is None else booth.view
    recorder = Recorder(size, settings.fps) if settings.record else None
    face = Face(settings, display, server, stage_for(settings, size, recorder), booth)
    if settings.persona is not None:
        face.load(settings.persona, settings.name)
    _end_on_signals(face.over)
    gc.freeze()  # what was imported is never garbage: collections stay short
    beat, rhythm = Beat(settings.fps, time.monotonic()), 0.0
    while not face.over.is_set():
        face.step(time.monotonic())
        if display.rhythm != rhythm:
            rhythm = display.rhythm
            beat = Beat(even_fps(settings.fps, rhythm), time.monotonic())
        if display.outgrown and face.calm:
            log.info("the screen has another shape; the face starts anew for it")
            return ANEW
        now = time.monotonic()
        face.over.wait(beat.following(now) - now)
    _finish(settings, face, recorder)
    return 0


def _finish(settings: Settings, face: Face, recorder: Recorder | None) -> None:
    log.info("frame interval p50 %.1f p95 %.1f p99 %.1f ms", *face.pace.interval_ms())
    log.info("making a frame p50 %.1f p95 %.1f p99 %.1f ms", *face.pace.made_ms())
    if recorder is not None and settings.record is not None:
        recorder.log().save(settings.record)


def _end_on_signals(over: threading.Event) -> None:
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
