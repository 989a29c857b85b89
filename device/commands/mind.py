"""``imago mind``: the mind's process alone, against a face that runs already; `imago run` and the services start it."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path
from typing import Any

from device import config, registry
from device.app import Frame, load_engines
from device.clock import SystemClock
from device.commands.output import progress
from device.commands.persona_choice import find
from device.conversation import events as ev
from device.errors import Broken
from device.link import Message, Mood, Persona, Touch
from device.link_transport import FaceClient


def add_parser(subparsers: Any) -> None:
    """Adds ``mind`` to the command line."""
    parser = subparsers.add_parser("mind", help="the listening and answering process alone (imago run starts it)")
    parser.add_argument("--persona", required=True, metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--face", type=Path, required=True, metavar="SOCKET", help="where the face listens")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="instead of frame.toml in IMAGO_HOME")


class Journal:
    """Observer: a line for each turn, without a word of what was said in it."""

    def event(self, event: ev.Event) -> None:
        """Failures are worth a line."""
        if isinstance(event, ev.PartFailed):
            progress(f"{event.part} failed: {event.reason}")

    def finished(self, turn: ev.FinishTurn) -> None:
        """Only that there was a turn: conversations are nobody else's business."""
        progress("a turn has ended" if turn.said else "nothing was said")


def run(options: argparse.Namespace) -> int:
    """Until SIGTERM."""
    settings = config.load(options.settings)
    persona = find(options.persona, progress)
    clock = SystemClock()
    sound = settings.sound
    frames: list[Frame] = []

    def by_hand(message: Message) -> None:
        """A touch, a key or a pedal, which is a key."""
        if isinstance(message, Touch) and frames:
            frames[0].loop.post(ev.Pushed(clock.now()))

    def hopeless(name: str) -> None:
        """A native call that never returns ends only with its process; the supervisor starts another one."""
        progress(f"{name} hangs; the mind ends, to be started anew")
        os._exit(Broken.exit_code)

    face = FaceClient(options.face, by_hand)
    face.send(Persona(str(persona.folder), persona.file.person.name))
    microphone = registry.make("microphone", "pyaudio", clock=clock, device=sound.microphone)
    engines = load_engines(persona, face, clock, settings, lambda name: progress(f"{name} ready"))
    frame = Frame(
        engines,
        settings,
        Journal(),
        microphone,
        lambda played: registry.make("speaker", "pyaudio", on_played=played, clock=clock, device=sound.speaker),
        hopeless,
    )
    frames.append(frame)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    frame.start()
    face.send(Mood("idle", clock.now()))
    progress("listening")
    stop.wait()
    frame.stop()
    face.close()
    return 0
