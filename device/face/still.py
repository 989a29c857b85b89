"""The faces that need no rig: the photograph itself with a breath in it, and a calm card with the name."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from device.errors import BadInput
from device.face.pose import INDEX, Pose
from device.face.render import Frame

SWELL = 0.008
"""Growth of the picture at the top of a breath: noticed only by whoever waits for it."""


def load_photo(path: Path) -> Frame:
    """Any common picture as RGB, (height, width, 3), at most 4096 on a side. Raises BadInput."""
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise BadInput(str(path), expected="a readable picture", got=error.strerror or "an error") from error
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    except cv2.error:
        image = None
    if image is None:
        raise BadInput(str(path), expected="a JPEG, PNG or WebP picture", got="something else")
    scale = 4096 / max(image.shape[:2])
    if scale < 1.0:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(image, np.uint8)


class StillRenderer:
    """Shows one picture, swelling a little with the pose's breath. Implements `Renderer`."""

    def __init__(self, photo: Frame, size: tuple[int, int]) -> None:
        self._size = size
        self._photo = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def render(self, pose: Pose) -> Frame:
        scale = 1.0 + SWELL * float(pose[INDEX["breath"]])
        width, height = self._size
        matrix = np.array(
            [[scale, 0.0, (1.0 - scale) * width / 2], [0.0, scale, (1.0 - scale) * height * 0.6]], np.float64
        )
        warped = cv2.warpAffine(self._photo, matrix, self._size, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(warped, np.uint8)


def card(size: tuple[int, int]) -> Frame:
    """A warm dark picture for a persona without a likeness: light as from a lamp, no face, never black."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((x - 0.5 * width) / width, (y - 0.42 * height) / height)
    light = np.exp(-((away / 0.42) ** 2))[..., None]
    warm, shade = np.array([118, 92, 68], np.float32), np.array([38, 31, 27], np.float32)
    grain = np.random.default_rng(2).normal(0.0, 0.8, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(shade + (warm - shade) * light + grain, 0, 255), np.uint8)
