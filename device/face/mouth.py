"""The open mouth at the frame's size: the cavity, tongue and teeth behind the parted lips.

The upper teeth stay with the skull, the lower teeth and the tongue go with the jaw; the lips throw a soft shadow.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.canvas import Fit
from device.face.pose import INDEX, Pose
from device.face.rig import MOUTH_LAYERS, Mouth

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
Rect = tuple[int, int, int, int]

_TONGUE_RISE = 0.85  # of the way the jaw has gone down, that a raised tongue makes good


class MouthInside:
    """Draws what is seen between the lips."""

    def __init__(self, mouth: Mouth, place: Fit) -> None:
        self.slit = mouth.slit.scaled(place.scale, place.dx, place.dy)
        self._drop = mouth.drop * place.scale
        self._across = self.slit.direction()[1]
        self.layers: dict[str, Floats] = {}
        """Premultiplied: RGB 0..255, alpha 0..1."""
        to_photo = np.vstack([mouth.place, [0, 0, 1]]).astype(np.float64)
        offset = 0.5 * place.scale - 0.5
        to_frame = np.array(
            [[place.scale, 0, offset + place.dx], [0, place.scale, offset + place.dy], [0, 0, 1]], np.float64
        )
        whole = to_frame @ to_photo
        shrink = float(np.sqrt(abs(np.linalg.det(whole[:2, :2]))))
        factor = min(1.0, shrink)  # shrunk once here, with anti-aliasing, so that each frame only moves them
        for name, picture in zip(MOUTH_LAYERS, mouth.layers, strict=True):
            self.layers[name] = _premultiplied(picture, factor)
        height, width = mouth.layers[0].shape[:2]
        small = self.layers[MOUTH_LAYERS[0]].shape
        undo = np.diag([width / small[1], height / small[0], 1.0])
        undo[:2, 2] = np.diag(undo)[:2] * 0.5 - 0.5
        self.matrix = (whole @ undo)[:2]
        """(2, 3), from pixels of the layers at rest to pixels of the frame."""

    def draw(self, rect: Rect, pose: Pose, head: Floats, lip_drop: float) -> Floats:
        """RGB floats for the frame's `rect` (x0, y0, x1, y1). `head` is the head's displacement there (2,), pixels;
        `lip_drop` the share of the jaw's drop that the lower lip follows."""
        cavity, *rest = zip(MOUTH_LAYERS, self.shifts(pose, head, lip_drop), strict=True)
        out = self._layer(cavity[0], rect, cavity[1])[:, :, :3]
        for name, shift in rest:
            layer = self._layer(name, rect, shift)
            out = layer[:, :, :3] + out * (1 - layer[:, :, 3:])
        return out

    def shifts(self, pose: Pose, head: Floats, lip_drop: float) -> Floats:
        """(4, 2): how far each of MOUTH_LAYERS has moved, frame pixels; arguments as for `draw`."""
        jaw = self._across * np.float32(self._drop * lip_drop)
        raised = self._across * np.float32(-self._drop * _TONGUE_RISE * float(pose[INDEX["tongueUp"]]) * lip_drop)
        thrust = self._across * np.float32(-0.10 * self._drop * float(pose[INDEX["tongueUp"]]))
        return np.stack([head + 0.5 * jaw, head + jaw + raised + thrust, head + jaw, head]).astype(np.float32)

    def _layer(self, name: str, rect: Rect, shift: Floats) -> Floats:
        x0, y0, x1, y1 = rect
        matrix = self.matrix.copy()
        matrix[:, 2] += shift - np.array([x0, y0])
        border = cv2.BORDER_REPLICATE if name == "cavity" else cv2.BORDER_CONSTANT
        moved = cv2.warpAffine(self.layers[name], matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderMode=border)
        return np.asarray(moved, np.float32)

    def shade(self, under_upper: Floats, over_lower: Floats, along: Floats) -> Floats:
        """Light inside, 0..1, from the distances (pixels) to the lips' edges and the place along the mouth (-1..1)."""
        return lip_shade(self.slit.half, under_upper, over_lower, along)


def lip_shade(half: float, under_upper: Floats, over_lower: Floats, along: Floats) -> Floats:
    """Light behind lips, 0..1, of a mouth `half` pixels from its middle to a corner; see MouthInside.shade."""
    upper = 1 - 0.45 * np.exp(-np.maximum(under_upper, 0) / (0.12 * half))
    lower = 1 - 0.35 * np.exp(-np.maximum(over_lower, 0) / (0.06 * half))
    corners = 1 - 0.2 * np.clip(np.abs(along), 0, 1) ** 3
    return np.asarray(np.minimum(upper, lower) * corners, np.float32)


def _premultiplied(picture: Image, factor: float) -> Floats:
    values = picture.astype(np.float32)
    alpha = values[:, :, 3:] / 255.0
    values = np.concatenate([values[:, :, :3] * alpha, alpha], 2)
    if factor < 1:
        small = cv2.resize(values, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        values = np.asarray(small, np.float32)
    return values
