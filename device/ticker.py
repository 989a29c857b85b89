"""When the loop looks at the time, and what it saw of its engines since it looked last."""

from __future__ import annotations

from device.conversation.events import Ticked


class Ticker:
    """`tick` belongs to the loop's thread; `sign` may come from any."""

    def __init__(self, every_s: float, now: float) -> None:
        self._every_s = every_s
        self._last = now
        self._alive = False

    def sign(self) -> None:
        """An engine shows that it is at work: slow, perhaps, but it does not hang."""
        self._alive = True

    def due(self, now: float) -> bool:
        """It is time for a tick."""
        return now - self._last >= self._every_s

    def rest(self, now: float) -> None:
        """No tick is wanted at the time."""
        self._last = now

    def tick(self, now: float) -> Ticked:
        """The event."""
        self._last, alive, self._alive = now, self._alive, False
        return Ticked(now, alive)
