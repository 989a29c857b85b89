"""What every renderer needs of a rig at one output size, made once: the layers in the frame's pixels and the fields."""

from __future__ import annotations

import numpy as np

from device.face.canvas import Fit, fit, scaled, surround
from device.face.composite import parted
from device.face.eyes import EyePatch
from device.face.fields import Fields
from device.face.mouth import MouthInside
from device.face.overlays import Overlay
from device.face.render import Frame
from device.face.rig import Rig
from device.face.warp import Rect


class Prepared:
    """A rig's layers, (height, width, ...) in frame pixels, with `over(person, behind) == base`."""

    def __init__(self, rig: Rig, size: tuple[int, int]) -> None:
        """`size` is (width, height) in pixels, at least 16 x 16."""
        self.size = size
        self.place = place = fit((rig.photo.shape[1], rig.photo.shape[0]), size, _head_box(rig))
        background = scaled(rig.background, place)
        self.base = surround(scaled(rig.photo, place), background, place)
        """RGB: the neutral frame."""
        rows, columns, own_rows, own_columns = place.window()
        matte = np.zeros(self.base.shape[:2], np.uint8)
        matte[rows, columns] = scaled(rig.matte, place)[own_rows, own_columns]
        behind = self.base.copy()
        behind[rows, columns] = background[own_rows, own_columns]
        self.person, self.behind = parted(self.base, behind, matte)
        self.mouth = MouthInside(rig.mouth, place)
        self.fields = Fields(rig, place, _active(matte, place), self.mouth.slit)
        self.eyes = tuple(
            EyePatch(eye, place, side, self.base) for eye, side in zip(rig.eyes, ("Right", "Left"), strict=True)
        )
        self.overlays = tuple(Overlay(region, place, self.fields) for region in rig.atlas)


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
