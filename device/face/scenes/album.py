"""The album: the family's photographs, each slowly moving, one melting into the next."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import cv2
import numpy as np

from device.face.album.choose import Chooser, Slide, years_ago
from device.face.album.label import ago, language_of
from device.face.album.ready import Ready, make
from device.face.album.slide import Size
from device.face.aside import Aside
from device.face.curves import ease
from device.face.render import Frame
from device.persona.album import Photo

SHOWN = 12.0
"""s that a slide stays."""
MELT = 1.8
"""s in which the next one comes."""
TURN = 0.7
"""s in which it comes to somebody who asked for it."""


class Album:
    """Draws frames for given times; belongs to one thread, photographs are read in another."""

    def __init__(
        self,
        folder: Path,
        photos: Sequence[Photo],
        size: Size,
        today: Callable[[], datetime.date] = datetime.date.today,
        seed: int = 0,
    ) -> None:
        """`folder`: of the photographs. `size`: the screen's. `today`: asked once a slide."""
        self._folder, self._size, self._today = folder, size, today
        self._chooser = Chooser(photos, seed)
        self._aside: Aside[Ready] = Aside("album")
        self._asked: Slide = ()
        self._now: tuple[Ready, float] | None = None
        self._next: Ready | None = None
        self._coming: tuple[float, float] | None = None
        """When the next one began to come, and in how many s it does."""
        self._hurry = False
        self._count = 0
        self.language = ""
        """In which the family talks with it; the words on photographs that come next are written in it."""

    @property
    def empty(self) -> bool:
        """There is no photograph that can be shown."""
        return self._chooser.empty

    @property
    def showing(self) -> tuple[Photo, ...]:
        """What is on the screen, or coming."""
        if self._coming is not None and self._next is not None:
            return self._next.slide
        return self._now[0].slide if self._now is not None else ()

    def begin(self, t: float) -> None:
        """It is opened at `t`: what is there begins its way anew."""
        if self._now is not None:
            self._now = (self._now[0], t)
            self._coming = None

    def only(self, files: Collection[str], seen: bool) -> None:
        """These come next, in their order; at once where the album is not `seen` now."""
        self._chooser.only(files)
        self._next, self._coming = None, None
        if not seen:
            self._now = None
        self._hurry = seen
        self._prepare()

    def turn(self) -> None:
        """The next one as soon as it can be."""
        self._hurry = True

    def wait(self) -> None:
        """Until the photographs that are wanted next have been read; for who draws frames faster than time runs."""
        self._aside.wait()

    def frame(self, t: float) -> Frame | None:
        """What is seen at `t` s; None while there is nothing yet."""
        self._collect(t)
        if self._now is None:
            return None
        ready, since = self._now
        if self._coming is None:
            self._begin(t, since)
        if self._coming is None or self._next is None:
            return ready.draw(_share(t - since))
        began, seconds = self._coming
        share = ease((t - began) / seconds)
        if share >= 1.0:
            self._now, self._next, self._coming = (self._next, began), None, None
            self._prepare()
            return self._now[0].draw(_share(t - began))
        # One's words are gone before the other's come: nobody can read both.
        going = ready.draw(_share(t - since), 1.0 - 2.0 * share)
        coming = self._next.draw(_share(t - began), 2.0 * share - 1.0)
        return np.asarray(cv2.addWeighted(coming, share, going, 1.0 - share, 0.0), np.uint8)

    def _begin(self, t: float, since: float) -> None:
        if self._next is not None and (self._hurry or t - since >= SHOWN):
            self._coming = (t, TURN if self._hurry else MELT)
            self._hurry = False

    def _prepare(self) -> None:
        today = self._today()
        slide = self._asked = self._chooser.next(today, self._size[0] >= self._size[1])
        if slide:
            self._count += 1
            work = (self._folder, slide, self._size, self._count, _occasion(slide, today, self.language), self.language)
            self._aside.ask(lambda: make(*work))

    def _collect(self, t: float) -> None:
        """What has been made ready, or cannot be; the first one is asked for here."""
        taken = self._aside.take()
        if taken is None:
            if self._now is None and not self._aside.busy:
                self._prepare()
            return
        ready = taken[0]
        for photo in self._asked:
            if ready is None or photo not in ready.slide:
                self._chooser.lost(photo)
        if ready is None or not ready.slide:
            self._prepare()
        elif self._now is None:
            self._now = (ready, t)
            self._prepare()
        else:
            self._next = ready


def _share(seconds: float) -> float:
    """Of a slide's way, while it comes, stays and goes."""
    return min(max(seconds / (SHOWN + MELT), 0.0), 1.0)


def _occasion(slide: Slide, today: datetime.date, wanted: str) -> str:
    years = years_ago(slide[0], today)
    return "" if years is None else ago(years, (language_of(slide[0], wanted) or "zh") == "zh")
