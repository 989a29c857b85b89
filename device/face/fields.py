"""One pose as movement over the frame: the head's field, the face's two copies, and the two of them in one."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.canvas import Fit
from device.face.features import face_weights, head_weights
from device.face.pose import Pose
from device.face.rig import Rig
from device.face.slit import Slit
from device.face.warp import Bases, Grid, Rect, grid_around, sample, turned

Floats = NDArray[np.float32]

_HEAD_STEP = 16
"""Frame pixels between the nodes of the head's field, which is smooth over the whole figure."""
_NODES_PER_UNIT = 18
"""Nodes of the face's field between the irises."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The fields of one pose, frame pixels."""

    weights: Floats
    head_forward: Floats
    upper_forward: Floats
    lower_forward: Floats
    head: Floats
    """Backward, like the three below."""
    upper: Floats
    lower: Floats
    whole: Floats
    """Upper and lower in one, each where it holds."""


class Fields:
    """Turns poses into backward maps for one frame size."""

    def __init__(self, rig: Rig, place: Fit, active: Rect, slit: Slit) -> None:
        self.active = active
        self.slit = slit
        eyes = rig.landmarks[473, :2] - rig.landmarks[468, :2]
        unit = float(np.hypot(*eyes)) * place.scale
        self.step = int(np.clip(2 ** round(float(np.log2(max(unit, 1) / _NODES_PER_UNIT))), 2, 16))
        self._head = Bases(rig.head, place, grid_around(active, _HEAD_STEP), cv2.BORDER_REPLICATE)
        self._head_nodes = self._head.grid.nodes()
        face = grid_around(_face_rect(rig, place), self.step)
        self._upper = Bases(rig.upper, place, face, cv2.BORDER_CONSTANT)
        self._lower = Bases(rig.lower, place, face, cv2.BORDER_CONSTANT)
        self._face_nodes = face.nodes()
        upper, lower = slit.distances(self._face_nodes[..., 0], self._face_nodes[..., 1])
        self._below = ((upper + lower) / 2).astype(np.float32)

    def moved(self, pose: Pose) -> Moved:
        """A limited pose -> its fields."""
        weights = face_weights(pose)
        head = self._head.forward(head_weights(pose))
        upper, lower = self._upper.forward(weights), self._lower.forward(weights)
        back_upper, back_lower = turned(upper, self.step, 4), turned(lower, self.step, 4)
        index = self._lower.grid.index(self._face_nodes - back_lower)
        below = sample(self._below, index, cv2.BORDER_REPLICATE) > 0
        whole = np.where(below[:, :, None], back_lower, back_upper)
        return Moved(weights, head, upper, lower, turned(head, _HEAD_STEP, 4), back_upper, back_lower, whole)

    def places(self, moved: Moved) -> Floats:
        """(h, w, 2): where each pixel of the active part came from."""
        out = self._head.grid.enlarged(self._head_nodes - moved.head, self.active)
        if moved.weights.any():
            x0, y0, x1, y1 = rect = self._face_now(moved.head)
            left, top = self.active[:2]
            out[y0 - top : y1 - top, x0 - left : x1 - left] = self.composed(moved, moved.whole, rect)
        return out

    def composed(self, moved: Moved, face: Floats, rect: Rect) -> Floats:
        """(h, w, 2): where the pixels of `rect` came from, by the head's movement and the given copy of the face's."""
        grid = grid_around(rect, self.step)
        nodes = grid.nodes()
        unturned = nodes - sample(moved.head, self._head.grid.index(nodes), cv2.BORDER_REPLICATE)
        source = unturned - sample(face, self._upper.grid.index(unturned))
        return grid.enlarged(source, rect)

    def head_at(self, moved: Moved, place: Floats) -> Floats:
        """(2,): how far the head has moved what is at `place` (2,) of the frame."""
        index = self._head.grid.index(place[None, None])
        return np.asarray(sample(moved.head, index, cv2.BORDER_REPLICATE)[0, 0], np.float32)

    def edges(self, moved: Moved) -> tuple[Floats, Floats]:
        """(2, n, 2): the upper and the lower lip's edge where they now are; and how far they parted, (n,) pixels."""
        slit = self.slit
        along, across = slit.direction()
        x = np.linspace(-1, 1, len(slit.upper), dtype=np.float32)[:, None] * slit.half * along
        edges = []
        for grid, forward, curve in (
            (self._upper.grid, moved.upper_forward, slit.upper),
            (self._lower.grid, moved.lower_forward, slit.lower),
        ):
            points = (np.array(slit.centre, np.float32) + x + curve[:, None] * across).astype(np.float32)[None]
            edges.append(points + sample(forward, grid.index(points)))
        lips = np.concatenate(edges)
        apart = (lips[1] - lips[0]) @ across
        lips = lips + sample(moved.head_forward, self._head.grid.index(lips), cv2.BORDER_REPLICATE)
        return lips, apart

    def within(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """Whole pixels, cut to the active part."""
        ax0, ay0, ax1, ay1 = self.active
        left, top = int(np.clip(np.floor(x0), ax0, ax1)), int(np.clip(np.floor(y0), ay0, ay1))
        return left, top, int(np.clip(np.ceil(x1), left, ax1)), int(np.clip(np.ceil(y1), top, ay1))

    def _face_now(self, head: Floats) -> Rect:
        """The part of the frame that the face's field touches: its own place and as far as the head carries it."""
        grid: Grid = self._upper.grid
        reach = float(np.abs(head).max())
        return self.within(
            grid.x - reach,
            grid.y - reach,
            grid.x + grid.columns * grid.step + reach,
            grid.y + grid.rows * grid.step + reach,
        )


def _face_rect(rig: Rig, place: Fit) -> Rect:
    """The face's grid in the frame, cut to the frame."""
    rows, columns = rig.upper.bases.shape[1:3]
    low = np.array(rig.upper.origin, np.float32)
    high = low + np.array([columns, rows], np.float32) * rig.upper.step
    limit = np.array(place.frame)
    x0, y0 = np.clip(np.floor(place.to_frame(low)), 0, limit - 1).astype(int)
    x1, y1 = np.clip(np.ceil(place.to_frame(high)), 1, limit).astype(int)
    return int(x0), int(y0), int(x1), int(y1)
