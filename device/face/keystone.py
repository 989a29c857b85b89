"""Keystone: four corners that somebody dragged -> a picture whose sides are straight where they are looked at. Pure.

The corners bound a projective map (a homography) of the plane: Hartley and Zisserman, Multiple View Geometry, 2004,
section 4.1.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.render import Frame

Corner = tuple[float, float]
"""x, y in shares of the picture's width and height."""
Corners = tuple[Corner, Corner, Corner, Corner]
"""Upper left, upper right, lower right, lower left."""

STRAIGHT: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
REACH = 0.3
"""How far, in shares, a corner may be dragged from its own place: so the four always stay convex."""


def limited(corners: Sequence[Sequence[float]]) -> Corners:
    """Four corners (x, y), each brought within the picture and within REACH of its own place. Raises ValueError for
    another number of them, or numbers that are none."""
    if len(corners) != 4 or not np.isfinite(np.asarray(corners, np.float64)).all():
        raise ValueError("four corners of two finite numbers")
    a, b, c, d = (_near(own, corner) for own, corner in zip(STRAIGHT, corners, strict=True))
    return a, b, c, d


def moved(corners: Corners, which: int, dx: float, dy: float) -> Corners:
    """The corners with one (0..3) moved by shares of the picture, as far as it may go."""
    changed = list(corners)
    x, y = corners[which]
    changed[which] = (x + dx, y + dy)
    return limited(changed)


def matrix(corners: Corners, size: tuple[int, int]) -> NDArray[np.float64]:
    """(3, 3): pixels of the straight picture of `size` (width, height) -> pixels of the dragged one."""
    scale = np.array([size[0] - 1, size[1] - 1], np.float32)
    straight, dragged = np.array(STRAIGHT, np.float32) * scale, np.array(corners, np.float32) * scale
    return np.asarray(cv2.getPerspectiveTransform(straight, dragged), np.float64)


def warped(frame: Frame, corners: Corners) -> Frame:
    """The frame within its dragged corners, black around it; the frame itself where they are straight."""
    if corners == STRAIGHT:
        return frame
    size = (frame.shape[1], frame.shape[0])
    out = cv2.warpPerspective(
        frame, matrix(corners, size), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    )
    return np.asarray(out, np.uint8)


def _near(own: Corner, corner: Sequence[float]) -> Corner:
    x, y = (min(max(float(c), max(o - REACH, 0.0)), min(o + REACH, 1.0)) for o, c in zip(own, corner, strict=True))
    return x, y
