"""What the family sees and hears of a stick that they have put in (`persona/arrival.py`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from device.link import News
from device.persona.stick import arrival, words
from device.persona.stick.arrival import Arrival
from device.persona.unpacked import Language

SAFE: dict[Language, str] = {"en": words.SAFE[0], "zh": words.SAFE[1]}
LOOK_S = 0.5
"""s between two looks."""
STAYS_S = {"pairing": 600.0, "done": 15.0, "nothing": 15.0, "refused": 30.0, "gone": 0.0}
"""s for which the end of it is on the screen."""
STALE_S = 90.0
"""s without a word of work that is not over, after which whoever did it is taken for dead."""
CLEAR = News("stick", "", "")


class Watch:
    """Looks at the file; belongs to one thread."""

    def __init__(self, where: Path | None, wall: Callable[[], float] = time.time) -> None:
        """`where`: the file, None where there cannot be one. `wall`: s, as the file's times are."""
        self._where = where
        self._wall = wall
        self._looked = float("-inf")
        self._mark = (0, 0)
        self._seen: Arrival | None = None
        self._since = 0.0

    def look(self, now: float) -> tuple[Arrival, float] | None:
        """What is going on at `now` s, and for how many s nothing has changed about it; None for nothing."""
        if self._where is not None and now - self._looked >= LOOK_S:
            self._looked = now
            self._read(self._where, now)
        return (self._seen, now - self._since) if self._seen is not None else None

    def _read(self, where: Path, now: float) -> None:
        try:
            stat = where.stat()
        except OSError:
            self._mark, self._seen = (0, 0), None
            return
        mark = (stat.st_mtime_ns, stat.st_ino)
        if mark != self._mark:
            self._mark, self._seen = mark, arrival.hear(where)
            # A process that has just begun must not take yesterday's for today's; nor a clock that was set back.
            self._since = now - max(0.0, self._wall() - stat.st_mtime)


def news(seen: tuple[Arrival, float] | None) -> News:
    """What the screen says of it."""
    if seen is None:
        return CLEAR
    told, age = seen
    if age > STAYS_S.get(told.stage, STALE_S) or told.stage == "gone":
        return CLEAR
    if told.over:
        en, zh = told.en, told.zh
        if told.stage == "done" and told.safe and SAFE["en"] not in en:
            en, zh = f"{en} {SAFE['en']}".strip(), f"{zh}{SAFE['zh']}"
        return News("stick", en, zh)
    return News("stick", told.en, told.zh, -1.0 if told.stage == "looking" else min(max(told.share, 0.0), 1.0))
