import numpy as np
import pytest

from device.face.calibration import Calibration
from device.face.keystone import STRAIGHT, moved
from device.face.scenes.layouts import shown, turned, view_size

SCREEN = (128, 72)


def arrow(size: tuple[int, int]) -> np.ndarray:
    """A view that is bright in its upper left only."""
    view = np.zeros((size[1], size[0], 3), np.uint8)
    view[: size[1] // 2, : size[0] // 2] = 200
    return view


def bright(picture: np.ndarray) -> tuple[bool, bool, bool, bool]:
    """Which quarters are bright: upper left, upper right, lower right, lower left."""
    height, width = picture.shape[0] // 2, picture.shape[1] // 2
    quarters = (picture[:height, :width], picture[:height, width:], picture[height:, width:], picture[height:, :width])
    return tuple(bool(q.mean() > 100) for q in quarters)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("mirror", "upside_down", "where"), [(False, False, 0), (True, False, 1), (False, True, 2), (True, True, 3)]
)
def test_a_sheet_is_mirrored_and_turned_as_it_is_set(mirror: bool, upside_down: bool, where: int) -> None:
    out = shown(arrow(SCREEN), "sheet", SCREEN, Calibration(mirror=mirror, upside_down=upside_down))
    assert out.shape == (72, 128, 3)
    assert [k for k, lit in enumerate(bright(out)) if lit] == [where]


@pytest.mark.parametrize("upside_down", [False, True])
def test_each_side_of_a_pyramid_reads_right_in_its_glass(upside_down: bool) -> None:
    """A face of glass at 45 degrees shows height as distance from the middle of a screen that lies under it."""
    size = view_size("pyramid", SCREEN)
    view = arrow(size)
    out = shown(view, "pyramid", SCREEN, Calibration(upside_down=upside_down))
    side, left, top = size[0], (SCREEN[0] - size[0]) // 2, (SCREEN[1] - size[1]) // 2
    for quarter in range(4):
        turned_to_viewer = np.rot90(out[:, 28:100], quarter)  # this side's viewer stands below the picture
        arm = turned_to_viewer[top + side : top + 2 * side, left - 28 : left - 28 + side]
        reflected = arm[:, ::-1] if upside_down else arm[::-1]
        if upside_down:
            reflected = arm
            np.testing.assert_array_equal(reflected, view[:, ::-1])
        else:
            np.testing.assert_array_equal(reflected, view)
    assert not out[top : top + side, left : left + side].any()
    assert not out[:top, : left - 1].any()


def test_the_corners_are_dragged_as_the_visitor_sees_them() -> None:
    """Corner 0 is the visitor's upper left, which on a mirrored screen is the upper right."""
    white = np.full((72, 128, 3), 255, np.uint8)
    out = shown(white, "sheet", SCREEN, Calibration(corners=moved(STRAIGHT, 0, 0.2, 0.2)))
    assert not out[:5, -8:].any()
    assert out[4:9, :8].all()


def test_black_level_holds_everywhere_and_black_stays_black() -> None:
    view = np.full((72, 128, 3), 6, np.uint8)
    for layout in ("sheet", "quilt"):
        assert not shown(view.copy(), layout, SCREEN, Calibration(black=8)).any()  # type: ignore[arg-type]


def test_a_quilt_is_never_mirrored_or_bent() -> None:
    view = arrow(SCREEN)
    made = Calibration(mirror=True, corners=moved(STRAIGHT, 0, 0.2, 0.2))
    np.testing.assert_array_equal(shown(view, "quilt", SCREEN, made), view)


def test_turning_twice_is_nothing() -> None:
    view = arrow((10, 8))
    for mirror in (False, True):
        for upside_down in (False, True):
            np.testing.assert_array_equal(turned(turned(view, mirror, upside_down), mirror, upside_down), view)
