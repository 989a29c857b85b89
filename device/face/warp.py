"""Fields of displacement on coarse grids: resampled, summed by weight, turned around, and applied to pictures.

A forward field says how far a place moves; a picture is drawn with the backward one, which says where a pixel came
from: back(p) = forward(p - back(p)), found by repeating that equation, which converges while the field nowhere folds.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.canvas import Fit
from device.face.remap import remap
from device.face.rig import Field

Floats = NDArray[np.float32]
Rect = tuple[int, int, int, int]
"""x0, y0, x1, y1 in frame pixels."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular grid in the frame: node k at origin + (k + 0.5) * step - 0.5."""

    x: int
    y: int
    step: int
    rows: int
    columns: int

    def nodes(self) -> Floats:
        """(rows, columns, 2): the nodes' places in the frame."""
        x = self.x + (np.arange(self.columns, dtype=np.float32) + 0.5) * self.step - 0.5
        y = self.y + (np.arange(self.rows, dtype=np.float32) + 0.5) * self.step - 0.5
        return np.stack(np.meshgrid(x, y), -1).astype(np.float32)

    def index(self, places: Floats) -> Floats:
        """Frame pixels (..., 2) -> positions in node units."""
        return (places - np.array([self.x - 0.5, self.y - 0.5], np.float32)) / np.float32(self.step) - np.float32(0.5)

    def enlarged(self, values: Floats, rect: Rect) -> Floats:
        """Values at the nodes -> at every pixel of `rect`, which lies at least half a step inside the grid."""
        size = (self.columns * self.step, self.rows * self.step)
        whole = cv2.resize(values, size, interpolation=cv2.INTER_LINEAR)
        x0, y0, x1, y1 = rect
        return np.asarray(whole[y0 - self.y : y1 - self.y, x0 - self.x : x1 - self.x], np.float32)


def grid_around(rect: Rect, step: int) -> Grid:
    """The grid over `rect` and one node more on each side."""
    x0, y0, x1, y1 = rect
    return Grid(x0 - step, y0 - step, step, -(-(y1 - y0) // step) + 2, -(-(x1 - x0) // step) + 2)


class Bases:
    """A rig's field sampled at a grid of the frame."""

    def __init__(self, field: Field, place: Fit, grid: Grid, border: int) -> None:
        """`border` is OpenCV's rule for what lies outside the rig's own grid."""
        self.grid = grid
        photo = (grid.nodes() + 0.5 - np.array([place.dx, place.dy], np.float32)) / place.scale - 0.5
        where = ((photo - np.array(field.origin, np.float32) + 0.5) / field.step - 0.5).astype(np.float32)
        sampled = [remap(b, where, cv2.INTER_LINEAR, border) * place.scale for b in field.bases]
        self._flat = np.stack(sampled).reshape(len(sampled), -1).astype(np.float32)

    def forward(self, weights: Floats) -> Floats:
        """(rows, columns, 2): the weighted sum, frame pixels."""
        used = np.flatnonzero(weights)
        return (weights[used] @ self._flat[used]).reshape(self.grid.rows, self.grid.columns, 2)


def turned(forward: Floats, step: float, rounds: int) -> Floats:
    """A forward field on a grid -> the backward field on the same grid, both (rows, columns, 2) in pixels."""
    if not forward.any():
        return forward
    rows, columns = forward.shape[:2]
    x, y = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    own = np.stack(np.meshgrid(x, y), -1)
    back = forward
    for _ in range(rounds):
        back = remap(forward, own - back / np.float32(step), cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    return back


def sample(field: Floats, index: Floats, border: int = cv2.BORDER_CONSTANT) -> Floats:
    """A field at positions in node units."""
    return np.asarray(remap(field, index, cv2.INTER_LINEAR, border), np.float32)
