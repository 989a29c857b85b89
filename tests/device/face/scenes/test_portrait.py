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


@pytest.mark.parametrize("screen", [(640, 360), (360, 640)])
def test_it_gives_way_whole_and_with_its_surroundings(screen: tuple[int, int]) -> None:
    photo = np.full((500, 500, 3), (120, 100, 80), np.uint8)
    photo[200:300, 200:300] = (230, 40, 40)
    where = place((500, 500), screen)
    portrait = Portrait(StillRenderer(photo, (where.width, where.height)), photo, screen)

    def red(share: float) -> np.ndarray:
        return np.argwhere(portrait.frame(neutral(), share)[..., 0] > 220)

    at_rest, half, moved = (red(share) for share in (0.0, 0.5, 1.0))
    left, down = portrait.aside
    assert (left > 0) != (down > 0)
    assert len(at_rest) == len(half) == len(moved)
    np.testing.assert_allclose(moved.mean(0) - at_rest.mean(0), (down, -left), atol=0.5)
    np.testing.assert_allclose(half.mean(0) - at_rest.mean(0), (down / 2, -left / 2), atol=1)
    assert portrait.frame(neutral(), 1.0).min() > 20


def test_one_that_fills_the_screen_stays() -> None:
    photo = np.full((360, 640, 3), 100, np.uint8)
    portrait = Portrait(StillRenderer(photo, (640, 360)), photo, (640, 360))
    np.testing.assert_array_equal(portrait.frame(neutral(), 1.0), portrait.frame(neutral(), 0.0))
