"""How far a fetch is: a bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol, TextIO

EVERY_S = 3.0  # seconds between two plain lines
MB = 1e6


class Progress(Protocol):
    """Hears of a fetch; called from several threads."""

    def begin(self, total: int) -> None:
        """There are `total` bytes to come."""

    def advance(self, amount: float) -> None:
        """`amount` more bytes are here; negative if some had to be thrown away."""

    def note(self, text: str) -> None:
        """Something worth a line of its own."""

    def end(self) -> None:
        """Nothing more will come."""


class Lines:
    """Plain lines for a log: bytes, rate and the time that is left."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0.0
        self._began = self._said = clock()

    def begin(self, total: int) -> None:
        with self._lock:
            self._total, self._done = total, 0.0
            self._began = self._said = self._clock()

    def advance(self, amount: float) -> None:
        with self._lock:
            self._done += amount
            now = self._clock()
            if now - self._said >= EVERY_S:
                self._said = now
                self._say(summary(self._done, self._total, now - self._began))

    def note(self, text: str) -> None:
        with self._lock:
            self._say(text)

    def end(self) -> None:
        """Nothing to tidy up."""

    def _say(self, text: str) -> None:
        print(f"models: {text}", file=self._stream, flush=True)


def summary(done: float, total: int, elapsed_s: float) -> str:
    """One line such as ``120 of 467 MB, 12.0 MB/s, 29 s left``; sizes in bytes."""
    text = f"{done / MB:.0f} of {total / MB:.0f} MB"
    if elapsed_s <= 0 or done < 1:
        return text
    rate = done / elapsed_s
    return f"{text}, {rate / MB:.1f} MB/s, {max(0.0, total - done) / rate:.0f} s left"


class Bar:
    """The same as a moving bar, drawn by rich."""

    def __init__(self) -> None:
        from rich import progress
        from rich.console import Console

        self._bar = progress.Progress(
            progress.TextColumn("models"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TransferSpeedColumn(),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task("models", total=None)

    def begin(self, total: int) -> None:
        self._bar.start()
        self._bar.reset(self._task, total=total)

    def advance(self, amount: float) -> None:
        self._bar.advance(self._task, amount)

    def note(self, text: str) -> None:
        self._bar.console.print(text, markup=False, highlight=False)

    def end(self) -> None:
        self._bar.stop()


def for_terminal() -> Progress:
    """A bar if standard error is a terminal and rich is installed, else plain lines there."""
    if sys.stderr.isatty():
        try:
            return Bar()
        except ImportError:
            return Lines(sys.stderr)
    return Lines(sys.stderr)
