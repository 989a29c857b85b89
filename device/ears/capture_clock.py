"""When was sample number n in the air? The drivers' jittery answers, smoothed. Pure."""

from __future__ import annotations

BANDWIDTH_HZ = 0.05
"""How fast the clock follows: slow against the jitter of callbacks, fast against the drift of crystals."""
JUMP_S = 0.05
"""A disagreement beyond this is not jitter: samples were lost, or the machine slept."""


class CaptureClock:
    """A second-order delay-locked loop over (sample number, measured time).

    After F. Adriaensen, "Using a DLL to filter time" (Linux Audio Conference, 2005); until its bandwidth is reached the
    gain is that of a running mean, so that the first seconds are as good as they can be.
    """

    def __init__(self, rate: int) -> None:
        """`rate`: nominal samples per second."""
        self._rate = rate
        self._seen = 0
        self._n = 0
        self._t = 0.0
        self._period = 1.0 / rate

    def observe(self, n: int, t: float) -> None:
        """Sample `n` was in the air at about `t` s. Calls come in the order of n."""
        error = t - self.time(n)
        if self._seen == 0 or abs(error) > JUMP_S:
            self._seen, self._n, self._t, self._period = 1, n, t, 1.0 / self._rate
            return
        step = n - self._n
        omega = 2.0 * 3.141592653589793 * BANDWIDTH_HZ * step / self._rate
        self._seen += 1
        gain = max(1.0 / self._seen, 2.0**0.5 * omega)
        self._t = self.time(n) + min(gain, 1.0) * error
        self._n = n
        if step > 0 and 1.0 / self._seen < gain:  # drift can be told from jitter only once the mean has settled
            self._period += omega * omega * error / step

    def time(self, n: float) -> float:
        """s, of sample `n` (may lie between two samples, or ahead)."""
        return self._t + (n - self._n) * self._period
