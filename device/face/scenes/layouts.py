"""From one finished view to the screen beneath the glass: mirrored for a sheet, around the middle for a pyramid.

A sheet of glass shows its screen mirrored. Whether also upside down depends on where the screen lies: turn it until the
person stands upright. A pyramid that stands with its tip on the screen shows to each side what lies in that quarter of
the screen, feet to the middle; one that hangs from above wants them upside down.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from device.face.calibration import Calibration
from device.face.keystone import warped
from device.face.render import Frame
from device.face.scenes.test_card import mark_corners
from device.face.tone import toned

Layout = Literal["sheet", "pyramid", "quilt"]


def view_size(layout: Layout, screen: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of the view that is shown on a screen of this size."""
    if layout != "pyramid":
        return screen
    side = max(16, min(screen) // 3)
    return side, side


def shown(
    view: Frame, layout: Layout, screen: tuple[int, int], calibration: Calibration, corner: int | None = None
) -> Frame:
    """What the screen of (width, height) must show so that `view` is seen in the glass. `corner`: the one of the four
    that is being dragged; all are marked then."""
    view = toned(view, calibration.black, calibration.gamma)
    if layout == "quilt":
        return view  # a panel has no corners to drag, and mirrored views would be in the wrong order
    if layout == "pyramid":
        picture = around(view, screen, calibration)
        if corner is not None:
            mark_corners(picture, corner)
        return warped(picture, calibration.corners)
    if corner is not None:
        mark_corners(view, corner)
    return turned(warped(view, calibration.corners), calibration.mirror, calibration.upside_down)


def turned(picture: Frame, mirror: bool, upside_down: bool) -> Frame:
    """Mirrored left to right, then turned by 180 degrees."""
    if not mirror and not upside_down:
        return picture
    code = 0 if mirror and upside_down else 1 if mirror else -1
    return np.asarray(cv2.flip(picture, code), np.uint8)


def around(view: Frame, screen: tuple[int, int], calibration: Calibration) -> Frame:
    """The view in the four arms of a cross around the screen's middle, heads outward."""
    width, height = screen
    side = view.shape[0]
    out = np.zeros((height, width, 3), np.uint8)
    above = turned(view, calibration.mirror, calibration.upside_down)
    x, y = (width - side) // 2, (height - side) // 2
    places = (
        (x, y - side, None),
        (x + side, y, cv2.ROTATE_90_CLOCKWISE),
        (x, y + side, cv2.ROTATE_180),
        (x - side, y, cv2.ROTATE_90_COUNTERCLOCKWISE),
    )
    for left, top, rotation in places:
        seen = above if rotation is None else cv2.rotate(above, rotation)
        out[top : top + side, left : left + side] = seen
    return out
