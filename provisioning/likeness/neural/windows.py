"""The regions' windows on the photograph: where their cells lie, how fine they are, and how they fade at their borders.

Cells are at most as fine as the photograph and bounded in pixels, so that a whole plan fits the atlas's one texture
(device/face/atlas.py) and a portrait on a screen of 720 lines still gets a texture's pixel for each of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.atlas import REGIONS
from device.face.rig import Rig
from provisioning.likeness.geometry import OVAL, Measures

Image = NDArray[np.uint8]
Floats = NDArray[Any]

MOST = {"face": (320, 368), "eyeLeft": (128, 112), "eyeRight": (128, 112), "mouth": (256, 224)}
"""Pixels (width, height) of a cell at most."""
_SOLID = 250  # of the matte: nothing is laid over the background that shines through hair
_INSIDE = 0.97  # of the oval of the face


@dataclass(frozen=True, slots=True)
class Window:
    """One region of one photograph."""

    name: str
    place: Floats
    """(2, 3) from pixels of a cell to pixels of the photograph."""
    mask: Floats
    """(h, w) 0..1: how much of a cell counts."""

    def seen(self, picture: Floats, matrix: Floats | None = None) -> Floats:
        """(h, w, ...) of a picture in the photograph's pixels, or in those to which `matrix` (2, 3) takes them."""
        whole = _then(self.place, matrix) if matrix is not None else self.place
        coarse = float(np.hypot(*whole[:, 0]))
        if coarse > 1.3:
            picture = cv2.GaussianBlur(picture, (0, 0), 0.4 * coarse)
        size = (self.mask.shape[1], self.mask.shape[0])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        moved = cv2.warpAffine(picture, whole.astype(np.float64), size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)


def windows(rig: Rig, face: Measures) -> dict[str, Window]:
    """All regions by their names."""
    return {name: _window(name, rig, face) for name in REGIONS}


def _window(name: str, rig: Rig, face: Measures) -> Window:
    low, high = _box(name, rig, face)
    most = np.array(MOST[name], np.float32)
    step = float(max(((high - low) / most).max(), 1.0))
    wide, tall = (int(n) for n in np.clip(np.ceil((high - low) / step), 8, most))
    place = np.array([[step, 0, low[0] + (step - 1) / 2], [0, step, low[1] + (step - 1) / 2]], np.float32)
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(tall, dtype=np.float32))
    at = np.stack([x, y], -1) * step + place[:, 2]
    mask = _mask(name, at, rig, face) * _inner(x, y)
    bare = Window(name, place, mask)
    solid = cv2.erode((rig.matte >= _SOLID).astype(np.float32), np.ones((3, 3), np.uint8))
    return Window(name, place, np.asarray(mask * np.clip(bare.seen(solid), 0, 1), np.float32))


def _box(name: str, rig: Rig, face: Measures) -> tuple[Floats, Floats]:
    """Two corners, whole pixels within the photograph."""
    if name == "mouth":
        x, y = face.mouth.centre
        low = np.array([x - 0.95 * face.unit, y - (face.nose + 0.1) * face.unit])
        high = np.array([x + 0.95 * face.unit, y + (face.chin + 0.1) * face.unit])
    elif name == "face":
        oval = rig.landmarks[list(OVAL), :2]
        low, high = oval.min(0), oval.max(0)
    else:
        left, top, wide, tall = rig.eyes[_side(name)].rect
        low, high = np.array([left, top], float), np.array([left + wide, top + tall], float)
    size = np.array(rig.photo.shape[1::-1])
    return np.clip(np.floor(low), 0, size - 9), np.clip(np.ceil(high), 9, size)


def _side(name: str) -> int:
    """Eyes are kept by the picture's side; the person's left one is the picture's right."""
    return {"eyeRight": 0, "eyeLeft": 1}[name]


def _mask(name: str, at: Floats, rig: Rig, face: Measures) -> Floats:
    mouth = _oval_at(at, *_mouth_oval(face), face.angle)
    if name == "mouth":
        return _soft(1 - mouth, 0.25)
    if name == "face":
        inside = cv2.fillConvexPoly(np.zeros(at.shape[:2], np.uint8), _outline(at, rig), (1,))
        edge = cv2.distanceTransform(inside, cv2.DIST_L2, 5) * float(at[0, 1, 0] - at[0, 0, 0])
        holes = [_soft(mouth - 1, 0.3), *(_soft(_oval_at(at, *_eye_oval(eye.rect), face.angle) - 0.9, 0.3)
                                          for eye in rig.eyes)]  # fmt: skip
        return np.asarray(_soft(edge, 0.25 * face.unit) * np.prod(holes, axis=0))
    return _soft(1 - _oval_at(at, *_eye_oval(rig.eyes[_side(name)].rect), face.angle), 0.35)


def _mouth_oval(face: Measures) -> tuple[Floats, tuple[float, float]]:
    """Around the lips and what they pull along: from the nose to the end of the chin, smile lines included."""
    across = face.mouth.direction()[1]
    middle = np.array(face.mouth.centre) + 0.5 * (face.chin - face.nose) * face.unit * across
    return middle, (0.85 * face.unit, 0.5 * (face.chin + face.nose) * face.unit)


def _eye_oval(rect: tuple[int, int, int, int]) -> tuple[Floats, tuple[float, float]]:
    x, y, wide, tall = rect
    return np.array([x + wide / 2 - 0.5, y + tall / 2 - 0.5]), (0.5 * wide, 0.5 * tall)


def _outline(at: Floats, rig: Rig) -> NDArray[np.int32]:
    oval = rig.landmarks[list(OVAL), :2]
    step = float(at[0, 1, 0] - at[0, 0, 0])
    inner = oval.mean(0) + (oval - oval.mean(0)) * _INSIDE
    return np.asarray(np.rint((inner - at[0, 0]) / step), np.int32)


def _oval_at(at: Floats, middle: Floats, radii: tuple[float, float], angle: float) -> Floats:
    """Distance from the middle in radii."""
    x, y = at[..., 0] - middle[0], at[..., 1] - middle[1]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(np.hypot((x * cos + y * sin) / radii[0], (y * cos - x * sin) / radii[1]), np.float32)


def _soft(depth: Floats, over: float) -> Floats:
    """0 below 0, 1 from `over` on."""
    t = np.clip(depth / over, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _inner(x: Floats, y: Floats) -> Floats:
    """0 along the border, 1 from four pixels inside on: what is read beyond a cell counts nothing."""
    edge = np.minimum(np.minimum(x, x.max() - x), np.minimum(y, y.max() - y))
    return _soft(edge, 4.0)


def _then(first: Floats, second: Floats) -> Floats:
    """(2, 3) affine: `first`, then `second`."""
    return np.asarray((np.vstack([second, [0, 0, 1]]) @ np.vstack([first, [0, 0, 1]]))[:2])
