import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.sizing import HARDLY_MORE, LEAST, MOST, PIXELS, fitted, frame_size, touched, turned

SIDE = st.integers(64, 7680)
SIZE = st.tuples(SIDE, SIDE)
TURN = st.sampled_from([0, 90, 180, 270])


@pytest.mark.parametrize(
    ("screen", "by", "frame"),
    [
        ((1280, 720), "cpu", (1280, 720)),
        ((1024, 600), "cpu", (1024, 600)),
        ((1366, 768), "cpu", (1366, 768)),
        ((1280, 800), "cpu", (1280, 800)),
        ((1280, 1024), "cpu", (1072, 858)),
        ((1920, 1080), "cpu", (1280, 720)),
        ((3840, 2160), "cpu", (1280, 720)),
        ((1080, 1920), "cpu", (720, 1280)),
        ((1920, 1080), "gl", (1920, 1080)),
        ((1920, 1200), "gl", (1920, 1200)),
        ((3840, 2160), "gl", (1920, 1080)),
    ],
)
def test_frames_of_the_screens_one_buys(screen: tuple[int, int], by: str, frame: tuple[int, int]) -> None:
    assert frame_size(screen, PIXELS[by]) == frame


@given(SIZE, st.sampled_from([*PIXELS.values()]))
def test_a_frame_has_the_screens_shape_and_never_too_many_pixels(screen: tuple[int, int], pixels: int) -> None:
    width, height = frame_size(screen, pixels)
    assert width * height <= HARDLY_MORE * pixels <= MOST + 1
    assert LEAST <= width <= screen[0]
    assert LEAST <= height <= screen[1]
    if screen[0] * screen[1] <= HARDLY_MORE * pixels:
        assert (width, height) == screen
    elif min(width, height) > 2 * LEAST:
        assert width / height == pytest.approx(screen[0] / screen[1], rel=0.02)
        assert width * height > 0.96 * pixels


@given(SIZE, SIZE)
def test_a_frame_lies_whole_on_any_screen(frame: tuple[int, int], screen: tuple[int, int]) -> None:
    wide, high = fitted(frame, screen)
    assert wide <= screen[0] + 1e-6
    assert high <= screen[1] + 1e-6
    assert max(wide / screen[0], high / screen[1]) == pytest.approx(1.0)
    assert wide / high == pytest.approx(frame[0] / frame[1], rel=0.021)


@given(st.tuples(st.integers(8, 60), st.integers(8, 60)), TURN, st.data())
def test_a_touch_finds_the_pixel_that_is_seen_there(frame: tuple[int, int], turn: int, data: st.DataObject) -> None:
    """Against the picture itself, turned by numpy."""
    numbers = np.arange(frame[0] * frame[1]).reshape(frame[1], frame[0])
    seen = np.rot90(numbers, -turn // 90)
    screen = turned(frame, turn)
    assert (seen.shape[1], seen.shape[0]) == screen
    at = (data.draw(st.integers(0, screen[0] - 1)), data.draw(st.integers(0, screen[1] - 1)))
    column, row = touched(at, screen, frame, turn)
    assert numbers[row, column] == seen[at[1], at[0]]


@given(st.tuples(st.integers(-50, 8000), st.integers(-50, 8000)), SIZE, SIZE, TURN)
def test_a_touch_is_always_within_the_frame(
    at: tuple[int, int], screen: tuple[int, int], frame: tuple[int, int], turn: int
) -> None:
    column, row = touched(at, screen, frame, turn)
    assert 0 <= column < frame[0]
    assert 0 <= row < frame[1]
