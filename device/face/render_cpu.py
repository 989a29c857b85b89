"""The moving portrait on one processor core.

Per frame: the eyes are drawn into the photograph; one remap moves the person over the background that was filled in
behind them; where the lips part, the copy above the lip line, the one below it and the mouth's inside are joined.
At rest nothing is resampled, so the neutral pose is the photograph itself.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.canvas import Fit, fit, scaled, surround
from device.face.composite import over, parted
from device.face.eyes import EyePatch
from device.face.features import limited
from device.face.fields import Fields, Moved
from device.face.mouth import MouthInside
from device.face.pose import Pose
from device.face.remap import remap
from device.face.render import Frame, Rgba
from device.face.rig import Rig
from device.face.warp import Rect

Floats = NDArray[np.float32]


class RenderCpu:
    """A rig at one output size. Poses beyond what one photograph can show are limited, never refused."""

    def __init__(self, rig: Rig, size: tuple[int, int]) -> None:
        """`size` is (width, height) in pixels, at least 16 x 16."""
        self._size = size
        place = fit((rig.photo.shape[1], rig.photo.shape[0]), size, _head_box(rig))
        self.place = place
        background = scaled(rig.background, place)
        self._base = surround(scaled(rig.photo, place), background, place)
        rows, columns, own_rows, own_columns = place.window()
        matte = np.zeros(self._base.shape[:2], np.uint8)
        matte[rows, columns] = scaled(rig.matte, place)[own_rows, own_columns]
        behind = self._base.copy()
        behind[rows, columns] = background[own_rows, own_columns]
        self._person, self._behind = parted(self._base, behind, matte)
        self._mouth = MouthInside(rig.mouth, place)
        self._fields = Fields(rig, place, _active(matte, place), self._mouth.slit)
        self._eyes = tuple(
            EyePatch(eye, place, side, self._base) for eye, side in zip(rig.eyes, ("Right", "Left"), strict=True)
        )

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
        self._open_mouth(pose, moved, out)
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
        self._open_mouth(pose, moved, out[:, :, :3])
        return out

    def _taken(self, places: Floats) -> Frame:
        """The person's pixels from `places` (h, w, 2)."""
        seen = remap(self._person, places, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
        return np.asarray(seen, np.uint8)

    def _open_mouth(self, pose: Pose, moved: Moved, out: Frame) -> None:
        rect = self._opening(moved)
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
        between = np.clip(1 - above - below, 0, 1) * np.clip((0.99 - np.abs(along)) * 12, 1e-3, 1)
        if not (between > 0.004).any():
            return
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2], np.float32)
        inside = self._mouth.draw(rect, pose, fields.head_at(moved, middle), float(moved.weights[0]))
        inside *= (self._mouth.shade(under_upper, over_lower, along) * between)[:, :, None]
        inside += self._taken(from_upper)[:, :, :3] * above[:, :, None]
        inside += self._taken(from_lower)[:, :, :3] * below[:, :, None]
        inside /= (above + below + between)[:, :, None]
        out[y0:y1, x0:x1] = np.clip(inside + 0.5, 0, 255).astype(np.uint8)

    def _opening(self, moved: Moved) -> Rect | None:
        """The part of the frame around both lips' edges, where they parted or were pressed."""
        if not moved.weights.any():
            return None
        lips, apart = self._fields.edges(moved)
        if np.abs(apart).max() < 0.05:
            return None
        margin = 2 * self._fields.step + 2
        x0, y0 = lips.min((0, 1)) - margin
        x1, y1 = lips.max((0, 1)) + margin
        rect = self._fields.within(x0, y0, x1, y1)
        return rect if rect[2] - rect[0] > 2 and rect[3] - rect[1] > 2 else None


def _head_box(rig: Rig) -> tuple[float, float, float, float]:
    """The head with its hair, from the face's landmarks."""
    low, high = rig.landmarks[:, :2].min(0), rig.landmarks[:, :2].max(0)
    width, height = high - low
    return (
        float(low[0] - 0.25 * width),
        float(max(low[1] - 0.45 * height, 0)),
        float(high[0] + 0.25 * width),
        float(high[1] + 0.1 * height),
    )


def _active(matte: Frame, place: Fit) -> Rect:
    """What can ever move: the person and a margin."""
    rows, columns, _, _ = place.window()
    ys, xs = np.flatnonzero((matte > 0).any(1)), np.flatnonzero((matte > 0).any(0))
    if not len(ys):
        return columns.start, rows.start, columns.stop, rows.stop
    margin = max(24, (rows.stop - rows.start) // 20)
    return (
        max(int(xs[0]) - margin, columns.start),
        max(int(ys[0]) - margin, rows.start),
        min(int(xs[-1]) + 1 + margin, columns.stop),
        min(int(ys[-1]) + 1 + margin, rows.stop),
    )
