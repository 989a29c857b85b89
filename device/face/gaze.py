"""Where the eyes look. Pure and seeded: spells of looking at the listener and away, joined by saccades.

About 60 % of a conversation is mutual gaze, in spells of about 2.2 s; a thinker looks aside and up; a speaker looks at
the listener when a turn ends. Saccades last 21 ms + 2.2 ms a degree (the main sequence of Carpenter 1988).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from device.face.curves import Crossfade

DEGREES = 25.0
"""Of eye rotation at gaze 1."""
SPELL = 2.2
"""s, mean length of a spell of mutual gaze."""


@dataclass(frozen=True)
class Manner:
    """How the eyes behave in one state."""

    mutual: float
    """0..1, share of the time spent looking at the listener."""
    aside: tuple[float, float]
    """Range of |gazeX| while looking away."""
    height: tuple[float, float]
    """Range of gazeY while looking away; + is down."""
    pace: float = 1.0
    """Spells last this many times as long."""


MANNERS = {
    "asleep": Manner(0.72, (0.08, 0.28), (0.05, 0.28), 2.5),
    "idle": Manner(0.6, (0.12, 0.4), (-0.12, 0.25), 1.3),
    "listening": Manner(0.7, (0.1, 0.25), (-0.05, 0.18)),
    "thinking": Manner(0.2, (0.28, 0.48), (-0.42, -0.18)),
    "speaking": Manner(0.56, (0.15, 0.42), (-0.18, 0.25)),
    "sorry": Manner(0.5, (0.05, 0.2), (0.15, 0.35)),
    "farewell": Manner(0.9, (0.05, 0.15), (0.0, 0.1)),
    "attract": Manner(0.35, (0.15, 0.5), (0.0, 0.35), 2.2),
    "welcome": Manner(0.85, (0.08, 0.2), (-0.05, 0.15), 1.3),
}


class Gaze:
    """A chain of fixations. (0, 0) is the gaze of the photograph itself: at whoever looks at it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._manner = MANNERS["idle"]
        self._eyes = Crossfade(np.zeros(2, np.float32))
        self._slow = Crossfade(np.zeros(2, np.float32))
        self._spell_end: float | None = None
        self._next_jump = 0.0
        self._looks: list[float] = []
        self.mutual = True

    def set_state(self, state: str, t: float) -> None:
        """The manner of `state` from `t` on. A thinker looks away at once; whoever listens or parts looks at you."""
        self._manner = MANNERS.get(state, MANNERS["idle"])
        if state == "thinking":
            self._begin(t, mutual=False)
        elif state in ("listening", "speaking", "farewell", "sorry", "welcome"):
            self._begin(t, mutual=True)

    def look_at_listener(self, t: float) -> None:
        """An appointment: at `t`, which may lie ahead, a mutual spell begins (or goes on)."""
        self._looks = sorted([*self._looks, t])[-8:]

    def at(self, t: float) -> tuple[float, float, float, float]:
        """(gazeX, gazeY, and the same after the head's slow following) at `t`, which should not go back."""
        if self._spell_end is None:
            self._begin(t, mutual=True)
        while self._looks and self._looks[0] <= t:
            start = self._looks.pop(0)
            self._begin(start, mutual=True)
        while self._spell_end is not None and self._spell_end <= t:
            self._begin(self._spell_end, mutual=not self.mutual)
        while self._next_jump <= t:
            self._fixate(self._next_jump)
        eyes, slow = self._eyes.at(t), self._slow.at(t)
        return float(eyes[0]), float(eyes[1]), float(slow[0]), float(slow[1])

    def _begin(self, t: float, mutual: bool) -> None:
        m = self._manner
        mean = SPELL * m.pace if mutual else SPELL * m.pace * (1.0 - m.mutual) / m.mutual
        mean = min(mean, 4.0 * m.pace)
        self._spell_end = t + max(0.3, self._random.lognormvariate(np.log(mean) - 0.08, 0.4))
        self.mutual = mutual
        if mutual:
            self._home = (0.0, 0.0)
        else:
            side = self._random.choice((-1.0, 1.0))
            self._home = (side * self._random.uniform(*m.aside), self._random.uniform(*m.height))
        self._fixate(t)
        self._slow.move(t + 0.04, self._random.uniform(0.45, 0.8), np.array(self._home, np.float32))

    def _fixate(self, t: float) -> None:
        """One saccade to the spell's place, give or take: from eye to eye to mouth, or about the spot looked at."""
        wander = 0.022 if self.mutual else 0.04
        target = np.array(self._home, np.float32) + np.array(
            [self._random.gauss(0.0, wander), self._random.gauss(0.0, 0.7 * wander)], np.float32
        )
        degrees = DEGREES * float(np.hypot(*(target - self._eyes.goal)))
        self._eyes.move(t, 0.021 + 0.0022 * degrees, target)
        self._next_jump = t + 0.25 + self._random.expovariate(1.0 / (0.6 * self._manner.pace))
