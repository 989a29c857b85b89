"""Where frames go: a window on a real screen, a full screen, or nowhere at all.

The window lives in a child process (`device.face.window`): when its X server is killed, the child dies and the face
goes on unseen, trying again every few seconds. All calls come from one thread and, but for the first question about the
screen's size, never wait.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from device.errors import Missing, Usage
from device.face.sizing import ASSUMED, AUTO, MOST, PIXELS, Size, alike, frame_size, turned
from device.face.slots import SLOTS, Slots

if TYPE_CHECKING:  # nothing heavy here: the first picture waits for this module
    from device.face.render import Frame

log = logging.getLogger(__name__)

RETRY = 3.0
"""s until another attempt to open a display that went away."""
STUCK = 10.0
"""s without any sign of life after which the window is started anew."""
HINTS = {
    "kmsdrm": "no desktop may hold that screen, and this user must be in the groups video, render and input",
    "wayland": "start it inside a Wayland session, or leave screen.driver at auto",
    "x11": "start it inside an X session, or leave screen.driver at auto",
}
"""By SDL's driver: what most often is the matter."""


class Display(Protocol):
    """Takes frames and gives back what people did to the screen."""

    @property
    def rhythm(self) -> float:
        """How often the screen is drawn, Hz; 0 where that is not known or frames need not wait for it."""
        ...

    @property
    def outgrown(self) -> bool:
        """Whether frames were to have the screen's own shape, and it has another one now."""
        ...

    def show(self, frame: Frame) -> None:
        """Shape (height, width, 3), RGB, of the size the display was made for, or of any with fewer pixels. Never
        waits, never raises."""
        ...

    def events(self) -> list[str]:
        """What happened since the last call: `shown T W H` (a first picture is visible), `key NAME`, `touch X Y`,
        `quit`."""
        ...

    def close(self) -> None: ...


class Offscreen:
    """No display at all: keeps the last frame."""

    rhythm = 0.0
    outgrown = False

    def __init__(self, size: Size) -> None:
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

    def __init__(
        self,
        size: Size,
        *,
        fullscreen: bool,
        rotate: int = 0,
        still: Path | None = None,
        driver: str = "auto",
        wander: bool = False,
    ) -> None:
        """`size`: of frames; AUTO: what `screen` is given for. `rotate` is clockwise. `still` is shown by the child as
        soon as it runs, long before the first frame. `driver`: SDL's, or auto. `wander`: the picture drifts about its
        place."""
        pixels = MOST if size == AUTO else size[0] * size[1]
        self._options = ["--size", *map(str, size), "--rotate", str(rotate), "--still", str(still or "")]
        self._options += ["--fullscreen"] * fullscreen + ["--wander"] * wander + ["--pixels", str(pixels)]
        self._driver = driver
        self._auto = size == AUTO
        self._frame: Size | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._slots = Slots(pixels)
        self._busy: list[int] = []
        self._line = b""
        self._kept: list[str] = []
        self._why, self._complaint = "", ""
        self._alive_at = 0.0
        self._retry_at = 0.0
        self.rhythm = 0.0
        self.size: Size | None = None
        """Of the screen in the frame's orientation, pixels; None until it has told."""
        self._open()

    @property
    def alive(self) -> bool:
        """Whether the window's process runs now."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int | None:
        """The window's process."""
        return self._child.pid if self._child else None

    @property
    def outgrown(self) -> bool:
        """As `Display` says."""
        if not self._auto or self.size is None or self._frame is None:
            return False
        return not alike(frame_size(self.size, PIXELS["gl"]), self._frame)

    def show(self, frame: Frame) -> None:
        now = time.monotonic()
        self._frame = (frame.shape[1], frame.shape[0])
        if not self.alive:
            self._lost(now)
            return
        free = [slot for slot in range(SLOTS) if slot not in self._busy]
        if len(self._busy) >= SLOTS - 1 or not free:  # the screen is behind: this frame is skipped
            if now - self._alive_at > STUCK:
                log.warning("the window does not answer; it is started anew")
                self._kill()
            return
        self._slots.write(free[0], (frame.shape[1], frame.shape[0]), frame.data.cast("B"))
        with contextlib.suppress(OSError):
            os.write(_pipe(self._child, "stdin").fileno(), bytes([free[0]]))
            self._busy.append(free[0])

    def events(self) -> list[str]:
        told, self._kept = self._kept, []
        return told + [line for line in self._lines() if not self._is_own(line)]

    def screen(self, seconds: float) -> Size | None:
        """The screen's size, waited for so long; None where it does not tell."""
        until = time.monotonic() + seconds
        while self.size is None and self.alive and (left := until - time.monotonic()) > 0:
            select.select([_pipe(self._child, "stdout")], [], [], left)
            self._kept = self.events()
        return self.size

    def close(self) -> None:
        self._kill()
        self._slots.close()

    def _is_own(self, line: str) -> bool:
        """Takes in what is nobody else's business."""
        self._alive_at = time.monotonic()
        what, _, rest = line.partition(" ")
        if what == "done":
            del self._busy[:1]
        elif what == "failed":
            self._why = rest
        elif what == "rhythm":
            self.rhythm, self._complaint = float(rest), ""
            log.info("the screen is drawn %s", f"{self.rhythm:.2f} times a second" if self.rhythm else "at any time")
        elif what == "screen":
            width, height = rest.split()
            self.size = int(width), int(height)
        else:
            return False
        return True

    def _lines(self) -> Iterator[str]:
        if self._child is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._line += os.read(_pipe(self._child, "stdout").fileno(), 65536)
        *whole, self._line = self._line.split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")

    def _open(self) -> None:
        memory = self._slots.memory
        command = [sys.executable, "-m", "device.face.window", *self._options, "--memory", str(memory)]
        environment = dict(os.environ) if self._driver == "auto" else {**os.environ, "SDL_VIDEODRIVER": self._driver}
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(memory,), bufsize=0, env=environment
        )
        os.set_blocking(_pipe(self._child, "stdin").fileno(), False)
        os.set_blocking(_pipe(self._child, "stdout").fileno(), False)
        self._busy, self._why = [], ""
        self._alive_at = time.monotonic()

    def _lost(self, now: float) -> None:
        if self._child is not None:
            # It may have said why, or that somebody closed it, and ended before this was read.
            self._kept = self.events()
            former, self._complaint = self._complaint, self._complain()
            if self._complaint != former:  # said once: a screen that is off all night is tried thousands of times
                log.warning("%s", self._complaint)
            self._kill()
            self._retry_at = now + RETRY
        elif now >= self._retry_at:
            self._open()

    def _complain(self) -> str:
        again = f"tried again every {RETRY:.0f} s"
        if not self._why:
            status = self._child.poll() if self._child else None
            return f"the display went away (status {status}); the face goes on without it, {again}"
        through = "" if self._driver == "auto" else f" through {self._driver}"
        hint = HINTS.get(self._driver, "switch the screen on, or name screen.driver in frame.toml")
        line = Missing("display", expected=f"a screen{through}", got=self._why, hint=hint).line()
        return f"{line}; {again}"

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


def _pipe(child: subprocess.Popen[bytes] | None, name: str) -> IO[bytes]:
    pipe: IO[bytes] | None = getattr(child, name)
    if pipe is None:
        raise ValueError(name)
    return pipe


def open_display(
    kind: str,
    size: Size,
    *,
    rotate: int = 0,
    still: Path | None = None,
    driver: str = "auto",
    wander: bool = False,
) -> Offscreen | WindowDisplay:
    """`kind`: window, fullscreen or offscreen; only the full screen takes AUTO for a size, and only there the picture
    wanders. Raises Usage for another word."""
    if size == AUTO and kind != "fullscreen":
        size = turned(ASSUMED, rotate)
    if kind == "offscreen":
        return Offscreen(size)
    if kind in ("window", "fullscreen"):
        full = kind == "fullscreen"
        return WindowDisplay(
            size, fullscreen=full, rotate=rotate, still=still, driver=driver, wander=wander and full
        )  # fmt: skip
    raise Usage("display", expected="window, fullscreen or offscreen", got=kind)
