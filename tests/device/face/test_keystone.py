import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.keystone import REACH, STRAIGHT, Corners, limited, matrix, moved, warped

anything = st.floats(-1e9, 1e9)
corners = st.lists(st.tuples(anything, anything), min_size=4, max_size=4).map(limited)


def area(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@given(corners)
def test_however_they_are_dragged_the_corners_stay_convex_and_on_the_screen(four: Corners) -> None:
    assert all(area(four[k], four[(k + 1) % 4], four[(k + 2) % 4]) > 0.01 for k in range(4))
    assert all(0 <= c <= 1 for corner in four for c in corner)
    assert limited(four) == four


@given(corners)
def test_the_picture_ends_in_its_dragged_corners(four: Corners) -> None:
    m = matrix(four, (641, 361))
    for (x, y), (to_x, to_y) in zip(STRAIGHT, four, strict=True):
        u, v, w = m @ np.array([640 * x, 360 * y, 1.0])
        assert (u / w, v / w) == pytest.approx((640 * to_x, 360 * to_y), abs=0.02)


@given(corners, st.integers(0, 3), anything, anything)
def test_only_the_chosen_corner_moves(four: Corners, which: int, dx: float, dy: float) -> None:
    after = moved(four, which, dx, dy)
    assert all(after[k] == four[k] for k in range(4) if k != which)


def test_straight_corners_cost_nothing() -> None:
    frame = np.full((36, 64, 3), 9, np.uint8)
    assert warped(frame, STRAIGHT) is frame


def test_around_a_dragged_picture_is_true_black() -> None:
    frame = np.full((360, 640, 3), 200, np.uint8)
    out = warped(frame, moved(STRAIGHT, 0, 0.2, 0.2))
    assert out.shape == frame.shape
    assert not out[:60, :100].any()
    assert (out[150:350, 150:600] == 200).all()


@pytest.mark.parametrize("bad", [[], [(0, 0)] * 5, [(0, float("nan"))] * 4, [(0, float("inf"))] * 4])
def test_what_is_no_four_corners_is_refused(bad: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="four corners"):
        limited(bad)


def test_the_reach_is_really_reached() -> None:
    assert moved(STRAIGHT, 2, -9, -9)[2] == pytest.approx((1 - REACH, 1 - REACH))
