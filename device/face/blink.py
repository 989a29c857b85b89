"""Blinks. Pure and seeded: a renewal process whose intervals are log-normal.

Rates: 17 a minute at rest, 26 in conversation (Bentivoglio and others 1997, 150 people). Closing takes 75-100 ms,
opening 150-250 ms, always to full closure; blinks gather at the ends of clauses. Of who was filmed the lids take the
times that they took in the film.
"""

from __future__ import annotations

import math
import random

import numpy as np
from numpy.typing import NDArray

from device.face.curves import ease

SPREAD = 0.55
"""Standard deviation of the logarithm of the intervals."""
SHORTEST = 0.5
"""s between two blinks' beginnings."""
CLOSING, OPENING = (0.075, 0.1), (0.15, 0.25)
"""s that lids take down and up again."""
FEWEST = 3
"""Blinks that must have been measured to be believed."""
HELD = 0.045
"""s of full closure: more than one frame at 30 fps, so that a closed frame is always seen."""
ATTRACTION = 0.8
"""s: a blink due this near to the end of a clause happens there instead."""


class Blinks:
    """When the lids fall and how far they are down."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._closing, self._opening = CLOSING, OPENING
        self._rate = 17.0
        self._next: float | None = None
        self._now: tuple[float, float, float] = (float("-inf"), 0.09, 0.2)
        self.count = 0

    def adopt(self, measured: NDArray[np.float32]) -> None:
        """Lids as they were `measured`: (k, 2) s of closing and opening; as everybody's where those are few. The middle
        half counts, or one blink that a film shows badly would be played for ever."""
        if len(measured) < FEWEST:
            self._closing, self._opening = CLOSING, OPENING
            return
        low, high = np.percentile(measured, (25, 75), axis=0)
        self._closing = (float(low[0]), float(high[0]))
        self._opening = (float(low[1]), float(high[1]))

    def set_rate(self, per_minute: float, t: float) -> None:
        """From `t` on this many a minute; the wait for the next one shrinks or grows in proportion."""
        if self._next is not None and self._next > t:
            self._next = t + (self._next - t) * self._rate / per_minute
        self._rate = per_minute

    def attract(self, t: float) -> None:
        """Somebody's clause ends at `t`: a blink due around then waits for it or hurries."""
        begun = self._now[0]
        if self._next is not None and abs(self._next - t) < ATTRACTION and t - begun > 2.0 * SHORTEST:
            self._next = t + self._random.uniform(0.0, 0.12)

    def at(self, t: float) -> float:
        """0 open .. 1 shut; `t` should not go back."""
        if self._next is None:
            self._next = t + self._interval()
        while self._next <= t:
            self._now = (self._next, self._random.uniform(*self._closing), self._random.uniform(*self._opening))
            self._next += self._interval()
            self.count += 1
        start, closing, opening = self._now
        since = t - start
        if since <= closing + HELD:
            return ease(since / closing)
        return 1.0 - ease((since - closing - HELD) / opening)

    def _interval(self) -> float:
        middle = math.log(60.0 / self._rate) - 0.5 * SPREAD * SPREAD
        while True:
            seconds = self._random.lognormvariate(middle, SPREAD)
            if seconds >= SHORTEST:
                return seconds
