"""The portrait on its canvas: the living photograph at its full height, its edges melting into its own blurred colours.

Nothing here knows what moves the face: any `Renderer` whose frames have the photograph's shape will do.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from device.face.pose import Pose
from device.face.render import Frame, Renderer

NEAR = 0.12
"""A photograph whose proportions differ from the screen's by less than this share fills it, slightly cropped."""
FEATHER = 0.11
"""Share of the photograph's width (or height) over which its edges melt away."""
ASIDE = 0.2
"""Most that it gives way to a print beside it, in the screen's longer sides."""
DUSK = 0.62
"""Brightness of the canvas far from the photograph, so that the eye stays with the face."""


@dataclass(frozen=True)
class Place:
    """Where the photograph lies on the screen, pixels; it may reach beyond it when it fills it."""

    x: int
    y: int
    width: int
    height: int


def place(photo: tuple[int, int], screen: tuple[int, int]) -> Place:
    """Lays a photograph of (width, height) on a screen of (width, height): whole, as large as possible, centred."""
    ratio = (photo[0] / photo[1]) / (screen[0] / screen[1])
    fill = 1.0 / (1.0 + NEAR) <= ratio <= 1.0 + NEAR
    scale = (max if fill else min)(screen[0] / photo[0], screen[1] / photo[1])
    width, height = max(2, round(photo[0] * scale)), max(2, round(photo[1] * scale))
    return Place((screen[0] - width) // 2, (screen[1] - height) // 2, width, height)


def aside(where: Place, screen: tuple[int, int]) -> tuple[int, int]:
    """How far the photograph can give way to a print beside it, pixels to the left, and down on a tall screen."""
    if screen[0] >= screen[1]:
        return max(0, min(where.x, round(ASIDE * screen[0]))), 0
    return 0, max(0, min(where.y, round(ASIDE * screen[1])))


class Portrait:
    """Composes frames of the screen's size from frames of the photograph's."""

    def __init__(self, renderer: Renderer, photo: Frame, screen: tuple[int, int]) -> None:
        """`photo` is the still image, RGB, any size; `renderer.size` must be that of `place(photo's size, screen)`."""
        self._renderer = renderer
        where = place((photo.shape[1], photo.shape[0]), screen)
        self.aside = aside(where, screen)
        left, down = self.aside
        self._screen = screen
        x, y = max(where.x, 0), max(where.y, 0)
        width, height = min(where.width, screen[0]), min(where.height, screen[1])
        hidden_x, hidden_y = max(-where.x, 0), max(-where.y, 0)
        self._crop = (slice(hidden_y, hidden_y + height), slice(hidden_x, hidden_x + width))
        self._corner = (x, y)
        resized = np.asarray(cv2.resize(photo, (where.width, where.height), interpolation=cv2.INTER_AREA), np.uint8)
        # Larger than the screen by as much as the photograph gives way, so that both can move as one.
        larger = (screen[0] + 2 * left, screen[1] + 2 * down)
        self._canvas = _canvas(resized, Place(where.x + left, where.y + down, where.width, where.height), larger)
        window = self._canvas[y + down : y + down + height, x + left : x + left + width]
        self._strips = [_Strip(window, *edge) for edge in _edges(width, height, screen)]

    def frame(self, pose: Pose, gives_way: float = 0.0) -> Frame:
        """The whole screen, (height, width, 3) RGB; the caller's to keep. `gives_way` 0..1: how far the photograph has
        moved aside."""
        left, down = round(self.aside[0] * gives_way), round(self.aside[1] * gives_way)
        face = self._renderer.render(pose)[self._crop]
        row, column = self.aside[1] - down, self.aside[0] + left
        out = self._canvas[row : row + self._screen[1], column : column + self._screen[0]].copy()
        x, y = self._corner[0] - left, self._corner[1] + down
        inside = out[y : y + face.shape[0], x : x + face.shape[1]]
        inside[:] = face
        for strip in self._strips:
            strip.melt(inside)
        return np.asarray(out, np.uint8)


class _Strip:
    """One melting edge: face * alpha + canvas * (1 - alpha), the second term made once."""

    def __init__(self, canvas: Frame, rows: slice, columns: slice, alpha: Frame) -> None:
        self._where = (rows, columns)
        self._alpha = np.ascontiguousarray(np.broadcast_to(alpha[..., None], canvas[rows, columns].shape))
        self._rest = cv2.multiply(np.ascontiguousarray(canvas[rows, columns]), 255 - self._alpha, scale=1 / 255)

    def melt(self, inside: Frame) -> None:
        part = cv2.multiply(np.ascontiguousarray(inside[self._where]), self._alpha, scale=1 / 255)
        inside[self._where] = cv2.add(part, self._rest)


def _edges(width: int, height: int, screen: tuple[int, int]) -> list[tuple[slice, slice, Frame]]:
    """(rows, columns, alpha 0..255) of the edges that do not lie on the screen's own."""
    edges: list[tuple[slice, slice, Frame]] = []
    if width < screen[0]:
        n = max(2, round(FEATHER * width))
        ramp = _ramp(n)[None, :]
        edges.append((slice(0, height), slice(0, n), np.repeat(ramp, height, 0)))
        edges.append((slice(0, height), slice(width - n, width), np.repeat(ramp[:, ::-1], height, 0)))
    if height < screen[1]:
        n = max(2, round(FEATHER * height))
        ramp = _ramp(n)[:, None]
        edges.append((slice(0, n), slice(0, width), np.repeat(ramp, width, 1)))
        edges.append((slice(height - n, height), slice(0, width), np.repeat(ramp[::-1], width, 1)))
    return edges


def _ramp(n: int) -> Frame:
    x = (np.arange(n) + 0.5) / n
    return np.asarray(np.rint(255 * x * x * (3 - 2 * x)), np.uint8)


def _canvas(photo: Frame, where: Place, screen: tuple[int, int]) -> Frame:
    """The photograph's edges continued beyond it, blurred more than can be read, dimmed with distance.

    Not mirrored: a face in the mirror would glow in the dark beside the real one."""
    width, height = screen
    small = 8
    shape = max(1, where.width // small), max(1, where.height // small)
    inner = cv2.resize(photo, shape, interpolation=cv2.INTER_AREA)
    across = max(0, -(-(width - where.width) // 2 // small)) + 1
    down = max(0, -(-(height - where.height) // 2 // small)) + 1
    calm = cv2.GaussianBlur(inner, (0, 0), 0.045 * max(shape), borderType=cv2.BORDER_REFLECT)
    wide = cv2.copyMakeBorder(calm, down, down, across, across, cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(wide, (0, 0), 0.04 * max(shape))
    big = cv2.resize(soft, (wide.shape[1] * small, wide.shape[0] * small), interpolation=cv2.INTER_CUBIC)
    top, left = (big.shape[0] - height) // 2, (big.shape[1] - width) // 2
    area = big[top : top + height, left : left + width].astype(np.float32)
    return _finish(area, where)


def _finish(area: np.ndarray[tuple[int, ...], np.dtype[np.float32]], where: Place) -> Frame:
    """Dims with the distance from the photograph and adds a grain of one grey level against banding."""
    height, width = area.shape[:2]
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    outside_x = np.maximum(np.maximum(where.x - x, x - where.x - where.width), 0) / max(where.x, 1)
    outside_y = np.maximum(np.maximum(where.y - y, y - where.y - where.height), 0) / max(where.y, 1)
    away = np.clip(np.hypot(outside_x[None, :], outside_y[:, None]), 0, 1)
    dim = (1.0 - (1.0 - DUSK) * away * away * (3 - 2 * away))[..., None]
    grain = np.random.default_rng(1).normal(0.0, 1.0, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(area * dim + grain, 0, 255), np.uint8)
