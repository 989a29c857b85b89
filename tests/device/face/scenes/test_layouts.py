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
    """Glass at 45 degrees shows distance from the middle of the screen as height: above a screen that lies under it the
    farther is the higher, below one that hangs over it the nearer."""
    side, square = view_size("pyramid", SCREEN)[0], (SCREEN[0] - SCREEN[1]) // 2
    view = arrow((side, side))
    out = shown(view, "pyramid", SCREEN, Calibration(upside_down=upside_down))
    middle = out[:, square : square + SCREEN[1]]
    for quarter in range(4):
        before_viewer = np.rot90(middle, quarter)[2 * side :, side : 2 * side]  # this side's viewer stands below
        # One who looks up at a hanging screen sees its left and right changed round.
        seen = before_viewer[:, ::-1] if upside_down else before_viewer[::-1]
        np.testing.assert_array_equal(seen, view)
    assert not middle[side : 2 * side, side : 2 * side].any()
    assert not out[:, :square].any()


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
