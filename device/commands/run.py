"""``imago run``: the frame on this machine: the face's and the mind's process under one supervisor."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from device import config, registry
from device.app import runtime_dir
from device.clock import SystemClock
from device.commands.output import progress
from device.commands.persona_choice import find
from device.errors import Missing
from device.face_child import FaceOptions, command
from device.supervisor import Child, Signs, Supervisor


def add_parser(subparsers: Any) -> None:
    """Adds ``run`` to the command line."""
    parser = subparsers.add_parser("run", help="the frame on this machine: microphone, loudspeaker, screen")
    parser.add_argument("--persona", metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--windowed", action="store_true", help="a window instead of the whole screen")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="instead of frame.toml in IMAGO_HOME")


def run(options: argparse.Namespace) -> int:
    """Checks that there is something to show and to hear with, then runs until stopped."""
    settings = config.load(options.settings)
    screen = settings.screen
    if options.windowed:
        screen = msgspec.structs.replace(screen, display="window")
    if screen.display != "offscreen":
        require_display()
    require_sound(settings.sound)
    persona = find(options.persona or settings.persona, progress)
    socket = runtime_dir() / f"imago-face-{os.getpid()}"
    name, calibration = persona.file.person.name, config.home() / "hologram.json"
    face = FaceOptions(
        socket,
        persona.folder,
        name,
        screen,
        album_after_s=settings.album.after_s,
        hologram=settings.hologram,
        calibration=calibration,
        night=settings.night,
    )
    face_command = command(face)
    mind_command = [sys.executable, "-m", "device", "mind", "--persona", str(persona.folder), "--face", str(socket)]
    if options.settings:
        mind_command += ["--settings", str(options.settings)]
    progress(f"{name} is on the screen; press q or Esc there, or Ctrl-C here, to stop")
    commands = {"face": face_command, "mind": mind_command}
    children = [Child(name, started, signs=Signs(name)) for name, started in commands.items()]
    Supervisor(children, SystemClock()).run(finished="face")
    return 0


def require_display() -> None:
    """Raises Missing where there is no screen to draw on."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or Path("/dev/dri/card0").exists()):
        raise Missing(
            "display",
            expected="a screen (DISPLAY, WAYLAND_DISPLAY or /dev/dri)",
            got="none",
            hint="start it in a desktop session; imago demo needs no screen",
        )


def require_sound(sound: config.Sound) -> None:
    """Opens both devices once. Raises Missing, with the names of what there is, where one cannot be had."""
    registry.make("microphone", "pyaudio", clock=SystemClock(), device=sound.microphone).close()
    registry.make("speaker", "pyaudio", on_played=lambda played: None, device=sound.speaker).close()
