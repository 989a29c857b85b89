"""A renderer that draws a schematic face in a few strokes: enough to see a mouth, lids and a breath in the pixels."""

from __future__ import annotations

import cv2
import numpy as np

from device.face.pose import INDEX, Pose
from device.face.render import Frame

SKIN, DARK = (205, 170, 140), (40, 20, 20)


class FakeRenderer:
    """Implements `device.face.render.Renderer`. `fail_after` frames it raises, as a broken rig would."""

    def __init__(self, size: tuple[int, int], fail_after: int | None = None) -> None:
        self._size = size
        self._left = fail_after

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    @property
    def mouth_box(self) -> tuple[int, int, int, int]:
        """x, y, width, height of the place where the mouth moves."""
        width, height = self._size
        return (round(0.3 * width), round(0.62 * height), round(0.4 * width), round(0.26 * height))

    def render(self, pose: Pose) -> Frame:
        if self._left is not None:
            if self._left <= 0:
                raise RuntimeError("the rig is broken")
            self._left -= 1
        width, height = self._size
        frame = np.full((height, width, 3), (90, 80, 70), np.uint8)
        cv2.ellipse(frame, (width // 2, height // 2), (round(0.35 * width), round(0.45 * height)), 0, 0, 360, SKIN, -1)
        opening = float(pose[INDEX["jawOpen"]]) * (1.0 - float(pose[INDEX["mouthClose"]]))
        mouth = (round(0.12 * width * 16), round((0.004 + 0.12 * opening) * height * 16))
        cv2.ellipse(frame, (width * 8, round(0.75 * height * 16)), mouth, 0, 0, 360, DARK, -1, cv2.LINE_AA, 4)
        for side in (-1, 1):
            lid = 1.0 - float(pose[INDEX["eyeBlinkLeft"]])
            eye = (round(0.06 * width), max(1, round(0.03 * height * lid)))
            cv2.ellipse(
                frame, (width // 2 + round(side * 0.15 * width), round(0.42 * height)), eye, 0, 0, 360, DARK, -1
            )
        return frame
