"""The face's process as seen from a command that owns it: started, listened to, measured, ended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from device.config import Hologram, Night, Screen
from device.link import Farewell, Message, Ready, Stats
from device.link_transport import FaceClient
from device.supervisor import LOOK_S, Child


@dataclass(frozen=True, slots=True)
class FaceOptions:
    """How to start the face."""

    socket: Path
    persona: Path | None
    name: str
    screen: Screen
    record: Path | None = None
    """Where to leave the log of frames, for the film."""
    seed: int = 1
    album_after_s: float = 0.0
    """s of quiet until the album opens; 0: only when it is asked for."""
    hologram: Hologram = field(default_factory=Hologram)
    calibration: Path | None = None
    """Where a booth's calibration is kept."""
    night: Night = field(default_factory=Night)


def command(options: FaceOptions) -> list[str]:
    """The face's command line."""
    screen = options.screen
    line = [sys.executable, "-m", "device.face", "--socket", str(options.socket)]
    line += ["--persona", str(options.persona)] if options.persona is not None else []
    size = "auto" if screen.size is None else f"{screen.size[0]}x{screen.size[1]}"
    line += ["--name", options.name, "--size", size, "--fps", str(screen.fps), "--driver", screen.driver]
    line += ["--night", msgspec.json.encode(options.night).decode()] if options.night != Night() else []
    line += [
        "--parent",
        str(os.getpid()),
        "--display",
        screen.display,
        "--rotate",
        str(screen.rotation),
        "--renderer",
        screen.renderer,
        "--seed",
        str(options.seed),
        "--album-after",
        str(options.album_after_s),
    ]
    if screen.scene == "hologram":
        line += ["--scene", "hologram", "--hologram", msgspec.json.encode(options.hologram).decode()]
        line += ["--calibration", str(options.calibration)] if options.calibration else []
    if options.record is not None:
        line += ["--record", str(options.record)]
    return line


class FaceChild:
    """A face process that belongs to one command and ends with it, and the line to it. One that dies is started again;
    one that ended by itself was closed by somebody, and stays away."""

    def __init__(self, options: FaceOptions, on_stats: Callable[[Stats], None] = lambda stats: None) -> None:
        """`on_stats` is called from the link's thread with every report of the face about itself."""
        self._child = Child("face", command(options))
        self._child.look(time.monotonic())
        self._pid = 0
        self._on_stats = on_stats
        self.link = FaceClient(options.socket, on_message=self._receive)
        self.frames = options.record
        self.stats: Stats | None = None
        """Its last report about itself."""
        self.shown_at: float | None = None
        """s on the monotonic clock when the portrait was first on the screen."""
        self.last_shown_at: float | None = None
        """The same of the process that was started last."""
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="face-keeper", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """The process's number; of the last one while there is none."""
        process = self._child.process
        if process is not None:
            self._pid = process.pid
        return self._pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        process = self._child.process
        return process is not None and process.poll() is None

    def stop(self, timeout_s: float = 20.0) -> None:
        """Says farewell, lets it finish its log; ends it if it will not."""
        self._stopping.set()
        # One that the keeper started gets SIGTERM when that thread ends (`process_ties.py`), which is a farewell, too.
        self._keeper.join(LOOK_S * 4)
        self.link.send(Farewell())
        if (process := self._child.process) is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout_s)
            self._child.end(0.0)
        self.link.close()

    def _keep(self) -> None:
        while not self._stopping.wait(LOOK_S):
            process = self._child.process
            if process is not None and process.poll() == 0:
                return
            self._child.look(time.monotonic())

    def _receive(self, message: Message) -> None:
        if isinstance(message, Stats):
            self.stats = message
            self._on_stats(message)
        elif isinstance(message, Ready):
            self.last_shown_at = message.t
            self.shown_at = self.shown_at or message.t
