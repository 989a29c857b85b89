"""What is written on a photograph: the family's words for it and when it was, small, in its lower corner."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from device.face.render import Frame
from device.face.scenes.caption_track import break_lines, clean, units
from device.face.scenes.captions import IVORY, Overlay, Text
from device.persona.album import Photo, when

WORDS, DATE = 0.030, 0.022
"""Letters' sizes in the screen's shorter sides."""
LINES = 3
"""Of words; more would hide the photograph."""


def ago(years: int, chinese: bool) -> str:
    """On a photograph of this day."""
    if chinese:
        return f"{years}年前的今天"
    return "A year ago today" if years == 1 else f"{years} years ago today"


class Label:
    """A finished piece of a picture."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def draw(self, frame: Frame, strength: float) -> None:
        """Onto a frame of the screen's size, 0..1 of its strength."""
        if strength <= 0.0:
            return
        part = self._overlay.part(frame)
        bare = part.copy() if strength < 1.0 else None
        self._overlay.draw(frame)
        if bare is not None:
            part[:] = cv2.addWeighted(part, strength, bare, 1.0 - strength, 0.0)


def language_of(photo: Photo, wanted: str) -> str:
    """Of what is written on a photograph: the one that is `wanted`, else the persona's own, which comes first."""
    return wanted if wanted in photo.caption or not photo.caption else next(iter(photo.caption))


def label(
    photo: Photo, pane: tuple[int, int, int, int], screen: tuple[int, int], occasion: str, wanted: str = ""
) -> Label | None:
    """For a photograph in `pane` (x, y, width, height) of whatever it is drawn on, in letters that suit the screen's
    size and in the `wanted` language; None where there is nothing to say."""
    x, y, width, height = pane
    margin = round(0.04 * min(screen))
    room = width - 2 * margin
    texts = written(photo, room, screen, occasion, wanted)
    if not texts or room < 8 * WORDS * min(screen):
        return None
    tall = min(sum(text.height for text in texts) + 2 * margin, height)
    return Label(Overlay(y + height - tall, x, *_laid(texts, (tall, width), margin), IVORY))


def written(
    photo: Photo, room: int, screen: tuple[int, int], occasion: str, wanted: str = "", letters: float = WORDS
) -> list[Text]:
    """The family's words and the date, one below the other, in `room` pixels of width; [] where there are none.
    `letters`: size of those of the words, in the screen's shorter sides."""
    language = language_of(photo, wanted) or "zh"
    words = clean(photo.words(language))
    date = "  ·  ".join(filter(None, (when(photo.date, language), occasion)))
    unit = min(screen)
    return [
        Text(lines, size, room, room, centred=False)
        for text, size in ((words, max(round(letters * unit), 9)), (date, max(round(DATE * unit), 9)))
        if room > 0 and (lines := _lines(text, room / size))
    ]


def _laid(texts: Sequence[Text], size: tuple[int, int], margin: int) -> tuple[Frame, Frame]:
    """Letters (height, width), and how much of the picture is kept beneath them."""
    letters, keep = np.zeros(size, np.uint8), _dusk(*size)
    top = max(size[0] - sum(text.height for text in texts) - margin // 2, 0)
    for text in texts:
        place = (slice(top, top + text.height), slice(margin, margin + text.letters.shape[1]))
        rows = len(letters[place])
        letters[place] = text.letters[:rows]
        keep[place] = cv2.multiply(keep[place], 255 - text.shadow[:rows], scale=1 / 255)
        top += text.height
    return letters, keep


def _lines(words: str, widest: float) -> tuple[tuple[str, ...], ...]:
    """At most LINES of `widest` em each; the last one says where there is more."""
    if not words:
        return ()
    broken = break_lines([(unit, 0.0, 0.0) for unit in units(words)], widest)
    lines = [tuple(word for word, _, _ in line) for line in broken]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], (*lines[LINES - 1][:-1], "…")]
    return tuple(lines)


def _dusk(height: int, width: int) -> Frame:
    """How much of the picture is left under the words, 0..255: all at the upper edge, least at the lower one."""
    y = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None]
    return np.asarray(np.repeat(255 - np.rint(255 * 0.6 * y * y * (3 - 2 * y)), width, 1), np.uint8)
