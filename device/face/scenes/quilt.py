"""Quilts: many views of one moment in one picture, from which a Looking Glass panel makes a light field.

The format (Looking Glass Factory, "What is a quilt?"): columns x rows of equal tiles; the leftmost view lies at the
lower left, the next to its right, the next row above it, the rightmost view at the upper right. `_qs5x9a1.6` at the end
of a file's name says columns, rows and the panel's width / height.

Views differ by an off-axis shear, as a camera sees that moves sideways and does not turn: what lies at height z over
the plane of the glass moves by -tan(angle) * z. That is the very field by which the rig turns the head, so a small yaw
is the shear; a shift of the whole figure puts the glass near the eyes. Turning every camera to the middle (toe-in)
would raise and lower what must stay level, and the views would not fuse.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from device.face.pose import INDEX, Pose
from device.face.render import Frame
from device.face.scenes.caption_track import Caption
from device.face.scenes.captions import Captions
from device.face.scenes.hologram import Hologram

DEEPEST = 9.0
"""Degrees of yaw in the outermost views: with what talking turns the head (3), as much as one photograph can show."""
FOCUS = 0.7
"""Share of the way from the ears to the eyes at which the glass stands: nearest to it a view is sharpest."""
CONE = 40.0
"""Degrees between the outermost views (`viewCone` in the panels' own calibrations)."""


@dataclass(frozen=True, slots=True)
class Quilt:
    """One panel's kind of quilt."""

    columns: int
    rows: int
    aspect: float
    """Of the panel, width / height."""
    size: tuple[int, int]
    """(width, height) of an exported quilt, pixels."""

    @property
    def views(self) -> int:
        return self.columns * self.rows

    @property
    def suffix(self) -> str:
        """What the name of an exported file ends with, before its extension."""
        return f"_qs{self.columns}x{self.rows}a{self.aspect:g}"

    def tile(self, view: int, size: tuple[int, int]) -> tuple[slice, slice]:
        """Rows and columns of a view (0: leftmost) in a quilt of `size`; what does not divide stays black at the top
        and at the right."""
        width, height = self.tile_size(size)
        row, column = divmod(view, self.columns)
        bottom = size[1] - row * height
        return slice(bottom - height, bottom), slice(column * width, (column + 1) * width)

    def tile_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of a tile, pixels."""
        return max(1, size[0] // self.columns), max(1, size[1] // self.rows)

    def view_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of a view before it is squeezed into its tile: with the panel's own proportions."""
        height = self.tile_size(size)[1]
        return max(1, round(height * self.aspect)), height


PRESETS = {
    "8.9": Quilt(5, 9, 1.6, (4096, 4096)),
    "15.6": Quilt(5, 9, 1.77778, (4096, 4096)),
    "32": Quilt(5, 9, 1.77778, (8192, 8192)),
    "portrait": Quilt(8, 6, 0.75, (3360, 3360)),
    "go": Quilt(11, 6, 0.5625, (4092, 4092)),
}
"""By panel; the makers' own defaults, of which none was tried on a panel here."""


def offsets(views: int) -> list[float]:
    """-1..1 of each view's camera, from the leftmost on: evenly on a line, as tan(angle) / tan(CONE / 2)."""
    angles = np.deg2rad(np.linspace(-CONE / 2, CONE / 2, views)) if views > 1 else np.zeros(1)
    return [float(o) for o in np.tan(angles) / np.tan(np.deg2rad(CONE / 2))]


def repeated(view: Frame, quilt: Quilt, size: tuple[int, int]) -> Frame:
    """A quilt of `size` in which every view is the same, `view` of `quilt.tile_size(size)`: flat, in the glass."""
    out = np.zeros((size[1], size[0], 3), np.uint8)
    for number in range(quilt.views):
        out[quilt.tile(number, size)] = view
    return out


class QuiltScene:
    """Composes quilts of one size."""

    def __init__(self, quilt: Quilt, view: Hologram, size: tuple[int, int], relief: float, depth: float) -> None:
        """`view` composes pictures of `quilt.view_size(size)`; `relief`: pixels in it from the ears to the eyes."""
        self._quilt = quilt
        self._view = view
        self._size = size
        self._relief = relief
        self._depth = depth

    def frame(self, pose: Pose) -> Frame:
        """All views of this pose, (height, width, 3) RGB; the caller's to keep."""
        out = np.zeros((self._size[1], self._size[0], 3), np.uint8)
        tile = self._quilt.tile_size(self._size)
        for number, offset in enumerate(offsets(self._quilt.views)):
            seen = self._view.frame(*self._from(pose, offset))
            if (seen.shape[1], seen.shape[0]) != tile:
                seen = np.asarray(cv2.resize(seen, tile, interpolation=cv2.INTER_AREA), np.uint8)
            out[self._quilt.tile(number, self._size)] = seen
        return out

    def _from(self, pose: Pose, offset: float) -> tuple[Pose, float]:
        """The pose and the shift (pixels) as the camera at `offset` sees them: what is near moves against it."""
        yaw = -DEEPEST * self._depth * offset
        turned = pose.copy()
        turned[INDEX["headYaw"]] += np.float32(yaw)
        return turned, -FOCUS * self._relief * float(np.sin(np.deg2rad(yaw)))


class TiledCaptions:
    """The same words in every view, at the depth of the glass."""

    def __init__(self, quilt: Quilt, size: tuple[int, int]) -> None:
        self._tiles = [quilt.tile(view, size) for view in range(quilt.views)]
        self._words = Captions(quilt.tile_size(size))
        self.layout = self._words.layout

    def draw(self, frame: Frame, caption: Caption, badge: bool = True) -> None:
        """Draws `caption` into every tile of a quilt, in place; `badge` as for `Captions`."""
        for tile in self._tiles:
            self._words.draw(frame[tile], caption, badge)
