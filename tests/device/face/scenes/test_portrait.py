import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.pose import neutral
from device.face.scenes.portrait import Portrait, place
from device.face.still import StillRenderer
from tests.fakes.face_renderer import FakeRenderer

side = st.integers(64, 4000)


@given(side, side, side, side)
def test_a_photograph_lies_whole_and_centred_or_fills_the_screen(w: int, h: int, sw: int, sh: int) -> None:
    where = place((w, h), (sw, sh))
    touches = where.width >= sw - 1 or where.height >= sh - 1
    assert touches
    whole = where.width <= sw + 1 and where.height <= sh + 1
    fills = where.width >= sw - 1 and where.height >= sh - 1
    assert whole or (fills and where.width * where.height <= 1.2 * sw * sh + 10_000)


@pytest.mark.parametrize("photo", [(400, 500), (500, 400), (1600, 900), (300, 900), (1280, 800)])
@pytest.mark.parametrize("screen", [(640, 360), (360, 640), (320, 320)])
def test_every_frame_is_the_screen_with_the_face_in_the_middle(photo: tuple[int, int], screen: tuple[int, int]) -> None:
    where = place(photo, screen)
    renderer = FakeRenderer((where.width, where.height))
    portrait = Portrait(renderer, FakeRenderer(photo).render(neutral()), screen)
    frame = portrait.frame(neutral())
    assert frame.shape == (screen[1], screen[0], 3)
    face = renderer.render(neutral())
    middle = frame[screen[1] // 2 - 20 : screen[1] // 2 + 20, screen[0] // 2 - 20 : screen[0] // 2 + 20]
    y, x = screen[1] // 2 - where.y, screen[0] // 2 - where.x
    np.testing.assert_array_equal(middle, face[y - 20 : y + 20, x - 20 : x + 20])


def test_edges_melt_without_a_seam_and_nothing_is_black() -> None:
    photo = np.full((500, 400, 3), (120, 100, 80), np.uint8)
    portrait = Portrait(StillRenderer(photo, (288, 360)), photo, (640, 360))
    frame = portrait.frame(neutral()).astype(int)
    assert np.abs(np.diff(frame.mean(0), axis=0)).max() < 4
    assert frame.min() > 30


def test_no_second_face_glows_in_the_canvas() -> None:
    photo = np.full((500, 400, 3), 30, np.uint8)
    photo[150:350, 130:270] = 230
    frame = Portrait(StillRenderer(photo, (288, 360)), photo, (960, 360)).frame(neutral())
    assert frame[:, :300].max() < 60


def test_frames_are_the_callers_to_keep() -> None:
    photo = np.full((500, 400, 3), 100, np.uint8)
    portrait = Portrait(StillRenderer(photo, (288, 360)), photo, (640, 360))
    portrait.frame(neutral())[:] = 0
    assert portrait.frame(neutral()).min() > 0
