"""How much of the photograph's face is left in an expression: structural similarity outside the mouth and the eyes.

No network that knows people takes part, so this is not an identity: it says that skin, wrinkles and outline are still
those pixels. The face is first laid upon the photograph's own by the affine map of landmarks that no expression moves;
what the head's turn does beyond that counts against it. SSIM by Wang, Bovik, Sheikh and Simoncelli (2004).
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.render import Frame
from device.face.sync import Landmarks

Floats = NDArray[np.float32]
Grey = NDArray[np.uint8]

SIDE = 256
"""Pixels of the square that faces are compared in."""
FIRM = (33, 133, 362, 263, 6, 168, 197, 195, 127, 356, 234, 454, 10, 151, 109, 338)
"""Of the face mesh: corners of the eyes, bridge of the nose, temples, forehead."""
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
EYES = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382),
)
"""Outlines in the face mesh."""
AROUND = 0.06
"""Of SIDE: so far around mouth and eyes nothing is compared, and so far within the face's outline."""
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
"""Constants of SSIM for values of 0..255."""


def similarities(neutral: Frame, frames: Mapping[str, Frame], landmarks: Landmarks) -> dict[str, float | None]:
    """For each frame the mean SSIM over the compared part of the face; None where no face is found. "mirrored" is the
    resting face turned left to right, which is what another arrangement of the same skin gives."""
    points = landmarks(neutral)
    if points is None:
        return dict.fromkeys(frames)
    place = _canonical(points)
    mask = compared(points, place)
    first = _laid(neutral, place)
    found: dict[str, float | None] = {}
    for name, frame in frames.items():
        there = landmarks(frame)
        laid = None if there is None else _laid(frame, place_like(there, points, place))
        found[name] = None if laid is None else round(masked_ssim(first, laid, mask), 4)
    found["mirrored"] = round(masked_ssim(first, np.ascontiguousarray(first[:, ::-1]), mask & mask[:, ::-1]), 4)
    return found


def place_like(there: Floats, points: Floats, place: Floats) -> Floats:
    """(2, 3): from a frame with landmarks `there` to the square in which `place` lays `points`, by least squares."""
    source = np.column_stack([there[list(FIRM), :2], np.ones(len(FIRM))])
    target = points[list(FIRM), :2] @ place[:, :2].T + place[:, 2]
    solved, *_ = np.linalg.lstsq(source, target, rcond=None)
    return np.asarray(solved.T, np.float32)


def _canonical(points: Floats) -> Floats:
    """(2, 3): the face's bounding box, somewhat larger, to the square."""
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    scale = 0.94 * SIDE / float((high - low).max())
    middle = (low + high) / 2
    return np.array([[scale, 0, SIDE / 2 - scale * middle[0]], [0, scale, SIDE / 2 - scale * middle[1]]], np.float32)


def _laid(frame: Frame, place: Floats) -> Grey:
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.warpAffine(grey, place, (SIDE, SIDE), flags=cv2.INTER_AREA), np.uint8)


def compared(points: Floats, place: Floats) -> NDArray[np.bool_]:
    """(SIDE, SIDE): the face without mouth and eyes."""
    laid = np.rint(points[:, :2] @ place[:, :2].T + place[:, 2]).astype(np.int32)
    face, out = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(laid), 255)
    for outline in (LIPS, *EYES):
        cv2.fillConvexPoly(out, cv2.convexHull(laid[list(outline)]), 255)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(AROUND * SIDE) + 1,) * 2)
    return np.asarray((cv2.erode(face, brush) > 0) & (cv2.dilate(out, brush) == 0))


def masked_ssim(a: Grey, b: Grey, mask: NDArray[np.bool_]) -> float:
    """Mean of the SSIM map of two grey pictures of one shape over the mask; 0 where that is empty."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    mean_x, mean_y = _blur(x), _blur(y)
    var_x, var_y = _blur(x * x) - mean_x * mean_x, _blur(y * y) - mean_y * mean_y
    both = _blur(x * y) - mean_x * mean_y
    light = (2 * mean_x * mean_y + C1) / (mean_x * mean_x + mean_y * mean_y + C1)
    shape = (2 * both + C2) / (var_x + var_y + C2)
    return float((light * shape)[mask].mean()) if mask.any() else 0.0


def _blur(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float64)
