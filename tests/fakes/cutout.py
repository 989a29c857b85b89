"""A person cut out in a few strokes: a head on shoulders that the photograph's lower border cuts through."""

from __future__ import annotations

import cv2
import numpy as np

from device.face.pose import INDEX, Pose
from device.face.render import Rgba

SKIN = (205, 170, 140)


def silhouette(size: tuple[int, int], shift: int = 0) -> np.ndarray:
    """(height, width): 255 inside."""
    width, height = size
    matte = np.zeros((height, width), np.uint8)
    head = (round(0.16 * width), round(0.2 * height))
    cv2.ellipse(matte, (width // 2 + shift, round(0.35 * height)), head, 0, 0, 360, 255, -1)
    cv2.ellipse(matte, (width // 2, height), (round(0.36 * width), round(0.42 * height)), 0, 0, 360, 255, -1)
    return matte


class FakeCutout:
    """Implements `device.face.render.Cutout`: the head moves with the yaw. `fail_after` calls it raises."""

    def __init__(self, size: tuple[int, int], fail_after: int | None = None) -> None:
        self._size = size
        self._left = fail_after

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def person(self, pose: Pose) -> Rgba:
        if self._left is not None:
            if self._left <= 0:
                raise RuntimeError("the rig is broken")
            self._left -= 1
        matte = silhouette(self._size, round(float(pose[INDEX["headYaw"]]) * self._size[0] / 100))
        out = np.zeros((*matte.shape, 4), np.uint8)
        out[matte > 0] = (*SKIN, 255)
        return out
