"""The face's process as seen from a command that starts it: where its socket is, when it is ready, how it ends."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from device.config import Screen


@dataclass(frozen=True, slots=True)
class FaceOptions:
    """How to start the face."""

    socket: Path
    persona: Path
    screen: Screen
    record: Path | None = None
    """Where to leave the log of frames, for the video."""
    seed: int = 1


def command(options: FaceOptions) -> list[str]:
    """The face's command line."""
    screen = options.screen
    line = [sys.executable, "-m", "device.face", "--socket", str(options.socket), "--persona", str(options.persona)]
    line += ["--size", f"{screen.width}x{screen.height}", "--fps", str(screen.fps), "--display", screen.display]
    line += ["--rotation", str(screen.rotation), "--seed", str(options.seed)]
    if options.record is not None:
        line += ["--record", str(options.record)]
    return line


class FaceChild:
    """A face process that belongs to one command and ends with it."""

    def __init__(self, options: FaceOptions) -> None:
        self._process = subprocess.Popen(command(options), stdin=subprocess.DEVNULL)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def stop(self, timeout_s: float = 20.0) -> None:
        """Lets it finish its recording; ends it if it will not."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
