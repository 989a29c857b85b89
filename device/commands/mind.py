"""``imago mind``: the mind's process alone, against a face that runs already; `imago run` and the services start it."""

from __future__ import annotations

import argparse
import datetime
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device import config, consented, registry
from device.announcing import Announcer
from device.app import Frame, attention_for, load_engines
from device.clock import SystemClock
from device.commands.output import progress
from device.commands.persona_choice import find
from device.conversation import events as ev
from device.conversation.state import Attention
from device.ears.invented import hanzi
from device.ears.kept_delay import FILE, KeptDelay
from device.errors import Broken
from device.heartbeat import Heartbeat
from device.link import PRESENCE, Message, Mood, Notice, Persona, Showing, Touch
from device.link_transport import FaceClient
from device.persona.stick import arrival
from device.persona.unpacked import Persona as Unpacked
from device.ports import FaceLink
from device.stick import LOOK_S, Watch
from device.workshop import Mind

SAID = "arrival.said"
"""Beside the file that tells of a stick: what of it was said aloud."""


def add_parser(subparsers: Any) -> None:
    """Adds ``mind`` to the command line."""
    parser = subparsers.add_parser("mind", help="the listening and answering process alone (imago run starts it)")
    parser.add_argument("--persona", required=True, metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--face", type=Path, required=True, metavar="SOCKET", help="where the face listens")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="instead of frame.toml in IMAGO_HOME")


def how_to_begin(phrases: Sequence[str], attention: Attention) -> Notice:
    """What a family must know who stands before the frame for the first time; English, Chinese."""
    english = next((p for p in phrases if not hanzi(p)), "")
    chinese = next((p for p in phrases if hanzi(p)), "")
    if attention == "push":
        return Notice("Touch me, or press a key, and I listen.", "碰一下屏幕，或者按一个键，我就听。")
    if attention == "always" or not phrases:
        return Notice("I am listening.", "我在听。")
    return Notice(f"Say “{english or chinese}”, or touch me.", f"叫我一声“{chinese or english}”，或者碰一下屏幕。")


class Journal:
    """Observer: a line for each turn, without a word of what was said in it."""

    def __init__(self, face: FaceLink, announcer: Announcer) -> None:
        """`face`: told, once somebody has talked with it, that it need not say any more how."""
        self._face = face
        self._announcer = announcer
        self._begun = False
        self.heartbeat = Heartbeat()

    def event(self, event: ev.Event) -> None:
        """Failures are worth a line. The loop's ticks are the process's signs of life."""
        if isinstance(event, ev.Ticked):
            self.heartbeat.beat(event.t)
        if isinstance(event, ev.PartFailed):
            progress(f"{event.part} failed: {event.reason}")

    def finished(self, turn: ev.FinishTurn) -> None:
        """Only that there was a turn: conversations are nobody else's business."""
        progress("a turn has ended" if turn.said else "nothing was said")
        if not turn.heard:
            self._announcer.said(turn.said)
        if turn.heard and turn.said and not self._begun:
            self._begun = True
            self._face.send(Notice("", ""))


def meaning(touch: Touch, persona: Unpacked, t: float) -> ev.Event:
    """What a touch asks for at `t`: who comes is greeted in the persona's first language; all else opens the ears."""
    if touch.what != PRESENCE:
        return ev.Pushed(t)
    first = persona.file.person.languages[0]
    return ev.Visited(persona.file.person.greeting[first], first, t)


def run(options: argparse.Namespace) -> int:
    """Until SIGTERM."""
    settings = config.load(options.settings)
    persona = find(options.persona, progress)
    clock = SystemClock()
    sound = settings.sound
    frames: list[Frame] = []
    minds: list[Mind] = []

    def by_hand(message: Message) -> None:
        """A touch, a key or a pedal, which is a key; somebody has come; and what the face shows."""
        if isinstance(message, Touch) and frames:
            frames[0].loop.post(meaning(message, persona, clock.now()))
        elif isinstance(message, Showing) and minds:
            minds[0].look_at(next(iter(message.files), ""), message.t)

    def hopeless(name: str) -> None:
        """A native call that never returns ends only with its process; the supervisor starts another one."""
        progress(f"{name} hangs; the mind ends, to be started anew")
        os._exit(Broken.exit_code)

    face = FaceClient(options.face, by_hand)
    face.send(Persona(str(persona.folder), persona.file.person.name))
    microphone = registry.make("microphone", "pyaudio", clock=clock, device=sound.microphone)
    engines = load_engines(persona, face, clock, settings, lambda name: progress(f"{name} ready"))
    minds.append(engines.rooms.mind)
    where = arrival.path()
    announcer = Announcer(persona.file.person.languages[0], where.with_name(SAID) if where is not None else None)
    journal = Journal(face, announcer)
    frame = Frame(
        engines,
        settings,
        journal,
        microphone,
        lambda played: registry.make("speaker", "pyaudio", on_played=played, clock=clock, device=sound.speaker),
        hopeless,
        KeptDelay(config.cache() / FILE),
    )
    frames.append(frame)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    frame.start()
    face.send(Mood("idle", clock.now()))
    begin = how_to_begin(persona.file.wake.phrases, attention_for(settings.listening, engines.senses))
    face.send(consented.notice(persona.folder, datetime.date.today()) or begin)
    progress("listening")
    watch, first = Watch(where), persona.file.person.languages[0]
    beat = float("-inf")
    while True:
        now = clock.now()
        if now - beat >= journal.heartbeat.every_s:
            beat = now
            frame.loop.post(ev.Ticked(now))  # through the loop: it must be alive, too
        if text := announcer.look(watch.look(now), frame.loop.calm, now):
            frame.loop.post(ev.Announced(text, first, now))
        if stop.wait(min(LOOK_S, journal.heartbeat.every_s)):
            break
    frame.stop()
    face.close()
    return 0
