"""Where frames go: a window on a real screen, a full screen, or nowhere at all.

The window lives in a child process (`device.face.window`): when its X server is killed, the child dies and the face
goes on unseen, trying again every few seconds. All calls come from one thread and never wait.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from device.errors import Usage

if TYPE_CHECKING:  # nothing heavy here: the first picture waits for this module
    from device.face.render import Frame

log = logging.getLogger(__name__)

RETRY = 3.0
"""s until another attempt to open a display that went away."""
STUCK = 10.0
"""s without any sign of life after which the window is started anew."""
SLOTS = 3
"""Frames in the shared memory: one on the screen, one being shown, one being drawn."""


class Display(Protocol):
    """Takes frames and gives back what people did to the screen."""

    def show(self, frame: Frame) -> None:
        """Shape (height, width, 3), RGB, of the size the display was made for. Never waits, never raises."""
        ...

    def events(self) -> list[str]:
        """What happened since the last call: `shown T W H` (a first picture is visible), `key NAME`, `touch X Y`,
        `quit`."""
        ...

    def close(self) -> None: ...


class Offscreen:
    """No display at all: keeps the last frame."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._first = True
        self.frame: Frame | None = None

    def show(self, frame: Frame) -> None:
        self.frame = frame

    def events(self) -> list[str]:
        if self._first and self.frame is not None:
            self._first = False
            return [f"shown {time.monotonic()} {self._size[0]} {self._size[1]}"]
        return []

    def close(self) -> None:
        self.frame = None


class WindowDisplay:
    """A pygame window in a child process, reached through shared memory."""

    def __init__(self, size: tuple[int, int], *, fullscreen: bool, rotate: int = 0, still: Path | None = None) -> None:
        """`still` is shown by the child as soon as it runs, long before the first frame. `rotate` is clockwise."""
        self._size = size
        self._options = ["--fullscreen"] * fullscreen + ["--rotate", str(rotate)] + ["--still", str(still or "")]
        self._child: subprocess.Popen[bytes] | None = None
        self._memory = _shared_memory(size[0] * size[1] * 3 * SLOTS)
        self._map = mmap.mmap(self._memory, 0)
        self._length = size[0] * size[1] * 3
        self._busy: list[int] = []
        self._line = b""
        self._last_words: list[str] = []
        self._alive_at = 0.0
        self._retry_at = 0.0
        self._open()

    @property
    def alive(self) -> bool:
        """Whether the window's process runs now."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int | None:
        """The window's process."""
        return self._child.pid if self._child else None

    def show(self, frame: Frame) -> None:
        now = time.monotonic()
        if not self.alive:
            self._lost(now)
            return
        free = [slot for slot in range(SLOTS) if slot not in self._busy]
        if len(self._busy) >= SLOTS - 1 or not free:  # the screen is behind: this frame is skipped
            if now - self._alive_at > STUCK:
                log.warning("the window does not answer; it is started anew")
                self._kill()
            return
        at = free[0] * self._length
        self._map[at : at + self._length] = frame.data.cast("B")
        with contextlib.suppress(OSError):
            os.write(_pipe(self._child, "stdin").fileno(), bytes([free[0]]))
            self._busy.append(free[0])

    def events(self) -> list[str]:
        told, self._last_words = self._last_words, []
        return told + [line for line in self._lines() if not self._is_done(line)]

    def close(self) -> None:
        self._kill()
        self._map.close()
        os.close(self._memory)

    def _is_done(self, line: str) -> bool:
        self._alive_at = time.monotonic()
        if line == "done" and self._busy:
            self._busy.pop(0)
        return line == "done"

    def _lines(self) -> Iterator[str]:
        if self._child is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._line += os.read(_pipe(self._child, "stdout").fileno(), 65536)
        *whole, self._line = self._line.split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")

    def _open(self) -> None:
        command = [sys.executable, "-m", "device.face.window", "--size", *map(str, self._size), *self._options]
        command += ["--memory", str(self._memory)]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(self._memory,), bufsize=0
        )
        os.set_blocking(_pipe(self._child, "stdin").fileno(), False)
        os.set_blocking(_pipe(self._child, "stdout").fileno(), False)
        self._busy = []
        self._alive_at = time.monotonic()

    def _lost(self, now: float) -> None:
        if self._child is not None:
            log.warning("the display went away (status %s); the face goes on without it", self._child.poll())
            # It may have said that somebody closed it, and ended before this was read.
            self._last_words = self.events()
            self._kill()
            self._retry_at = now + RETRY
        elif now >= self._retry_at:
            self._open()

    def _kill(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._child = None


def _shared_memory(length: int) -> int:
    memory = os.memfd_create("imago-frames", os.MFD_CLOEXEC)
    os.ftruncate(memory, length)
    return memory


def _pipe(child: subprocess.Popen[bytes] | None, name: str) -> IO[bytes]:
    pipe: IO[bytes] | None = getattr(child, name)
    if pipe is None:
        raise ValueError(name)
    return pipe


def open_display(
    kind: str, size: tuple[int, int], *, rotate: int = 0, still: Path | None = None
) -> Offscreen | WindowDisplay:
    """`kind`: window, fullscreen or offscreen. Raises Usage for another word."""
    if kind == "offscreen":
        return Offscreen(size)
    if kind in ("window", "fullscreen"):
        return WindowDisplay(size, fullscreen=kind == "fullscreen", rotate=rotate, still=still)
    raise Usage("display", expected="window, fullscreen or offscreen", got=kind)
