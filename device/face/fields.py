"""One pose as movement over the frame: the head's field, the face's two copies, and the two of them in one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.canvas import Fit
from device.face.features import LIMITS, face_weights, head_weights
from device.face.pose import INDEX, PARAMETERS, Pose
from device.face.rig import Rig
from device.face.slit import Slit
from device.face.warp import Bases, Grid, Rect, grid_around, sample, turned

Floats = NDArray[np.float32]

_HEAD_STEP = 16
"""Frame pixels between the nodes of the head's field, which is smooth over the whole figure."""
_NODES_PER_UNIT = 18
"""Nodes of the face's field between the irises."""
_PARTED = 0.05
"""Pixels between the lips below which nothing is seen of the mouth's inside."""


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


@dataclass(frozen=True, slots=True)
class Forward:
    """Where one pose takes things: forward fields on their grids, frame pixels."""

    head: Floats
    upper: Floats
    lower: Floats


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
        weights, forward = face_weights(pose), self.forward(pose)
        head, upper, lower = forward.head, forward.upper, forward.lower
        back_upper, back_lower = turned(upper, self.step, 4), turned(lower, self.step, 4)
        index = self._lower.grid.index(self._face_nodes - back_lower)
        below = sample(self._below, index, cv2.BORDER_REPLICATE) > 0
        whole = np.where(below[:, :, None], back_lower, back_upper)
        return Moved(weights, head, upper, lower, turned(head, _HEAD_STEP, 4), back_upper, back_lower, whole)

    def forward(self, pose: Pose) -> Forward:
        """A limited pose -> its forward fields."""
        weights = face_weights(pose)
        head = self._head.forward(head_weights(pose))
        return Forward(head, self._upper.forward(weights), self._lower.forward(weights))

    def carried(self, rest: Floats, face: Floats, head: Floats) -> Floats:
        """(..., 2): where what is at the places `rest` at rest goes by forward fields of the face, then of the head."""
        there = rest + sample(face, self._upper.grid.index(rest))
        return there + sample(head, self._head.grid.index(there), cv2.BORDER_REPLICATE)

    def places(self, moved: Moved) -> Floats:
        """(h, w, 2): where each pixel of the active part came from."""
        out = self.head_grid.enlarged(self.head_sources(moved), self.active)
        if moved.weights.any():
            x0, y0, x1, y1 = rect = self.face_now(moved)
            left, top = self.active[:2]
            out[y0 - top : y1 - top, x0 - left : x1 - left] = self.composed(moved, moved.whole, rect)
        return out

    def composed(self, moved: Moved, face: Floats, rect: Rect) -> Floats:
        """(h, w, 2): where the pixels of `rect` came from, by the head's movement and the given copy of the face's."""
        grid = grid_around(rect, self.step)
        return grid.enlarged(self.sources(moved, (face,), grid)[0], rect)

    def sources(self, moved: Moved, faces: tuple[Floats, ...], grid: Grid) -> tuple[Floats, ...]:
        """For each copy of the face's field, (rows, columns, 2): where the nodes of `grid` came from."""
        nodes = grid.nodes()
        unturned = nodes - sample(moved.head, self._head.grid.index(nodes), cv2.BORDER_REPLICATE)
        index = self._upper.grid.index(unturned)
        return tuple(unturned - sample(face, index) for face in faces)

    @property
    def head_grid(self) -> Grid:
        """The grid of the head's field, over all that can move."""
        return self._head.grid

    @property
    def face_grid(self) -> Grid:
        """The grid of the face's two copies."""
        return self._upper.grid

    def head_sources(self, moved: Moved) -> Floats:
        """(rows, columns, 2): where the nodes of `head_grid` came from by the head's movement alone."""
        return self._head_nodes - moved.head

    def head_at(self, moved: Moved, place: Floats) -> Floats:
        """(2,): how far the head has moved what is at `place` (2,) of the frame."""
        index = self._head.grid.index(place[None, None])
        return np.asarray(sample(moved.head, index, cv2.BORDER_REPLICATE)[0, 0], np.float32)

    def edges(self, moved: Moved) -> tuple[Floats, Floats]:
        """(2, n, 2): the upper and the lower lip's edge where they now are; and how far they parted, (n,) pixels."""
        lips, apart = self._parted(moved.upper_forward, moved.lower_forward)
        lips = lips + sample(moved.head_forward, self._head.grid.index(lips), cv2.BORDER_REPLICATE)
        return lips, apart

    def gap(self, upper: Floats, lower: Floats) -> float:
        """Pixels between the lips where they are farthest apart, by the forward fields of both copies of the face."""
        return float(self._parted(upper, lower)[1].max())

    def _parted(self, upper: Floats, lower: Floats) -> tuple[Floats, Floats]:
        """As `edges`, by forward fields of the face alone."""
        slit = self.slit
        along, across = slit.direction()
        x = np.linspace(-1, 1, len(slit.upper), dtype=np.float32)[:, None] * slit.half * along
        edges = []
        for grid, forward, curve in ((self._upper.grid, upper, slit.upper), (self._lower.grid, lower, slit.lower)):
            points = (np.array(slit.centre, np.float32) + x + curve[:, None] * across).astype(np.float32)[None]
            edges.append(points + sample(forward, grid.index(points)))
        lips = np.concatenate(edges)
        return lips, (lips[1] - lips[0]) @ across

    def opening(self, moved: Moved) -> Rect | None:
        """The part of the frame around both lips' edges, where they parted."""
        if not moved.weights.any():
            return None
        lips, apart = self.edges(moved)
        if apart.max() < _PARTED:
            return None
        margin = 2 * self.step + 2
        x0, y0 = lips.min((0, 1)) - margin
        x1, y1 = lips.max((0, 1)) + margin
        rect = self.within(x0, y0, x1, y1)
        return rect if rect[2] - rect[0] > 2 and rect[3] - rect[1] > 2 else None

    def face_now(self, moved: Moved) -> Rect:
        """The part of the frame that the face's field touches: its own place and as far as the head carries it."""
        return self._face_within(float(np.abs(moved.head).max()))

    def face_ever(self) -> Rect:
        """The part of the frame that `face_now` stays within, whatever the pose."""
        turns = ("headYaw", "headPitch", "headRoll")
        poses = np.zeros((2 ** (len(turns) + 1), len(PARAMETERS)), np.float32)
        for pose, ends in zip(poses, itertools.product(*(LIMITS[name] for name in turns), (0.0, 1.0)), strict=True):
            pose[[INDEX[name] for name in (*turns, "breath")]] = ends
        return self._face_within(max(float(np.abs(self._head.forward(head_weights(pose))).max()) for pose in poses))

    def within(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """Whole pixels, cut to the active part."""
        ax0, ay0, ax1, ay1 = self.active
        left, top = int(np.clip(np.floor(x0), ax0, ax1)), int(np.clip(np.floor(y0), ay0, ay1))
        return left, top, int(np.clip(np.ceil(x1), left, ax1)), int(np.clip(np.ceil(y1), top, ay1))

    def _face_within(self, reach: float) -> Rect:
        grid = self._upper.grid
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
