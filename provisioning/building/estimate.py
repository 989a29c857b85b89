"""How much longer a build takes, from what tasks were thought to take and what they took. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

LEARNT = 0.3
"""Weight of the newest measurement in a kind's factor."""
FACTORS = (0.05, 20.0)
"""A kind's factor stays within: one odd task must not make a promise of hours."""


@dataclass
class Estimate:
    """Of one build on some cores."""

    cores: int
    factors: dict[str, float] = field(default_factory=dict)
    """Kind of task -> seconds it takes for each second that was expected"""
    _left: dict[str, tuple[str, float]] = field(default_factory=dict)
    _done: float = 0.0

    def expect(self, key: str, kind: str, seconds: float) -> None:
        """A task that is still to be done."""
        self._left[key] = (kind, seconds)

    def finished(self, key: str, seconds: float) -> None:
        """It took so long; `seconds` 0 where it was there already, or went wrong."""
        kind, expected = self._left.pop(key, ("", 0.0))
        self._done += expected * self.factors.get(kind, 1.0)
        if kind and seconds > 0 and expected > 0:
            now = min(max(seconds / expected, FACTORS[0]), FACTORS[1])
            before = self.factors.get(kind)
            self.factors[kind] = now if before is None else (1 - LEARNT) * before + LEARNT * now

    def left_s(self) -> float:
        """Seconds from now: the work over the cores, and no less than the longest single task."""
        works = [self.factors.get(kind, 1.0) * seconds for kind, seconds in self._left.values()]
        return max(sum(works) / self.cores, max(works)) if works else 0.0

    def share(self) -> float:
        """0..1 of all the work known so far."""
        left = sum(self.factors.get(kind, 1.0) * seconds for kind, seconds in self._left.values())
        return self._done / (self._done + left) if self._done + left else 1.0


def words(seconds: float) -> str:
    """For people: coarser than it is known."""
    if seconds < 8:
        return "a few seconds"
    if seconds < 90:
        return f"about {max(10, round(seconds / 10) * 10)} seconds"
    if seconds < 5400:
        return f"about {round(seconds / 60)} minutes"
    return f"about {seconds / 3600:.1f} hours"
