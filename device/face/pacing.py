"""The beat of the frames: when the next one is due, and how well that was kept. Pure."""

from __future__ import annotations

import itertools
import math
from collections import deque

import numpy as np

from device.link import Stats

REMEMBERED = 40_000
"""Frames over which the percentiles are taken: some 20 minutes at 30 fps."""


SLACK = 0.15
"""How much shorter a frame may be than its refreshes, in refreshes: 60 Hz that was measured as 62 still give two."""


def even_fps(wanted: float, rhythm: float) -> float:
    """Frames per second, about `wanted` and hardly more, that are all seen equally long on a screen drawn `rhythm`
    times a second: a whole number of times each. `wanted` where the screen has no rhythm (0). 30 on 59.94 Hz are 29.97,
    on 75 Hz 25, on 50 Hz 25; on 24 Hz they are 24."""
    if rhythm <= 0.0:
        return wanted
    return rhythm / max(1, math.ceil(rhythm / wanted - SLACK))


class Beat:
    """A fixed grid of deadlines. A frame that takes too long skips deadlines; nothing is ever made up for."""

    def __init__(self, fps: float, start: float) -> None:
        self._period = 1.0 / fps
        self._start = start
        self._index = 0

    def following(self, now: float) -> float:
        """The next deadline after the last one given out, at `now` or later."""
        soonest = math.ceil((now - self._start) / self._period - 1e-9)
        self._index = max(self._index + 1, soonest)
        return self._start + self._index * self._period


class Shown:
    """The frames between two reports: when each was shown, and how far its mouth was open."""

    def __init__(self, fps: float) -> None:
        self._longest = 1.5 / fps
        self._frames: list[tuple[float, float]] = []

    def add(self, t: float, opening: float) -> None:
        """A frame that was on the screen at `t` s."""
        self._frames.append((t, round(opening, 3)))

    def take(self) -> tuple[int, tuple[tuple[float, float], ...]]:
        """How many of them were late, and all of them; the next report begins after the last one."""
        late = sum(b[0] - a[0] > self._longest for a, b in itertools.pairwise(self._frames))
        frames, self._frames = self._frames, self._frames[-1:]
        return late, tuple(frames[1:])


class Pace:
    """What the frames cost and how regularly they came."""

    def __init__(self) -> None:
        self._made: deque[float] = deque(maxlen=REMEMBERED)
        self._shown: deque[float] = deque(maxlen=REMEMBERED)
        self.frames = 0

    def add(self, made: float, shown: float) -> None:
        """A frame that took `made` s and went to the display at `shown`, s."""
        self._made.append(made)
        self._shown.append(shown)
        self.frames += 1

    def made_ms(self) -> tuple[float, float, float]:
        """p50, p95 and p99 of the time to make a frame, ms; zeros before the first."""
        return _percentiles(np.array(self._made))

    def interval_ms(self) -> tuple[float, float, float]:
        """p50, p95 and p99 of the time from one frame to the next, ms; zeros before the second."""
        return _percentiles(np.diff(np.array(self._shown)))

    def fps(self) -> float:
        """Frames per second over the time remembered."""
        if len(self._shown) < 2:
            return 0.0
        return (len(self._shown) - 1) / max(self._shown[-1] - self._shown[0], 1e-9)

    def stats(self) -> Stats:
        """The report to the mind; p50, p95 and p99 are of the time to make a frame, ms."""
        return Stats(self.fps(), self.frames, *self.made_ms())


def _percentiles(seconds: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float, float]:
    if not len(seconds):
        return (0.0, 0.0, 0.0)
    p50, p95, p99 = np.percentile(seconds, (50, 95, 99)) * 1000.0
    return float(p50), float(p95), float(p99)
