"""From the jittery times that a sound driver reports to the moment when a block is in the air."""

from __future__ import annotations

SANE_DELAY_S = 1.0
"""A driver that claims more buffered sound than this, or less than none, is not believed."""

SMOOTHING = 0.05
"""Share of each new measurement: a time constant of 20 blocks (0.4 s), far slower than the jitter of a thread's
wake-ups and far faster than two crystals drift apart (100 ppm are 0.04 ms in that time)."""

JUMP_S = 0.04
"""A measurement this far from the prediction is a gap (underrun, suspend), not jitter: start again from it."""


class DacClock:
    """Predicts when each block of a continuous stream at `rate` Hz is heard."""

    def __init__(self, rate: int, latency_s: float) -> None:
        self.rate = rate
        self.latency_s = latency_s
        """s, used while the driver's own report is not sane."""
        self._next: float | None = None

    def block(self, now: float, delay: float, frames: int) -> float:
        """Time (s, monotonic) when the first of `frames` samples handed over at `now` is in the air; the driver says
        that it will take `delay` s."""
        sane = 0.0 < delay <= SANE_DELAY_S
        measured = now + (delay if sane else self.latency_s)
        t = measured
        if self._next is not None and abs(measured - self._next) < JUMP_S:
            t = self._next + SMOOTHING * (measured - self._next)
        self._next = t + frames / self.rate
        return t
