"""Keeps the face and the mind alive as two processes: either may die, and is started again while the other lives on."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
from dataclasses import dataclass, field

from device.ports import Clock

log = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_S = 60.0
"""s of life after which earlier deaths are forgiven."""
LOOK_S = 0.25


def delay_s(deaths: int) -> float:
    """How long to wait before another start after so many deaths in a row: doubling, bounded."""
    doublings = min(max(0, deaths - 1), 16)  # far beyond the bound already; a thousand would overflow
    return min(FIRST_DELAY_S * 2.0**doublings, LONGEST_DELAY_S)


@dataclass(slots=True)
class Child:
    """One process of the frame."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    due: float = field(default=0.0)

    def look(self, now: float) -> None:
        """Starts it, or notices its death, as of `now` s."""
        if self.process is None:
            if now >= self.due:
                self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
                self.started = now
        elif (code := self.process.poll()) is not None:
            self.deaths = 1 if now - self.started > STEADY_S else self.deaths + 1
            self.due = now + delay_s(self.deaths)
            self.process = None
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
    """Runs children until SIGTERM or SIGINT."""

    def __init__(self, children: list[Child], clock: Clock) -> None:
        self._children = children
        self._clock = clock
        self._stop = threading.Event()

    def stop(self, *_: object) -> None:
        """Ends `run`; fit for a signal handler."""
        self._stop.set()

    def run(self, finished: str = "") -> None:
        """Until stopped, or until the child called `finished` has ended with 0: somebody closed the window."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stop.is_set():
            for child in self._children:
                if child.name == finished and child.process is not None and child.process.poll() == 0:
                    self._stop.set()
                    break
                child.look(self._clock.now())
            self._stop.wait(LOOK_S)
        for child in reversed(self._children):
            child.end()
