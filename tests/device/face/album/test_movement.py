"""The window over a photograph: within it, of the screen's shape, slow, and with every face in it all the time."""

from __future__ import annotations

import random

from hypothesis import assume, given
from hypothesis import strategies as st

from device.face.album.movement import DRIFT, KEEP, ZOOM, Box, around, fills, move

SCREENS = st.sampled_from([(1280, 720), (720, 1280), (1024, 768), (637, 720)])
Case = tuple[tuple[int, int], tuple[int, int], tuple[Box, ...]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Size of a photograph about as wide as the screen is, the screen's, and faces."""
    screen = draw(SCREENS)
    width = draw(st.integers(40, 6000))
    height = max(1, round(width * screen[1] / screen[0] * draw(st.floats(0.65, 1.5))))
    found = []
    for _ in range(draw(st.integers(0, 3))):
        x, y = draw(st.floats(0, 0.95)), draw(st.floats(0, 0.95))
        found.append((x, y, x + draw(st.floats(0.01, min(0.3, 1 - x))), y + draw(st.floats(0.01, min(0.3, 1 - y)))))
    assume(fills((width, height), screen, found))
    return (width, height), screen, tuple(found)


@given(cases(), st.integers(0, 99), st.floats(0, 1))
def test_faces_stay_in_view(case: Case, seed: int, share: float) -> None:
    photo, screen, found = case
    window = move(photo, screen, found, random.Random(seed)).at(share)
    near = 1e-6 * max(photo)
    assert window.x >= -near
    assert window.y >= -near
    assert window.x + window.width <= photo[0] + near
    assert window.y + window.height <= photo[1] + near
    assert abs(window.width / window.height - screen[0] / screen[1]) < 1e-6
    x0, y0, x1, y1 = around(photo, found)
    assert window.x <= x0 + near
    assert window.x + window.width >= x1 - near
    assert window.y <= y0 + near
    assert window.y + window.height >= y1 - near


@given(cases(), st.integers(0, 99))
def test_it_is_slow(case: Case, seed: int) -> None:
    way = move(*case, random.Random(seed))
    for axis, side in (("x", "width"), ("y", "height")):
        a, b = getattr(way.first, axis), getattr(way.last, axis)
        wide, close = getattr(way.first, side), getattr(way.last, side)
        assert 1 / ZOOM - 1e-6 <= close / wide <= ZOOM + 1e-6
        # Besides what the zoom itself and the picture's borders ask for.
        assert abs(a + wide / 2 - b - close / 2) <= (DRIFT + (ZOOM - 1)) * max(wide, close) + 1e-6


def test_a_photograph_fills_the_screen_only_where_little_is_lost() -> None:
    assert fills((1600, 900), (1280, 720), ())
    assert fills((1600, 1200), (1280, 720), ())  # three quarters of it
    assert not fills((900, 1600), (1280, 720), ())
    assert 0.5 < KEEP < 0.75


def test_a_group_that_fills_the_picture_is_not_cut() -> None:
    assert not fills((1600, 1200), (1280, 720), ((0.3, 0.02, 0.5, 0.3), (0.6, 0.7, 0.8, 0.98)))
    assert fills((1600, 1200), (1280, 720), ((0.3, 0.3, 0.5, 0.5),))
