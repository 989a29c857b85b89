"""Fitting a photograph into a frame of another shape, without bars and without a hard edge."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

_KEEP = 0.62  # a frame may crop away this much less than all of a photograph's area before it is shown whole
_DIM = 0.72  # brightness that the painted surroundings sink to


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the photograph lies in the frame."""

    scale: float
    """Frame pixels per photograph pixel."""
    dx: int
    """Frame column of the photograph's first column; negative where the photograph is cropped."""
    dy: int
    width: int
    """Width of the whole scaled photograph, frame pixels."""
    height: int
    frame: tuple[int, int]
    """(width, height) of the frame."""

    def to_frame(self, points: Floats) -> Floats:
        """Pixels of the photograph (..., 2) -> pixels of the frame."""
        return ((points + 0.5) * self.scale - 0.5 + np.array([self.dx, self.dy], np.float32)).astype(np.float32)

    def window(self) -> tuple[slice, slice, slice, slice]:
        """Rows and columns of the frame that show the photograph, and the scaled photograph's own rows and columns."""
        width, height = self.frame
        x0, y0 = max(self.dx, 0), max(self.dy, 0)
        x1, y1 = min(self.dx + self.width, width), min(self.dy + self.height, height)
        return slice(y0, y1), slice(x0, x1), slice(y0 - self.dy, y1 - self.dy), slice(x0 - self.dx, x1 - self.dx)


def fit(photo: tuple[int, int], frame: tuple[int, int], face: tuple[float, float, float, float]) -> Fit:
    """Sizes are (width, height); `face` is x0, y0, x1, y1 of the head in the photograph.

    The photograph fills the frame where that costs little of it and nothing of the head; else it is shown whole.
    """
    across, down = frame[0] / photo[0], frame[1] / photo[1]
    fill, whole = max(across, down), min(across, down)
    seen = (frame[0] / fill) * (frame[1] / fill) / (photo[0] * photo[1])
    x0, y0, x1, y1 = face
    head_fits = (x1 - x0) * fill <= frame[0] and (y1 - y0) * fill <= frame[1]
    scale = fill if seen >= _KEEP and head_fits else whole
    width, height = round(photo[0] * scale), round(photo[1] * scale)
    return Fit(
        scale,
        _offset(width, frame[0], (x0 + x1) / 2 * scale, 0.5),
        _offset(height, frame[1], (y0 + y1) / 2 * scale, 0.42),
        width,
        height,
        frame,
    )


def _offset(length: int, room: int, focus: float, at: float) -> int:
    """Centred where there is room; else moved so that `focus` comes to the share `at` of the frame."""
    if length <= room:
        return (room - length) // 2
    return round(min(0.0, max(room - length, room * at - focus)))


def scaled(picture: Image, place: Fit) -> Image:
    """The whole picture at the frame's scale."""
    if (place.width, place.height) == (picture.shape[1], picture.shape[0]):
        return picture.copy()
    method = cv2.INTER_AREA if place.scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (place.width, place.height), interpolation=method), np.uint8)


def surround(photo: Image, behind: Image, place: Fit) -> Image:
    """A whole frame (H, W, 3): the scaled photograph, and around it the photograph's own edges, mirrored and painted
    over ever more softly and darkly the farther out, so that the eye finds no border. Farther out it is `behind`, the
    photograph without its person, or a second, blurred person would stand there."""
    width, height = place.frame
    rows, columns, own_rows, own_columns = place.window()
    inner = photo[own_rows, own_columns]
    if inner.shape[:2] == (height, width):
        return inner.copy()
    top, left = rows.start, columns.start
    room = (top, height - rows.stop, left, width - columns.stop)
    distance = _outside_distance(place, rows, columns)
    empty = np.clip(distance / (0.06 * max(width, height)), 0, 1)[:, :, None]
    empty = empty * empty * (3 - 2 * empty)
    wide = _mirrored(inner, *room) * (1 - empty) + _mirrored(behind[own_rows, own_columns], *room) * empty
    painted = _softened(wide, distance, max(width, height))
    fade = np.clip(distance / (0.28 * max(width, height)), 0, 1)[:, :, None]
    painted *= 1 - (1 - _DIM) * fade * fade * (3 - 2 * fade)
    out = np.clip(np.round(painted), 0, 255).astype(np.uint8)
    out[rows, columns] = inner
    return out


def _mirrored(inner: Image, top: int, bottom: int, left: int, right: int) -> Image:
    """Reflects as often as the frame asks for."""
    height, width = inner.shape[:2]

    def index(before: int, length: int, after: int) -> NDArray[np.intp]:
        turn = np.arange(-before, length + after) % max(2 * length - 2, 1)
        return np.minimum(turn, np.abs(2 * length - 2 - turn)).astype(np.intp)

    return np.ascontiguousarray(inner[index(top, height, bottom)][:, index(left, width, right)])


def _outside_distance(place: Fit, rows: slice, columns: slice) -> Floats:
    width, height = place.frame
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    across = np.maximum(np.maximum(columns.start - x, x - (columns.stop - 1)), 0)
    down = np.maximum(np.maximum(rows.start - y, y - (rows.stop - 1)), 0)
    return np.asarray(np.hypot(across[None], down[:, None]), np.float32)


def _softened(wide: Floats, distance: Floats, size: int) -> Floats:
    """Blends ever stronger blurs with growing distance."""
    current = wide.astype(np.float32)
    out = current.copy()
    starts = np.array([0.0, 0.006, 0.02, 0.05, 0.1]) * size
    for start, end, sigma in zip(starts[:-1], starts[1:], np.array([0.003, 0.01, 0.025, 0.06]) * size, strict=True):
        factor = max(1, int(sigma // 3))
        small = cv2.resize(current, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REFLECT_101)
        blurred = cv2.resize(soft, (wide.shape[1], wide.shape[0]), interpolation=cv2.INTER_CUBIC)
        share = np.clip((distance - start) / (end - start), 0, 1)[:, :, None]
        out = out * (1 - share) + blurred * share
    return np.asarray(out, np.float32)
