"""Which photograph comes next. Pure and seeded: none twice before all have been seen, and what happened on this day
in another year comes first.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Sequence

from device.persona.album import Photo

OCCASION_EVERY = 4
"""Of so many turns one belongs to the day's anniversaries, while there are any not shown today."""
PARTNERS = 60
"""How many of those to come are looked at for one that goes beside another."""

Slide = tuple[Photo, ...]
"""What is on the screen at once: one photograph, or two that go together."""


def years_ago(photo: Photo, today: datetime.date) -> int | None:
    """The photograph was taken on this day so many years ago; None: it was not, or nobody knows."""
    if len(photo.date) < 10 or photo.date[5:] != f"{today:%m-%d}":
        return None
    years = today.year - int(photo.date[:4])
    return years if years > 0 else None


class Chooser:
    """The order of the album."""

    def __init__(self, photos: Sequence[Photo], seed: int) -> None:
        self._photos = tuple(photos)
        self._chance = random.Random(seed)
        self._bag: list[Photo] = []
        self._turn = 0
        self._day: tuple[datetime.date, list[Photo]] | None = None
        self._last: Slide = ()

    @property
    def empty(self) -> bool:
        """There is none left."""
        return not self._photos

    def only(self, files: Collection[str]) -> None:
        """From now on these, in the order in which they are named; all again where none of them is there."""
        known = {photo.file: photo for photo in self._photos}
        chosen = [known[file] for file in files if file in known]
        self._bag = list(reversed(chosen))

    def lost(self, photo: Photo) -> None:
        """It cannot be shown."""
        self._photos = tuple(one for one in self._photos if one.file != photo.file)
        self._bag = [one for one in self._bag if one.file != photo.file]

    def next(self, today: datetime.date, side_by_side: bool) -> Slide:
        """What comes now; () where there is nothing to show. `side_by_side`: the screen has room for two upright ones,
        a tall screen for two that lie."""
        if not self._bag:
            self._fill()
        first = self._anniversary(today) or (self._bag.pop() if self._bag else None)
        if first is None:
            return ()
        self._turn += 1
        partner = self._partner(first) if first.upright == side_by_side else None
        self._last = (first,) if partner is None else (first, partner)
        return self._last

    def _anniversary(self, today: datetime.date) -> Photo | None:
        if self._day is None or self._day[0] != today:
            self._day = (today, [p for p in self._photos if years_ago(p, today) is not None])
            self._chance.shuffle(self._day[1])
            self._turn = 0
        if self._turn % OCCASION_EVERY or not self._day[1]:
            return None
        photo = self._day[1].pop()
        self._bag = [one for one in self._bag if one is not photo]
        return photo

    def _fill(self) -> None:
        """All of them again, in another order, but not the one first that was just seen."""
        self._bag = list(self._photos)
        self._chance.shuffle(self._bag)
        other = next((i for i, one in enumerate(self._bag) if one not in self._last), None)
        if other is not None and self._bag[-1] in self._last:
            self._bag[-1], self._bag[other] = self._bag[other], self._bag[-1]

    def _partner(self, first: Photo) -> Photo | None:
        """One of the next of the same shape: with the same people or of the same years where there is one."""
        near = [one for one in self._bag[-PARTNERS:] if one.upright == first.upright and one is not first]
        if not near:
            return None
        best = max(reversed(near), key=lambda one: _kinship(first, one))
        self._bag.remove(best)
        return best


def _kinship(a: Photo, b: Photo) -> float:
    """How well two photographs go together: people they share, then years that are near."""
    shared = len(set(a.people) & set(b.people))
    apart = abs(int(a.date[:4]) - int(b.date[:4])) if a.date and b.date else 50
    return 2.0 * bool(shared) + 1.0 / (1 + apart / 5)
