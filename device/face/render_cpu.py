"""The moving portrait on one processor core.

Per frame: the eyes are drawn into the photograph; one remap moves the person over the background that was filled in
behind them; where the lips part, the copy above the lip line, the one below it and the mouth's inside are joined.
At rest nothing is resampled, so the neutral pose is the photograph itself.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.composite import over
from device.face.features import limited
from device.face.fields import Moved
from device.face.pose import Pose
from device.face.prepared import Prepared
from device.face.remap import remap
from device.face.render import Frame, Rgba
from device.face.rig import Rig

Floats = NDArray[np.float32]


class RenderCpu:
    """A rig at one output size. Poses beyond what one photograph can show are limited, never refused."""

    def __init__(self, rig: Rig, size: tuple[int, int]) -> None:
        """`size` is (width, height) in pixels, at least 16 x 16."""
        parts = Prepared(rig, size)
        self._size = size
        self.place = parts.place
        self._base, self._person, self._behind = parts.base, parts.person, parts.behind
        self._mouth, self._fields, self._eyes = parts.mouth, parts.fields, parts.eyes
        self._overlays = parts.overlays

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of every frame, pixels."""
        return self._size

    def render(self, pose: Pose) -> Frame:
        """The face in this pose: RGB (height, width, 3). The same pose always gives the same pixels."""
        pose = limited(pose)
        out = self._base.copy()
        if not pose.any():
            return out
        for eye in self._eyes:
            eye.draw(pose, self._person)
        moved = self._fields.moved(pose)
        x0, y0, x1, y1 = self._fields.active
        out[y0:y1, x0:x1] = over(self._taken(self._fields.places(moved)), self._behind[y0:y1, x0:x1])
        self._over_face(pose, moved, out)
        return out

    def person(self, pose: Pose) -> Rgba:
        """The person alone: premultiplied RGBA (height, width, 4). The same pose always gives the same pixels."""
        pose = limited(pose)
        for eye in self._eyes:
            eye.draw(pose, self._person)
        if not pose.any():
            return self._person.copy()
        out = np.zeros_like(self._person)
        moved = self._fields.moved(pose)
        x0, y0, x1, y1 = self._fields.active
        out[y0:y1, x0:x1] = self._taken(self._fields.places(moved))
        self._over_face(pose, moved, out[:, :, :3])
        return out

    def _taken(self, places: Floats) -> Frame:
        """The person's pixels from `places` (h, w, 2)."""
        seen = remap(self._person, places, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
        return np.asarray(seen, np.uint8)

    def _over_face(self, pose: Pose, moved: Moved, out: Frame) -> None:
        """The open mouth, and what a portrait network drew, if it was asked: solid only where the person is."""
        self._open_mouth(pose, moved, out)
        for overlay in self._overlays:
            overlay.lay(pose, moved, out)

    def _open_mouth(self, pose: Pose, moved: Moved, out: Frame) -> None:
        rect = self._fields.opening(moved)
        if rect is None:
            return
        fields, slit = self._fields, self._mouth.slit
        x0, y0, x1, y1 = rect
        from_upper = fields.composed(moved, moved.upper, rect)
        from_lower = fields.composed(moved, moved.lower, rect)
        along, under_upper = slit.under(slit.upper, from_upper)
        over_lower = -slit.under(slit.lower, from_lower)[1]
        above, below = np.clip(0.5 - under_upper, 0, 1), np.clip(0.5 - over_lower, 0, 1)
        above = np.minimum(above, 1 - below * (under_upper > -1.5))  # pressed together, the lower lip covers the rest
        gap = np.clip(1 - above - below, 0, 1)
        between = gap * np.clip((0.94 - np.abs(along)) * 10, 0, 1)
        if not (between > 0.004).any():
            return
        above, below = above + (gap - between) / 2, below + (gap - between) / 2  # at the corners the lips stay joined
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2], np.float32)
        inside = self._mouth.draw(rect, pose, fields.head_at(moved, middle), float(moved.weights[0]))
        inside *= (self._mouth.shade(under_upper, over_lower, along) * between)[:, :, None]
        inside += self._taken(from_upper)[:, :, :3] * above[:, :, None]
        inside += self._taken(from_lower)[:, :, :3] * below[:, :, None]
        inside /= (above + below + between)[:, :, None]
        out[y0:y1, x0:x1] = np.clip(inside + 0.5, 0, 255).astype(np.uint8)
