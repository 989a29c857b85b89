"""Photographs laid out on the screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from device.errors import BadInput
from device.face.album.slide import MOST_PIXELS, panes, places, read, wanted
from device.face.render import Frame
from device.persona.album import Photo

SCREEN = (320, 180)


def picture(width: int, height: int) -> Frame:
    """Red grows to the right, green downwards."""
    x, y = np.linspace(0, 255, width), np.linspace(0, 255, height)
    return np.stack(np.broadcast_arrays(x[None], y[:, None], 90.0), -1).astype(np.uint8)


def photo(picture: Frame, **more: object) -> Photo:
    return Photo("a.jpg", picture.shape[1], picture.shape[0], **more)  # type: ignore[arg-type]


def test_the_parts_of_the_screen_do_not_overlap() -> None:
    for screen in (SCREEN, (180, 320)):
        (ax, ay, aw, ah), (bx, by, bw, bh) = places(2, screen)
        assert (ax, ay) == (0, 0)
        assert (bx + bw, by + bh) == screen
        assert (bx > aw) != (by > ah)
    assert places(0, SCREEN) == ()


@given(st.integers(60, 700), st.integers(60, 700), st.floats(0, 1))
def test_every_pixel_is_drawn(width: int, height: int, share: float) -> None:
    whole = picture(width, height)
    frame = np.full((SCREEN[1], SCREEN[0], 3), 77, np.uint8)
    (pane,) = panes([(photo(whole), whole)], SCREEN, 1)
    pane.draw(frame, share)
    again = np.full_like(frame, 200)
    pane.draw(again, share)
    assert np.array_equal(frame, again)


def test_it_is_the_photograph_upright_and_in_place() -> None:
    whole = picture(640, 360)
    frame = np.zeros((SCREEN[1], SCREEN[0], 3), np.uint8)
    (pane,) = panes([(photo(whole), whole)], SCREEN, 1)
    for share in (0.0, 1.0):
        pane.draw(frame, share)
        middle = frame[90, 160].astype(int)
        assert abs(middle[0] - 127) < 15
        assert abs(middle[1] - 127) < 15
        assert frame[90, 300, 0] > frame[90, 20, 0] + 150
        assert frame[170, 160, 1] > frame[10, 160, 1] + 150


def test_an_upright_one_is_shown_whole_on_a_wide_screen() -> None:
    white = np.full((600, 300, 3), 255, np.uint8)
    frame = np.zeros((SCREEN[1], SCREEN[0], 3), np.uint8)
    (pane,) = panes([(photo(white), white)], SCREEN, 1)
    pane.draw(frame, 0.0)
    bright = (frame.min(2) > 240).sum(1)
    assert 70 < bright.max() < 100, "its own width at the screen's height"
    assert frame[90, 5].max() < 140, "beside it, its colours are dim"


def test_two_have_a_gap_between_them() -> None:
    white = np.full((400, 300, 3), 255, np.uint8)
    frame = np.zeros((SCREEN[1], SCREEN[0], 3), np.uint8)
    for pane in panes([(photo(white), white), (photo(white), white)], SCREEN, 1):
        pane.draw(frame, 0.5)
    assert (frame.max((0, 2)) == 0).sum() == 2
    assert np.flatnonzero(frame.max((0, 2)) == 0).mean() == pytest.approx(159.5)


def test_a_photograph_is_read_no_larger_than_needed(tmp_path: Path) -> None:
    Image.fromarray(picture(4000, 3000)).save(tmp_path / "a.jpg")
    read_small = read(tmp_path / "a.jpg", wanted(1, SCREEN))
    assert 368 <= read_small.shape[0] <= 2 * 368
    assert abs(int(read_small[-1, -1, 0]) - 255) < 12


def test_it_is_read_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture(400, 300)).save(tmp_path / "a.jpg", exif=exif)
    turned = read(tmp_path / "a.jpg", 300)
    assert turned.shape == (400, 300, 3)
    assert turned[0, -1, 0] < 20 < 200 < turned[-1, -1, 0]


def test_what_is_no_photograph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no photograph")
    with pytest.raises(BadInput, match="expected a photograph"):
        read(tmp_path / "a.jpg", 300)
    with pytest.raises(BadInput):
        read(tmp_path / "gone.jpg", 300)


def test_a_picture_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    side = int(MOST_PIXELS**0.5) + 1
    Image.new("1", (side, side)).save(tmp_path / "a.png")
    with pytest.raises(BadInput, match="at most"):
        read(tmp_path / "a.png", 300)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_a_damaged_photograph_is_refused_or_read(junk: bytes, kind: int) -> None:
    import tempfile

    starts = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(starts[kind] + junk)
        with pytest.raises(BadInput):
            read(path, 100)
