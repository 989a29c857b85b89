"""``imago run``: the frame on this machine: the face's and the mind's process under one supervisor.

It is the persona that the store says, and becomes another one when the store does; see `keeping/`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from device import config, registry
from device.app import runtime_dir
from device.clock import SystemClock
from device.commands.output import progress
from device.commands.persona_choice import DEMO, find
from device.errors import Missing
from device.face_child import FaceOptions, command
from device.keeping.keeper import Home, Keeper, Processes
from device.keeping.packs import InstalledPacks, NoPacks
from device.link import Keeper as KeeperSign
from device.link_transport import FaceClient
from device.persona.store.site import store_here
from device.supervisor import Child, Signs, Supervisor


def add_parser(subparsers: Any) -> None:
    """Adds ``run`` to the command line."""
    parser = subparsers.add_parser("run", help="the frame on this machine: microphone, loudspeaker, screen")
    parser.add_argument("--persona", metavar="P", help="a persona's folder, its id, or demo (whom the store says)")
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
    socket = runtime_dir() / f"imago-face-{os.getpid()}"
    processes = frame_processes(settings, screen, socket, options.settings)
    # Whoever names a persona has this one and no other; the store is not even looked at.
    packs = NoPacks() if options.persona else InstalledPacks(store_here())
    link = FaceClient(socket, lambda message: keeper.hear(message))
    keeper = Keeper(packs, processes, link, lambda: named(options.persona, settings.persona))
    link.send(KeeperSign())
    try:
        keeper.look(time.monotonic())
        progress(f"{keeper.name} is on the screen; press q or Esc there, or Ctrl-C here, to stop")
        Supervisor([processes.face, processes.mind], SystemClock(), keeper.look).run(finished="face")
    finally:
        link.close()
    return 0


def frame_processes(
    settings: config.FrameSettings, screen: config.Screen, socket: Path, file: Path | None
) -> Processes:
    """The face's and the mind's, not started yet. `file`: the settings', where they are not in their usual place."""
    face = FaceOptions(
        socket,
        None,
        "",
        screen,
        album_after_s=settings.album.after_s,
        hologram=settings.hologram,
        calibration=config.home() / "hologram.json",
        night=settings.night,
    )

    def face_command(home: Home | None) -> list[str]:
        return command(replace(face, persona=home.folder, name=home.name) if home else face)

    def mind_command(home: Home) -> list[str]:
        line = [sys.executable, "-m", "device", "mind", "--persona", str(home.folder), "--face", str(socket)]
        return [*line, "--settings", str(file)] if file else line

    face_child, mind_child = (Child(name, [], signs=Signs(name)) for name in ("face", "mind"))
    return Processes(face_child, mind_child, face_command, mind_command)


def named(asked: str | None, usual: str) -> Home | None:
    """The persona of the command line, else of the settings; nobody on a frame which came with none. Raises Missing or
    BadInput."""
    try:
        persona = find(asked or usual, progress)
    except Missing:
        if asked or usual != DEMO:
            raise
        return None
    return Home(persona.folder, persona.file.person.name)


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
