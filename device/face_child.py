"""The face's process as seen from a command that owns it: started, listened to, measured, ended."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from device.config import Screen
from device.link import Farewell, Message, Ready, Stats
from device.link_transport import FaceClient


@dataclass(frozen=True, slots=True)
class FaceOptions:
    """How to start the face."""

    socket: Path
    persona: Path
    name: str
    screen: Screen
    record: Path | None = None
    """Where to leave the log of frames, for the film."""
    seed: int = 1


def command(options: FaceOptions) -> list[str]:
    """The face's command line."""
    screen = options.screen
    line = [sys.executable, "-m", "device.face", "--socket", str(options.socket), "--persona", str(options.persona)]
    line += ["--name", options.name, "--size", f"{screen.width}x{screen.height}", "--fps", str(screen.fps)]
    line += [
        "--parent",
        str(os.getpid()),
        "--display",
        screen.display,
        "--rotate",
        str(screen.rotation),
        "--seed",
        str(options.seed),
    ]
    if options.record is not None:
        line += ["--record", str(options.record)]
    return line


class FaceChild:
    """A face process that belongs to one command and ends with it, and the line to it."""

    def __init__(self, options: FaceOptions) -> None:
        self._process = subprocess.Popen(command(options), stdin=subprocess.DEVNULL)
        self.link = FaceClient(options.socket, on_message=self._receive)
        self.frames = options.record
        self.stats: Stats | None = None
        """Its last report about itself."""
        self.shown_at: float | None = None
        """s on the monotonic clock when the portrait was first on the screen."""

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def stop(self, timeout_s: float = 20.0) -> None:
        """Says farewell, lets it finish its log; ends it if it will not."""
        self.link.send(Farewell())
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.link.close()

    def _receive(self, message: Message) -> None:
        if isinstance(message, Stats):
            self.stats = message
        elif isinstance(message, Ready) and self.shown_at is None:
            self.shown_at = message.t
