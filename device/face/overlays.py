"""An atlas at one output size: which cells a pose shows, and where in them each place of the frame lies.

A cell is warped from the pose it was drawn in to the present one by the rig's own fields, so that lips and outlines lie
where the photograph's lie and a cross-fade shows none of them twice: frame -> photograph at rest by the present pose
backward, photograph at rest -> cell by the cell's pose forward. Above the lips that is the upper copy's way, below them
the lower copy's; what is between parted lips is between the two, and stays the rig's own where a cell's lips are hardly
parted, or so much less than now that what they show would be stretched. Without an atlas nothing of this runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.atlas import Region
from device.face.canvas import Fit
from device.face.curves import ease
from device.face.fields import Fields, Forward, Moved
from device.face.nearest import RULES, Picks, picks
from device.face.pose import Pose
from device.face.remap import remap
from device.face.warp import Grid, Rect, grid_around

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

RATIO = (0.4, 0.75)
"""A cell's gap between the lips over the present one: up to the first what is in it is not used, from the second on it
is used wholly."""
LEAST = (0.08, 0.24)
"""The same for its gap over half the mouth's width: in a narrower one a network's picture has a few soft pixels."""

Ways = tuple[Floats, Floats]
"""The upper and the lower copy's places in one cell's pixels, (rows, columns, 2)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one pose shows of one region."""

    rect: Rect
    """The part of the frame that it touches."""
    picks: Picks
    inner: tuple[float, ...]
    """Instead of the picks' shares, between the lips."""


class Overlay:
    """One region. Beside its pixels, which atlas.py bounds, it has each cell's forward fields, 110 kB at 720 lines."""

    def __init__(self, region: Region, place: Fit, fields: Fields) -> None:
        self.fields = fields
        self._rule, self._poses = RULES[region.name], region.poses
        to_photo = np.vstack([region.place, [0, 0, 1]]).astype(np.float64)
        offset = 0.5 * place.scale - 0.5
        to_frame = np.diag([place.scale, place.scale, 1.0])
        to_frame[:2, 2] = offset + place.dx, offset + place.dy
        whole = to_frame @ to_photo
        factor = min(1.0, float(np.sqrt(abs(np.linalg.det(whole[:2, :2])))))
        self.cells = [_shrunk(cell, factor) for cell in region.cells]
        """RGBA, at most as fine as the frame."""
        high, wide = self.cells[0].shape[:2]
        own = np.diag([region.cells.shape[2] / wide, region.cells.shape[1] / high, 1.0])
        own[:2, 2] = np.diag(own)[:2] * 0.5 - 0.5
        matrix = whole @ own
        self._undo = np.linalg.inv(matrix)[:2].astype(np.float32)
        ends = np.array([[-0.5, -0.5, 1], [wide - 0.5, -0.5, 1], [-0.5, high - 0.5, 1], [wide - 0.5, high - 0.5, 1]])
        corners = ends @ matrix[:2].T
        self._box = corners.min(0), corners.max(0)
        self._forward = [fields.forward(pose) for pose in region.poses]
        self._gaps = [fields.gap(forward.upper, forward.lower) for forward in self._forward]

    def shown(self, pose: Pose, moved: Moved) -> Shown | None:
        """What a limited pose shows; None for nothing."""
        found = picks(self._rule, self._poses, pose)
        if not found:
            return None
        reach = _reach(Forward(moved.head_forward, moved.upper_forward, moved.lower_forward))
        reach += max(_reach(self._forward[index]) for index, _ in found) + 1
        (x0, y0), (x1, y1) = self._box
        rect = self.fields.within(x0 - reach, y0 - reach, x1 + reach, y1 + reach)
        now = self.fields.gap(moved.upper_forward, moved.lower_forward)
        inner = _inner(found, [self._gaps[index] for index, _ in found], now, self.fields.slit.half)
        return Shown(rect, found, inner) if rect[2] - rect[0] > 2 and rect[3] - rect[1] > 2 else None

    def ways(self, cell: int, rest: Ways) -> Ways:
        """Where in a cell what is at the places `rest` of the photograph at rest (frame pixels) lies."""
        forward = self._forward[cell]
        upper, lower = (
            self.fields.carried(place, face, forward.head) @ self._undo[:, :2].T + self._undo[:, 2]
            for place, face in zip(rest, (forward.upper, forward.lower), strict=True)
        )
        return upper, lower

    def rest(self, moved: Moved, grid: Grid) -> Ways:
        """Where the nodes of `grid` came from, by both copies of the face."""
        upper, lower = self.fields.sources(moved, (moved.upper, moved.lower), grid)
        return upper, lower

    def lay(self, pose: Pose, moved: Moved, out: Image) -> None:
        """Draws over RGB `out` (H, W, 3), a whole frame."""
        shown = self.shown(pose, moved)
        if shown is None:
            return
        x0, y0, x1, y1 = shown.rect
        colour, total = np.zeros((y1 - y0, x1 - x0, 3), np.float32), np.zeros((y1 - y0, x1 - x0, 1), np.float32)
        for seen, part in self._parts(shown, moved):
            counts = seen[:, :, 3:] * (part / np.float32(255))[:, :, None]
            colour += seen[:, :, :3] * counts
            total += counts
        mixed = out[y0:y1, x0:x1] * (1 - total) + colour
        out[y0:y1, x0:x1] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)

    def _parts(self, shown: Shown, moved: Moved) -> list[tuple[Image, Floats]]:
        """Each cell as it is seen now, RGBA (h, w, 4), and its part in the picture (h, w)."""
        rect = shown.rect
        grid = grid_around(rect, self.fields.step)
        rest = self.rest(moved, grid)
        below, inside = self._lips(*(grid.enlarged(place, rect) for place in rest))
        parts = []
        for (cell, outer), inner in zip(shown.picks, shown.inner, strict=True):
            upper, lower = (grid.enlarged(way, rect) for way in self.ways(cell, rest))
            places = upper + (lower - upper) * below[:, :, None]
            seen = remap(self.cells[cell], places, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
            parts.append((np.asarray(seen, np.uint8), outer + (inner - outer) * inside))
        return parts

    def _lips(self, from_upper: Floats, from_lower: Floats) -> tuple[Floats, Floats]:
        """0 above the lips, 1 below them, and the share of the way down between them; and 1 between them, else 0."""
        slit = self.fields.slit
        under_upper, over_lower = slit.under(slit.upper, from_upper)[1], -slit.under(slit.lower, from_lower)[1]
        under, over = np.maximum(under_upper + 0.5, 0), np.maximum(over_lower + 0.5, 0)
        both = under + over
        way = under / np.maximum(both, 1e-6)
        below = np.where(both > 0, way, under_upper > -1.5).astype(np.float32)  # pressed: the lower lip covers the rest
        return below, np.clip(np.minimum(under_upper, over_lower) + 0.5, 0, 1)


def _inner(found: Picks, gaps: list[float], now: float, half: float) -> tuple[float, ...]:
    """Shares between the lips; a cell that has an inside to show stands in for one that has none."""
    used = [share * _shows(gap, now, half) for (_, share), gap in zip(found, gaps, strict=True)]
    raised = min(sum(share for _, share in found) / max(sum(used), 1e-6), 2.0)
    return tuple(share * raised for share in used)


def _shows(gap: float, now: float, half: float) -> float:
    """0..1: how much the inside of a mouth is worth whose lips are `gap` apart, pixels, where they are `now` apart."""
    by_ratio = (gap / max(now, 1.0) - RATIO[0]) / (RATIO[1] - RATIO[0])
    return ease(min(by_ratio, (gap / half - LEAST[0]) / (LEAST[1] - LEAST[0])))


def _reach(forward: Forward) -> float:
    """Pixels that a field moves anything by, at most."""
    return float(np.abs(forward.head).max() + max(np.abs(forward.upper).max(), np.abs(forward.lower).max()))


def _shrunk(cell: Image, factor: float) -> Image:
    if factor >= 1:
        return np.ascontiguousarray(cell)
    size = max(round(cell.shape[1] * factor), 2), max(round(cell.shape[0] * factor), 2)
    return np.asarray(cv2.resize(cell, size, interpolation=cv2.INTER_AREA), np.uint8)
