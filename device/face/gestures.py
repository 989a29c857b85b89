"""The person's own movements, played again: nods while listening, a lowered head, the unrest of sitting still.

Pure and seeded. Nothing is repeated as it was: which piece, how much of it, how fast and how strongly is drawn anew
each time, and one piece of calm goes over into another where the two are nearly equal (motion graphs, Kovar and others
2002).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from device.face.curves import Vector, ease
from device.face.manner import CHANNELS, RATE, Floats, Manner

BLEND = 0.8
"""s in which one piece of calm goes over into the next."""
SPELL = (2.5, 6.0)
"""s of a piece of calm that are played."""
CANDIDATES = 12
"""Places that are looked at for the next piece."""
NOD, LOWERED = 3.5, 6.0
"""Degrees: stronger nods and deeper bows are played smaller."""
TAPER = 0.15
"""s in which a gesture comes and goes."""
PACE = (0.88, 1.15)
"""How much faster or slower than in the film."""


@dataclass(frozen=True, slots=True)
class Playing:
    """One track from `start` s on."""

    track: Floats
    start: float
    amount: float
    pace: float

    @property
    def end(self) -> float:
        return self.start + (len(self.track) - 1) / (RATE * self.pace)

    def at(self, t: float) -> Vector:
        """The track's channels at `t`, its first and last ones before and after it."""
        place = min(max((t - self.start) * RATE * self.pace, 0.0), len(self.track) - 1.0)
        low = min(int(place), len(self.track) - 2)
        share = np.float32(place - low)
        return np.asarray((self.track[low] * (1 - share) + self.track[low + 1] * share) * np.float32(self.amount))

    def gesture(self, t: float) -> Vector:
        """The same, 0 at both ends and beyond them."""
        return self.at(t) * np.float32(ease((t - self.start) / TAPER) * ease((self.end - t) / TAPER))


class Stroll:
    """Calm without an end, made of pieces of calm."""

    def __init__(self, seed: int, tracks: tuple[Floats, ...]) -> None:
        """`tracks`: at least one, each of at least two samples."""
        self._random = random.Random(seed)
        self._tracks = tracks
        self._before: Playing | None = None
        self._now: Playing | None = None
        self._switch = 0.0

    def at(self, t: float) -> Vector:
        """The channels at `t`, which should not go back."""
        if self._now is None:
            self._now = self._draw(t)
            self._switch = self._until(t, self._now)
        while self._switch <= t:
            self._change(self._switch)
        value = self._now.at(t)
        if self._before is not None:
            share = np.float32(ease((t - self._now.start) / BLEND))
            value = self._before.at(t) * (1 - share) + value * share
        return np.asarray(value, np.float32)

    def _change(self, t: float) -> None:
        """To the one of some pieces whose place and movement are nearest to those of now."""
        old = self._now
        if old is None:
            return
        place, pace = old.at(t), old.at(t + 0.2) - old.at(t)

        def away(one: Playing) -> float:
            return float(np.abs(one.at(t) - place).sum() + 2 * np.abs(one.at(t + 0.2) - one.at(t) - pace).sum())

        self._before, self._now = old, min((self._draw(t) for _ in range(CANDIDATES)), key=away)
        self._switch = self._until(t, self._now)

    def _draw(self, t: float) -> Playing:
        r = self._random
        track = r.choices(self._tracks, [len(one) for one in self._tracks])[0]
        need = min(len(track), round((SPELL[1] + BLEND) * RATE))
        begin = r.randint(0, len(track) - need)
        return Playing(track[begin : begin + need], t, r.uniform(0.8, 1.15), r.uniform(*PACE))

    def _until(self, t: float, playing: Playing) -> float:
        return max(min(t + self._random.uniform(*SPELL), playing.end - BLEND), t + BLEND)


class Gestures:
    """What a manner adds to the motion, as CHANNELS."""

    def __init__(self, seed: int, manner: Manner) -> None:
        self._random = random.Random(seed)
        self._nods, self._lowered = manner.of("nod"), manner.of("lowered")
        self._stroll = Stroll(seed + 1, manner.of("calm")) if manner.of("calm") else None
        self._playing: list[Playing] = []
        self._listening: float | None = None

    @property
    def nods(self) -> bool:
        """Whether there are nods of the person's own."""
        return bool(self._nods)

    @property
    def strolls(self) -> bool:
        """Whether there is calm of the person's own."""
        return self._stroll is not None

    def listen(self, listening: bool, t: float) -> None:
        """Whether to nod now and then at what is being said."""
        self._listening = t + self._random.uniform(1.5, 3.5) if listening and self._nods else None

    def lower(self, t: float) -> None:
        """The head is lowered from `t` on and comes up again, unless it is on the way."""
        if self._lowered and not any(one.end > t for one in self._playing):
            self._play(self._lowered, t, LOWERED)

    def at(self, t: float) -> Vector:
        """All gestures together at `t`, which should not go back."""
        while self._listening is not None and self._listening <= t:
            end = self._play(self._nods, self._listening, NOD)
            self._listening = end + 1.5 + self._random.lognormvariate(1.1, 0.5)
        self._playing = [one for one in self._playing if one.end > t]
        return sum((one.gesture(t) for one in self._playing), np.zeros(len(CHANNELS), np.float32))

    def calm(self, t: float) -> Vector:
        """The unrest of sitting still, around 0."""
        return self._stroll.at(t) if self._stroll is not None else np.zeros(len(CHANNELS), np.float32)

    def _play(self, tracks: tuple[Floats, ...], t: float, most: float) -> float:
        track = self._random.choice(tracks)
        deepest = float(np.abs(track[:, CHANNELS.index("headPitch")]).max())
        amount = self._random.uniform(0.6, 1.0) * min(1.0, most / max(deepest, 1e-3))
        playing = Playing(track, t, amount, self._random.uniform(*PACE))
        self._playing.append(playing)
        return playing.end
