"""A slide made ready to be drawn: photographs read and laid out, the family's words beside them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.errors import BadInput
from device.face.album.choose import Slide
from device.face.album.label import Label, label
from device.face.album.slide import Pane, Size, panes, read, wanted
from device.face.render import Frame

log = logging.getLogger(__name__)


class Ready:
    """A slide that can be drawn."""

    def __init__(self, made: Sequence[Pane], labels: Sequence[Label], size: Size) -> None:
        self.slide = tuple(pane.photo for pane in made)
        """What is on it; without those that could not be read."""
        self._panes = made
        self._labels = labels
        self._size = size

    def draw(self, share: float, words: float = 1.0) -> Frame:
        """The whole screen, RGB, after `share` 0..1 of its time, with `words` 0..1 of the labels' strength."""
        frame = np.zeros((self._size[1], self._size[0], 3), np.uint8)
        for pane in self._panes:
            pane.draw(frame, share)
        for one in self._labels:
            one.draw(frame, words)
        return frame


def make(folder: Path, slide: Slide, size: Size, seed: int, occasion: str, language: str = "") -> Ready:
    """Reads and lays out what can be read of a slide; `occasion` is a line for its first label, all in `language`."""
    pictures = []
    for photo in slide:
        try:
            pictures.append((photo, read(folder / photo.file, wanted(len(slide), size))))
        except BadInput as error:
            log.warning("%s", error.line())
    made = panes(pictures, size, seed)
    labels = (
        label(p.photo, (p.x, p.y, *p.size), size, "" if number else occasion, language) for number, p in enumerate(made)
    )
    return Ready(made, [one for one in labels if one is not None], size)
