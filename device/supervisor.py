"""Keeps the face and the mind alive as two processes: either may die, and is started again while the other lives on.

One that gives no sign of life (`heartbeat.py`) any more is made to die.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from device.heartbeat import READY, Heartbeat
from device.ports import Clock

log = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_S = 60.0
"""s of life after which earlier deaths are forgiven."""
LOOK_S = 0.25
PATIENCE_S = 30.0
"""s without a sign of life, once there was one, after which a process is taken for frozen. Longer than anything that a
busy machine was seen to do to it; a turn that stands still has been given up long before."""
GRACE_S = 10.0
"""s until a process that was asked to end is made to."""


def delay_s(deaths: int) -> float:
    """How long to wait before another start after so many deaths in a row: doubling, bounded."""
    doublings = min(max(0, deaths - 1), 16)  # far beyond the bound already; a thousand would overflow
    return min(FIRST_DELAY_S * 2.0**doublings, LONGEST_DELAY_S)


class Signs:
    """Of one process, as systemd takes them."""

    def __init__(self, name: str) -> None:
        self._address = f"imago-{os.getpid()}-{name}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind("\0" + self._address)
        self._last: float | None = None
        self.ready = False
        """Whether the process has said that it does its work."""

    def environment(self) -> dict[str, str]:
        """For a process that is started now: it may take its time until the first one."""
        self._take(0.0)  # what the one before it said last
        self._last, self.ready = None, False
        return {"NOTIFY_SOCKET": "@" + self._address, "WATCHDOG_USEC": str(round(PATIENCE_S * 1e6))}

    @property
    def heard(self) -> bool:
        """Whether there was one since the process was started."""
        return self._last is not None

    def frozen(self, now: float) -> bool:
        """Whether the last one came too long before `now` s."""
        self._take(now)
        return self._last is not None and now - self._last > PATIENCE_S

    def _take(self, now: float) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                if sign := self._socket.recv(4096):
                    self._last, self.ready = now, self.ready or READY in sign


@dataclass(slots=True)
class Child:
    """One process of the frame."""

    name: str
    command: list[str]
    """Empty: there is nothing to start."""
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    due: float = field(default=0.0)
    signs: Signs | None = None
    """Where it gives them; None: it is not watched."""
    ended: int = 0
    """How often it ended without being asked to."""
    leaving: float | None = None
    """s, when it is made to end; None while nobody has asked it to."""

    @property
    def ready(self) -> bool:
        """Whether it runs and has said that it does its work."""
        return self.process is not None and self.leaving is None and self.signs is not None and self.signs.ready

    def look(self, now: float) -> None:
        """Starts it, or notices its death, as of `now` s."""
        if self.process is None:
            if self.command and now >= self.due:
                self._start(now)
        elif (code := self.process.poll()) is not None:
            self._bury(code, now)
        elif self.leaving is not None:
            if now > self.leaving:
                self.process.kill()
        elif self.signs is not None and self.signs.frozen(now):
            log.warning("the %s has given no sign of life for %.0f s and is ended", self.name, PATIENCE_S)
            self.process.kill()

    def become(self, command: list[str], now: float) -> None:
        """It does something else from now on: a process that runs is asked to end, the next look starts another."""
        self.command = command
        self.deaths, self.due = 0, now
        if self.process is not None and self.leaving is None:
            self.process.terminate()
            self.leaving = now + GRACE_S

    def _start(self, now: float) -> None:
        told = self.signs.environment() if self.signs is not None else {}
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, env={**os.environ, **told})
        self.started = now

    def _bury(self, code: int, now: float) -> None:
        self.process = None
        if self.leaving is not None:
            self.leaving = None
            self.look(now)
            return
        self.ended += 1
        self.deaths = 1 if now - self.started > STEADY_S else self.deaths + 1
        self.due = now + delay_s(self.deaths)
        log.warning("the %s ended with %s; starting it again in %.1f s", self.name, code, self.due - now)

    def end(self, timeout_s: float = 10.0) -> None:
        """Asks it to stop, then makes it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Runs children until SIGTERM or SIGINT. Whoever supervises it in turn, such as systemd, is told that it is ready
    when all children have given a sign of life, and from then on that it is alive."""

    def __init__(
        self,
        children: list[Child],
        clock: Clock,
        each: Callable[[float], None] = lambda now: None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        """`each` is called before every look at the children, with the time of it, s."""
        self._children = children
        self._clock = clock
        self._each = each
        self._heartbeat = heartbeat or Heartbeat()
        self._ready = False
        self._stop = threading.Event()

    def stop(self, *_: object) -> None:
        """Ends `run`; fit for a signal handler."""
        self._stop.set()

    def run(self, finished: str = "") -> None:
        """Until stopped, or until the child called `finished` has ended with 0: somebody closed the window."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stop.is_set():
            self._each(self._clock.now())
            for child in self._children:
                if child.name == finished and child.process is not None and child.process.poll() == 0:
                    self._stop.set()
                    break
                child.look(self._clock.now())
            self._ready = self._ready or all(child.signs is None or child.signs.heard for child in self._children)
            if self._ready:
                self._heartbeat.beat(self._clock.now())
            self._stop.wait(LOOK_S)
        for child in reversed(self._children):
            child.end()
