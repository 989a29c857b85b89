"""Oil paint: brush strokes that follow the forms, their relief, the canvas and a warm varnish."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .mesh import Floats, floats
from .noise import blurred, cloud, smoothstep

_ANGLES = 48
_KINDS = 5


@dataclass(frozen=True)
class Brush:
    """`width` and `length` of a stroke in pixels, how many, how opaque, and how far its colour may stray."""

    width: float
    length: float
    count: int
    opacity: float
    stray: float = 0.02


class Canvas:
    """A picture (h, w, 3) of display values in 0..1 and the thickness of its paint (h, w)."""

    def __init__(self, picture: Floats) -> None:
        self.picture: Floats = picture.copy()
        self.thick: Floats = np.zeros(picture.shape[:2], np.float32)

    def stroke_all(self, model: Floats, chance: Floats, angle: Floats, brush: Brush, seed: int) -> None:
        """Strokes in the colours of `model`, placed by `chance`, each along `angle` (radians from the x axis)."""
        rng = np.random.default_rng(seed)
        tips = _tips(brush, rng)
        size = tips.shape[-1]
        flat = np.cumsum(chance.reshape(-1).astype(np.float64))
        places = np.searchsorted(flat, rng.uniform(0, flat[-1], brush.count))
        rows, columns = np.divmod(np.minimum(places, chance.size - 1), chance.shape[1])
        turns = angle[rows, columns] + rng.normal(0, 0.22, brush.count)
        kinds = rng.integers(0, _KINDS, brush.count)
        steps = np.rint(turns / np.pi * _ANGLES).astype(int) % _ANGLES
        colours = (
            model[rows, columns]
            + rng.normal(0, brush.stray, (brush.count, 1))
            + rng.normal(0, brush.stray * 0.45, (brush.count, 3))
        )
        for row, column, kind, step, colour in zip(
            rows - size // 2, columns - size // 2, kinds, steps, colours, strict=True
        ):
            self._stamp(tips[kind, step], int(row), int(column), colour.astype(np.float32), brush.opacity)

    def _stamp(self, tip: Floats, row: int, column: int, colour: Floats, opacity: float) -> None:
        size = tip.shape[0]
        top, left = max(row, 0), max(column, 0)
        bottom, right = min(row + size, self.thick.shape[0]), min(column + size, self.thick.shape[1])
        if bottom <= top or right <= left:
            return
        part = tip[top - row : bottom - row, left - column : right - column]
        share = (part * opacity)[..., None]
        patch = self.picture[top:bottom, left:right]
        patch += share * (colour - patch)
        thick = self.thick[top:bottom, left:right]
        thick += part * opacity * (0.4 + part - thick)


def _tips(brush: Brush, rng: np.random.Generator) -> Floats:
    """Stamps (kinds, angles, n, n): an oblong with bristle streaks and a dry end."""
    size = int(np.ceil(brush.length * 1.15)) | 1
    y, x = np.mgrid[:size, :size].astype(np.float32) - size // 2
    out = np.zeros((_KINDS, _ANGLES, size, size), np.float32)
    for kind in range(_KINDS):
        bristles = blurred(rng.uniform(0, 1, (1, 64)).astype(np.float32), 0.8)[0]
        bristles = (bristles - bristles.min()) / max(float(np.ptp(bristles)), 1e-6)
        bend = rng.normal(0, 0.10)
        for k in range(_ANGLES):
            angle = np.pi * k / _ANGLES
            along = (x * np.cos(angle) + y * np.sin(angle)) / (brush.length / 2)
            across = (-x * np.sin(angle) + y * np.cos(angle)) / (brush.width / 2) + bend * along**2 * 3
            shape = smoothstep(1.0, 0.72, np.abs(across)) * smoothstep(
                1.0, 0.70, np.abs(along + 0.08 * np.sin(5 * across))
            )
            streak = bristles[np.clip(((across + 1) / 2 * 63).astype(int), 0, 63)]
            out[kind, k] = shape * (0.45 + 0.55 * streak) * (1 - 0.45 * smoothstep(-0.2, 1.0, along) * (streak < 0.45))
    return out


def flow(picture: Floats, sigma: float) -> Floats:
    """The angle (h, w) along which the picture changes least."""
    grey = picture.mean(axis=2).astype(np.float32)
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = blurred(dx * dx, sigma), blurred(dy * dy, sigma), blurred(dx * dy, sigma)
    return np.asarray(0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2, np.float32)


def smoothed_along(picture: Floats, angle: Floats, reach: int) -> Floats:
    """Blur along the flow only: hair and edges keep their line, as under a loaded brush."""
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    total, weight = picture.copy(), 1.0
    for sign in (-1.0, 1.0):
        x, y = columns.copy(), rows.copy()
        for k in range(1, reach + 1):
            way = cv2.remap(angle, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
            x += sign * np.cos(way)
            y += sign * np.sin(way)
            share = 1 - k / (reach + 1)
            total += share * cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            weight += share
    return np.asarray(total / weight, np.float32)


def relief(picture: Floats, thick: Floats, weave: float, depth: float, seed: int) -> Floats:
    """Light raking over the paint from the upper left, and the canvas beneath."""
    shape = (thick.shape[0], thick.shape[1])
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    threads = (np.sin(x * 2 * np.pi / 3.4) + np.sin(y * 2 * np.pi / 3.4)) * (
        0.6 + 0.4 * np.clip(cloud(shape, 9, seed, 1), -1, 1)
    )
    height = blurred(thick, 0.8) + weave * threads.astype(np.float32)
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=0.25) + cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=0.25)
    shade = np.clip(1 + depth * slope, 0.85, 1.18)
    return floats(np.clip(picture * shade[..., None], 0, 1))


def varnish(picture: Floats, centre: tuple[float, float], strength: float) -> Floats:
    """A master's grading: warm lights, quiet blacks, corners held back. `centre` is in shares of the picture."""
    shape = picture.shape[:2]
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    far = np.hypot(x / shape[1] - centre[0], (y / shape[0] - centre[1]) * 0.9)
    corner = 1 - strength * smoothstep(0.32, 0.80, far)
    grey = picture.mean(axis=2, keepdims=True)
    warm = picture * (floats((1.015, 1.0, 0.955)) * grey + floats((1.0, 0.985, 0.95)) * (1 - grey))
    warm = grey + (warm - grey) * 1.06
    return floats(np.clip(warm * corner[..., None], 0, 1))


def backdrop(shape: tuple[int, int], seed: int) -> Floats:
    """A dark, warm, greenish wall with light falling on it behind the shadow side, display values (h, w, 3)."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    u, v = x / shape[1], y / shape[0]
    glow = np.exp(-(((u - 0.80) / 0.42) ** 2) - ((v - 0.46) / 0.42) ** 2) + 0.45 * np.exp(
        -(((u - 0.12) / 0.30) ** 2) - ((v - 0.62) / 0.35) ** 2
    )
    glow += 0.10 * cloud(shape, shape[1] / 5, seed, 2)
    dark, light = floats((0.150, 0.130, 0.086)), floats((0.50, 0.425, 0.285))
    wall = dark + (light - dark) * np.clip(glow, 0, 1.2)[..., None]
    tint = 0.012 * cloud(shape, shape[1] / 9, seed + 1, 2)
    wall += tint[..., None] * floats((1.0, 0.2, -0.9))
    return floats(np.clip(wall, 0, 1))


def mixed(low: Floats, high: Floats, share: Floats) -> Floats:
    """`low` where `share` (h, w) is 0, `high` where it is 1."""
    return floats(low + (high - low) * share[..., None])


def soft_mask(flag: npt.NDArray[np.bool_], size: tuple[int, int], sigma: float = 0.0) -> Floats:
    """A part's cover of the finished picture (width, height), softened."""
    small = floats(cv2.resize(flag.astype(np.float32), size, interpolation=cv2.INTER_AREA))
    return blurred(small, sigma) if sigma > 0 else small
