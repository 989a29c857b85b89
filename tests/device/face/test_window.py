"""The window on a real X server: every way a screen can hang, touches on it, and what becomes of its size."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from device.face.display import WindowDisplay, open_display
from device.face.sizing import AUTO
from tests.support.screen import Screen, screen
from tests.support.x_client import XClient

# Real processes on a machine that others use too: a fault fails three times.
pytestmark = pytest.mark.flaky(reruns=2)

SIZE = (640, 360)
RED, GREEN, BLUE, SKIN = (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 100, 50)


def corners(size: tuple[int, int]) -> np.ndarray:
    """A picture whose corners tell how it hangs: red and green above, blue below on the left."""
    width, height = size
    picture = np.full((height, width, 3), SKIN, np.uint8)
    picture[:40, :40], picture[:40, -40:], picture[-40:, :40] = RED, GREEN, BLUE
    return picture


@pytest.fixture
def x(monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    with screen(SIZE) as made:
        monkeypatch.setenv("DISPLAY", f":{made.number}")
        monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
        yield made


def until(done: Callable[[], object], display: WindowDisplay, frame: np.ndarray | None, seconds: float = 40.0) -> None:
    """Shows a frame again and again until `done()`."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came"
        if frame is not None:
            display.show(frame)
            display.events()
        threading.Event().wait(0.03)


def near(shot: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether the middle of each patch of the picture has its colour; edges may be soft."""
    if shot.shape != wanted.shape:
        return False
    height, width = wanted.shape[:2]
    points = [(y, x) for y in (18, height // 2, height - 18) for x in (18, width // 2, width - 18)]
    return all(np.abs(shot[at].astype(int) - wanted[at]).max() < 12 for at in points)


def opened(rotate: int = 0, still: Path | None = None, size: tuple[int, int] = AUTO) -> WindowDisplay:
    display = open_display("fullscreen", size, rotate=rotate, still=still, wander=True)
    assert isinstance(display, WindowDisplay)
    return display


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_screen_hung_any_way_shows_all_upright_and_is_touched_upright(x: Screen, tmp_path: Path, rotate: int) -> None:
    upright = SIZE if rotate % 180 == 0 else (SIZE[1], SIZE[0])
    picture = corners(upright)
    hung = np.ascontiguousarray(np.rot90(picture, -rotate // 90))
    assert cv2.imwrite(str(tmp_path / "still.png"), picture[..., ::-1])
    display = opened(rotate, tmp_path / "still.png")
    try:
        assert display.screen(40.0) == upright
        until(lambda: near(x.shot(tmp_path / "shot.png"), hung), display, None)
        frame = corners(upright)
        frame[upright[1] // 2 - 30 : upright[1] // 2 + 30, upright[0] // 2 - 30 : upright[0] // 2 + 30] = 255
        hung = np.ascontiguousarray(np.rot90(frame, -rotate // 90))
        until(lambda: near(x.shot(tmp_path / "shot.png"), hung), display, frame)
        with XClient(x.number) as finger:
            for at, name in (((20, 20), "left above"), ((SIZE[0] - 20, SIZE[1] // 2), "right")):
                finger.tap(*at)
                told: list[str] = []
                until(lambda heard=told: heard.extend(display.events()) or heard, display, None)
                column, row = (int(number) for number in told[0].split()[1:])
                assert (frame[row, column] == hung[at[1], at[0]]).all(), name
                numbers = np.arange(upright[0] * upright[1]).reshape(upright[1], upright[0])
                assert numbers[row, column] == np.rot90(numbers, -rotate // 90)[at[1], at[0]], name
    finally:
        display.close()


def test_a_frame_of_any_size_fills_the_screen_and_one_of_another_shape_has_no_black_beside_it(
    x: Screen, tmp_path: Path
) -> None:
    display = opened()
    try:
        assert display.screen(40.0) == SIZE
        small = cv2.resize(corners(SIZE), (320, 180), interpolation=cv2.INTER_AREA)
        until(lambda: near(x.shot(tmp_path / "shot.png"), corners(SIZE)), display, small)
        square = np.full((200, 200, 3), SKIN, np.uint8)
        until(lambda: x.shot(tmp_path / "shot.png")[180, 40].max() < 150, display, square)
        shot = x.shot(tmp_path / "shot.png").astype(int)
        assert np.abs(shot[180, 320] - SKIN).max() < 12
        assert shot.max(2).min() > 60
    finally:
        display.close()


@pytest.mark.parametrize("rotate", [0, 90])
def test_a_screen_that_gets_another_size_is_filled_again(x: Screen, tmp_path: Path, rotate: int) -> None:
    upright = SIZE if rotate == 0 else (SIZE[1], SIZE[0])
    display = opened(rotate)
    try:
        frame = corners(upright)
        hung = np.ascontiguousarray(np.rot90(frame, -rotate // 90))
        until(lambda: near(x.shot(tmp_path / "shot.png"), hung), display, frame)
        with XClient(x.number) as remote:
            remote.resize(480, 270)
            wanted = cv2.resize(hung, (480, 270), interpolation=cv2.INTER_AREA)
            until(lambda: near(x.shot(tmp_path / "shot.png"), wanted), display, frame)
            until(lambda: display.size == ((480, 270) if rotate == 0 else (270, 480)), display, frame)
            assert display.alive
    finally:
        display.close()


def test_a_screen_that_cannot_be_had_is_one_line_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KMSDRM itself may be there where this runs; Wayland's compositor of that name is not."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    caplog.set_level(logging.WARNING)
    display = open_display("fullscreen", AUTO, driver="wayland")
    assert isinstance(display, WindowDisplay)
    try:
        assert display.screen(40.0) is None
        pids: set[int | None] = set()
        until(lambda: pids.add(display.pid) or len(pids) > 3, display, np.zeros((360, 640, 3), np.uint8))
    finally:
        display.close()
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert lines[0].startswith("imago: display: expected a screen through wayland, got ")
    assert "inside a Wayland session" in lines[0]
