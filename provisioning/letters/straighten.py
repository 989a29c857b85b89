"""A scan or photograph of a page made ready for reading: cut to the sheet, flat, in even light, level."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[Any]

LONGEST = 2400
"""Pixels of the longer side of what comes out, at most."""
PAPER = 242.0
"""Brightness that paper gets."""
_SEARCH = 600  # pixels of the longer side in which the sheet is looked for
_LEAST_SHEET, _MOST_SHEET = 0.25, 0.97  # of the picture
_LIMITS = (1.0, 0.85, 0.7, 0.55, 0.4)  # of Otsu's
_BORDER = 14.0  # of 255, by which the sheet's surroundings are darker
_WITHIN = 0.988  # of the sheet that is kept: its very edge is half table
_LEVEL = 800  # pixels of the longer side in which the slope is measured
_STEEPEST = 15.0  # degrees


def straighten(picture: Image) -> Image:
    """RGB (H, W, 3) -> RGB, the sheet alone. A picture in which no sheet and no slope are found stays whole."""
    sheet = flattened(_reduced(picture, LONGEST))
    even = in_even_light(sheet)
    return rotated(even, slope(even))


def _reduced(picture: Image, longest: int) -> Image:
    scale = longest / max(picture.shape[:2])
    if scale >= 1:
        return picture
    size = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def flattened(picture: Image) -> Image:
    """The sheet, if its four corners are seen before something else, as if looked at from straight above."""
    corners = find_sheet(picture)
    if corners is None:
        return picture
    middle = corners.mean(0)
    a, b, c, d = middle + (corners - middle) * _WITHIN
    width = round(float(max(np.hypot(*(b - a)), np.hypot(*(c - d)))))
    height = round(float(max(np.hypot(*(d - a)), np.hypot(*(c - b)))))
    if min(width, height) < 32:
        return picture
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.stack([a, b, c, d]).astype(np.float32), flat)
    return np.asarray(cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC,
                                          borderMode=cv2.BORDER_REPLICATE), np.uint8)  # fmt: skip


def find_sheet(picture: Image) -> Floats | None:
    """(4, 2) pixels, clockwise from the top left; None where no bright four-cornered sheet lies on something darker.

    Of the shapes that several limits of brightness give, the one with the sharpest borders all around is taken: a
    shadow's border is soft, and a sheet that is cut in half by one would lose words."""
    small = _reduced(picture, _SEARCH)
    soft = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.5)
    filled = np.asarray(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), np.uint8)  # no writing
    otsu, _ = cv2.threshold(filled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    best, sharpest = None, _BORDER
    for share in _LIMITS:
        corners = _shape(filled, share * otsu)
        if corners is not None and (sharp := _border(filled, corners)) > sharpest:
            best, sharpest = corners, sharp
    return None if best is None else np.asarray(best * (max(picture.shape[:2]) / max(small.shape[:2])), np.float32)


def _shape(filled: Image, limit: float) -> Floats | None:
    """Corners of the largest thing brighter than a limit, if it has four."""
    outlines, _ = cv2.findContours((filled > limit).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea, default=None)
    if outline is None or not _LEAST_SHEET < float(cv2.contourArea(outline)) / filled.size < _MOST_SHEET:
        return None
    corners = _four(cv2.convexHull(outline))
    if corners is None or float(cv2.contourArea(corners)) > 1.1 * float(cv2.contourArea(outline)):
        return None
    return _clockwise(corners)


def _border(filled: Image, corners: Floats) -> float:
    """How much darker it is outside than inside, at the least sharp of the four sides; sides that lie on the picture's
    own border do not count."""
    middle, high = corners.mean(0), np.array(filled.shape[::-1]) - 1
    steps = []
    for start, end in zip(corners, np.roll(corners, -1, 0), strict=True):
        along = (end - start) / max(float(np.hypot(*(end - start))), 1e-6)
        out = np.array([along[1], -along[0]])
        out *= 1 if float(out @ (start - middle)) > 0 else -1
        places = start + (end - start) * np.linspace(0.06, 0.94, 48)[:, None]
        inner, outer = (np.round(places + by * out).astype(int) for by in (-4, 5))
        seen = ((outer >= 0) & (outer <= high) & (inner >= 0) & (inner <= high)).all(1)
        if seen.mean() < 0.3:
            continue
        values = filled.astype(np.float32)
        step = values[inner[seen, 1], inner[seen, 0]] - values[outer[seen, 1], outer[seen, 0]]
        steps.append(float(np.percentile(step, 25)))
    return min(steps, default=0.0)


def _four(hull: Floats) -> Floats | None:
    """The four-cornered shape that a convex outline nearly is."""
    around = float(cv2.arcLength(hull, True))
    for share in (0.02, 0.03, 0.04, 0.06):
        corners = cv2.approxPolyDP(hull, share * around, True)
        if len(corners) == 4:
            return np.asarray(corners.reshape(4, 2), np.float32)
    return None


def _clockwise(corners: Floats) -> Floats:
    sums, differences = corners.sum(1), corners[:, 1] - corners[:, 0]
    order = [int(sums.argmin()), int(differences.argmin()), int(sums.argmax()), int(differences.argmax())]
    return corners[order] if len(set(order)) == 4 else corners


def in_even_light(picture: Image) -> Image:
    """Shadows and yellowing gone: each colour over that of the paper around it."""
    small = _reduced(picture, _SEARCH)
    reach = max(round(max(small.shape[:2]) / 40), 3) | 1
    paper = cv2.dilate(small, np.ones((reach, reach), np.uint8))
    paper = cv2.medianBlur(paper, min(2 * reach + 1, 255))
    paper = cv2.GaussianBlur(paper, (0, 0), reach / 2)
    around = cv2.resize(paper, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    lit = picture.astype(np.float32) / np.maximum(around, 24) * PAPER
    return np.clip(np.round(lit), 0, 255).astype(np.uint8)


def slope(picture: Image) -> float:
    """Degrees by which lines of writing fall to the right; columns that lean count alike; 0 where none is certain.

    Rows of ink are sharpest where they are level (Postl: "Detection of linear oblique structures", 1986)."""
    small = _reduced(picture, _LEVEL)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ink = np.clip((PAPER - 25 - grey.astype(np.float32)) / 100, 0, 1)
    margin = round(0.03 * min(ink.shape))
    ink[:margin], ink[-margin:], ink[:, :margin], ink[:, -margin:] = 0, 0, 0, 0
    if float(ink.mean()) < 0.002:
        return 0.0
    level = _crisp(ink, 0.0)
    coarse = max(np.arange(-_STEEPEST, _STEEPEST + 0.1, 1.0), key=lambda angle: _crisp(ink, float(angle)))
    fine = max(np.arange(coarse - 1, coarse + 1.01, 0.2), key=lambda angle: _crisp(ink, float(angle)))
    return float(fine) if _crisp(ink, float(fine)) > 1.08 * level and abs(fine) < _STEEPEST else 0.0


def _crisp(ink: Floats, angle: float) -> float:
    """How sharply rows, or columns, of ink stand apart after turning it back by an angle."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    level = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return max(float((np.diff(level.sum(axis)) ** 2).sum()) for axis in (0, 1))


def rotated(picture: Image, angle: float) -> Image:
    """Turned back by degrees, so that lines that fell are level; the corners that come in are paper."""
    if abs(angle) < 0.15:
        return picture
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (round(width * cos + height * sin), round(height * cos + width * sin))
    matrix[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT,
                                     borderValue=(PAPER, PAPER, PAPER)), np.uint8)  # fmt: skip
