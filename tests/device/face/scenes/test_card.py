"""The print beside the portrait: the family's words are below the picture, never over who is on it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.render import Frame
from device.face.scenes.card import INK, PAPER, Card, room
from device.persona.album import Photo

BLUE = (30, 30, 220)
WORDS = {"zh": "放风筝的那天，线断了。", "en": "The kite on the day the string broke, ten minutes before."}


def shown(size: tuple[int, int], screen: tuple[int, int], language: str, words: bool = True) -> Frame:
    photo = Photo("a.jpg", *size, date="1994-04" if words else "", caption=WORDS if words else {})  # type: ignore[arg-type]
    frame = np.zeros((screen[1], screen[0], 3), np.uint8)
    Card(photo, np.full((size[1], size[0], 3), BLUE, np.uint8), screen, max(screen) // 5, language).draw(frame, 1.0)
    return frame


def box(mask: np.ndarray) -> tuple[int, int, int, int]:
    ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1


@pytest.mark.parametrize("screen", [(1280, 720), (720, 1280), (1920, 1080)])
@pytest.mark.parametrize("size", [(640, 480), (480, 640), (900, 300)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_are_below_the_picture(size: tuple[int, int], screen: tuple[int, int], language: str) -> None:
    frame = shown(size, screen, language)
    x0, y0, x1, y1 = box((frame == BLUE).all(2))
    assert (frame[y0:y1, x0:x1] == BLUE).all(), "nothing lies over it"
    assert (x1 - x0) / (y1 - y0) == pytest.approx(size[0] / size[1], rel=0.03)
    below = frame[y1 + 4 :, x0:x1].astype(int)
    ink = np.abs(below - INK).max(2) < 12
    assert ink.sum() > 100
    assert (np.abs(below[: box(ink)[3]] - PAPER).max(2) < 4).mean() > 0.5


def test_without_words_the_border_is_the_same_all_around() -> None:
    frame = shown((640, 480), (1280, 720), "zh", words=False)
    paper = box((frame == PAPER).all(2))
    picture = box((frame == BLUE).all(2))
    assert len({abs(a - b) for a, b in zip(paper, picture, strict=True)}) == 1


@given(
    st.tuples(st.integers(1, 900), st.integers(1, 900)),
    st.sampled_from([(64, 64), (1280, 720), (320, 180), (100, 2000)]),
)
def test_any_picture_stays_in_its_room(size: tuple[int, int], screen: tuple[int, int]) -> None:
    frame = shown(size, screen, "en")
    x, y, width, height = room(screen, max(screen) // 5)
    frame[y : y + height, x : x + width] = 0
    assert not frame.any()
