"""Does a microphone deliver as many samples as it says? Some drivers name one rate and run at another. Pure.

Only the count can be told from the clock; a device that resamples wrongly by itself keeps the count and sounds too high
or too low, which nobody can tell from a small or a large person.
"""

from __future__ import annotations

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
"""Hz at which sound cards run."""
WINDOW_S = 2.0
"""s over which samples are counted; callbacks come within 20 ms, so the rate is known to 1 %."""
TOLERANCE = 0.02
"""Share by which a measured rate may differ from the one it is taken for: crystals are a hundred times better, the rest
is jitter. Neighbouring rates are 8 % apart at least."""
WINDOWS = 2
"""In a row that must agree: samples lost while the machine was busy are not lost twice alike."""


class RateWatch:
    """Fed with the messages of one opened device."""

    def __init__(self, rate: int) -> None:
        """`rate`: Hz, as the device says."""
        self._rate = rate
        self._begin: float | None = None
        self._count = 0
        self._agreed: list[int] = []

    def step(self, samples: int, t: float) -> int | None:
        """So many samples came whose first was in the air at `t` s -> the rate at which they really come, where it is
        another one than the device says and as good as certain."""
        if self._begin is None:
            self._begin = t
        elif t - self._begin >= WINDOW_S:
            found = _nearest(self._count / (t - self._begin))
            self._begin, self._count = t, 0
            self._agreed = [*self._agreed, found][-WINDOWS:]
        self._count += samples
        alike = len(self._agreed) == WINDOWS and len(set(self._agreed)) == 1
        return self._agreed[0] if alike and self._agreed[0] not in (0, self._rate) else None


def _nearest(measured: float) -> int:
    """The rate of a sound card that this is, Hz; 0 for none."""
    rate = min(RATES, key=lambda known: abs(known - measured))
    return rate if abs(rate - measured) <= TOLERANCE * rate else 0
