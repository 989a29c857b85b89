"""Skin: colour, wrinkles and pores as sheets seen from the front of the face at rest, so that they move with it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .mesh import Floats, floats
from .noise import blurred, cloud, curve, smoothstep

LEFT, TOP, SIZE_X, SIZE_Y = -1.3, 8.1, 2.6, 3.4
BASE = (0.55, 0.325, 0.212)


@dataclass(frozen=True)
class Sheets:
    """`colour` (h, w, 3) linear, `height` (h, w) in decimetres, `gloss` (h, w); `scale` is pixels per decimetre."""

    colour: Floats
    height: Floats
    gloss: Floats
    scale: float


@dataclass(frozen=True)
class Traits:
    """What a sitter's skin has of the grandfather's: shares of his colour, wrinkles, beard and age spots."""

    tone: tuple[float, float, float] = (1.0, 1.0, 1.0)
    wrinkles: float = 1.0
    beard: float = 1.0
    spots: float = 1.0


HIS = Traits()


def sampled(sheet: Floats, rest: Floats, scale: float) -> Floats:
    """`sheet` looked up at the resting places (h, w, 3)."""
    columns, rows = (rest[..., 0] - LEFT) * scale, (TOP - rest[..., 1]) * scale
    return np.asarray(cv2.remap(sheet, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32)


def _mirror(lines: list[list[tuple[float, float]]], lean: float = 0.006) -> list[list[tuple[float, float]]]:
    return lines + [[(-x + lean, y - lean) for x, y in line] for line in lines]


_FURROWS = [
    [(-0.50, 7.19), (-0.2, 7.235), (0.05, 7.205), (0.3, 7.24), (0.5, 7.18)],
    [(-0.44, 7.30), (-0.1, 7.345), (0.2, 7.33), (0.46, 7.30)],
    [(-0.36, 7.415), (0.0, 7.45), (0.36, 7.41)],
]
_FROWN = _mirror([[(0.055, 6.93), (0.062, 7.0), (0.05, 7.07)]])
_CROW = _mirror(
    [
        [(0.475, 6.80), (0.55, 6.835), (0.63, 6.89)],
        [(0.48, 6.775), (0.56, 6.785), (0.66, 6.80)],
        [(0.475, 6.75), (0.55, 6.73), (0.63, 6.70)],
        [(0.47, 6.725), (0.53, 6.685), (0.59, 6.63)],
    ]
)
_BAGS = _mirror([[(0.15, 6.70), (0.22, 6.635), (0.32, 6.615), (0.41, 6.65), (0.455, 6.70)]])
_BAGS_FINE = _mirror(
    [
        [(0.18, 6.72), (0.25, 6.675), (0.34, 6.668), (0.42, 6.70)],
        [(0.20, 6.60), (0.29, 6.565), (0.38, 6.575), (0.46, 6.62)],
    ]
)
_NASOLABIAL = _mirror([[(0.195, 6.44), (0.265, 6.36), (0.325, 6.25), (0.355, 6.14), (0.345, 6.06)]])
_MARIONETTE = _mirror([[(0.295, 6.045), (0.315, 5.97), (0.315, 5.89)]])
_CHEEK = _mirror([[(0.44, 6.36), (0.485, 6.24), (0.49, 6.10)], [(0.54, 6.44), (0.60, 6.30), (0.61, 6.15)]])
_NECK = [[(-0.42, 5.58), (-0.15, 5.50), (0.18, 5.51), (0.42, 5.60)], [(-0.4, 5.44), (0, 5.37), (0.4, 5.45)]]
_CORDS = _mirror([[(0.10, 5.66), (0.085, 5.5), (0.06, 5.3)]])


def _crease(
    shape: tuple[int, int], scale: float, lines: list[list[tuple[float, float]]], width: float, seed: int
) -> Floats:
    """Lines that fade at both ends, (h, w) with about 1 in their middle; `width` in decimetres."""
    sheet = np.zeros(shape, np.float32)
    rng = np.random.default_rng(seed)
    sigma = width * scale
    for line in lines:
        path = curve(line, 64)
        path += 0.004 * np.cumsum(rng.standard_normal(path.shape), axis=0) / 8
        pixels = np.stack([(path[:, 0] - LEFT) * scale, (TOP - path[:, 1]) * scale], axis=1)
        strength = np.sin(np.linspace(0.15, np.pi - 0.15, 64)) ** 0.7 * (
            1 + 0.25 * np.sin(np.linspace(0, 9, 64) + rng.uniform(0, 6))
        )
        for k in range(63):
            ends = np.rint(pixels[k : k + 2] * 16).astype(np.int32)
            cv2.line(sheet, ends[0], ends[1], float(strength[k]), 1, cv2.LINE_8, 4)
    return blurred(sheet, sigma) * np.float32(sigma * 2.5066)


def _relief(shape: tuple[int, int], scale: float) -> Floats:
    total = np.zeros(shape, np.float32)
    folds = [
        (_FURROWS, 0.012, 0.0075, 1),
        (_FROWN, 0.010, 0.0025, 2),
        (_CROW, 0.007, 0.0045, 3),
        (_BAGS, 0.015, 0.007, 4),
        (_BAGS_FINE, 0.008, 0.003, 5),
        (_NASOLABIAL, 0.020, 0.008, 6),
        (_MARIONETTE, 0.016, 0.003, 7),
        (_CHEEK, 0.018, 0.0018, 8),
        (_NECK, 0.014, 0.006, 9),
        (_CORDS, 0.04, -0.014, 10),
    ]
    for lines, width, depth, seed in folds:
        line = _crease(shape, scale, lines, width, seed)
        total += 1.6 * depth * (0.55 * blurred(line, 2.6 * width * scale) - line)
    lips = np.exp(
        -((np.abs(np.linspace(LEFT, LEFT + SIZE_X, shape[1]))[None] / 0.28) ** 6)
        - ((TOP - np.linspace(0, SIZE_Y, shape[0])[:, None] - 6.09) / 0.085) ** 4
    )
    total += (0.0016 * lips * cloud(shape, 0.014 * scale, 13, 1, 7.0)).astype(np.float32)
    total += 0.0007 * cloud(shape, 0.05 * scale, 11, 2)
    total += 0.00035 * cloud(shape, 0.012 * scale, 12, 1)
    return total


def _glow(x: Floats, y: Floats, places: list[tuple[float, float, float, float, float]]) -> Floats:
    """Soft ellipses (x, y, radius x, radius y, weight), mirrored in x."""
    total = np.zeros_like(x)
    for cx, cy, rx, ry, weight in places:
        for side in {1, -1} if cx else {1}:
            total += weight * np.exp(-(((x - side * cx) / rx) ** 2) - ((y - cy) / ry) ** 2)
    return total


def _spots(shape: tuple[int, int], x: Floats, y: Floats, seed: int) -> Floats:
    """Age spots on temples, cheeks and forehead, (h, w) in 0..1."""
    rng = np.random.default_rng(seed)
    total = np.zeros(shape, np.float32)
    for _ in range(70):
        side = rng.choice([-1.0, 1.0])
        cx, cy = side * rng.uniform(0.38, 0.82), rng.uniform(6.35, 7.5)
        if rng.uniform() < 0.3:
            cx, cy = rng.uniform(-0.5, 0.5), rng.uniform(7.3, 7.75)
        radius = rng.uniform(0.008, 0.022) * (1.0 + 1.2 * (rng.uniform() < 0.12))
        far = np.hypot((x - cx) / radius, (y - cy) / (radius * rng.uniform(0.7, 1.2)))
        total = np.maximum(total, rng.uniform(0.25, 0.8) * smoothstep(1.3, 0.5, far))
    return total


def painted(scale: float = 500.0, traits: Traits = HIS) -> Sheets:
    """A sitter's skin."""
    shape = (int(SIZE_Y * scale), int(SIZE_X * scale))
    x, y = np.meshgrid(LEFT + np.arange(shape[1]) / scale, TOP - np.arange(shape[0]) / scale)
    x, y = x.astype(np.float32), y.astype(np.float32)
    mottle = 0.5 * cloud(shape, 0.16 * scale, 21, 3) + 0.5 * cloud(shape, 0.035 * scale, 22, 2)
    ruddy = (
        _glow(
            x,
            y,
            [
                (0, 6.42, 0.17, 0.16, 0.85),
                (0.50, 6.46, 0.20, 0.17, 0.62),
                (0.2, 6.45, 0.1, 0.1, 0.35),
                (0.28, 6.70, 0.17, 0.05, 0.35),
                (0, 5.84, 0.2, 0.1, 0.3),
                (0.85, 6.65, 0.12, 0.3, 0.5),
            ],
        )
        + 0.17 * mottle
    )
    sallow = _glow(x, y, [(0, 7.40, 0.6, 0.3, 0.4), (0.62, 7.1, 0.16, 0.3, 0.3)]) + 0.13 * cloud(
        shape, 0.1 * scale, 23, 2
    )
    shade = _glow(x, y, [(0.27, 6.74, 0.17, 0.07, 0.35), (0.14, 6.80, 0.05, 0.08, 0.4), (0.29, 6.93, 0.2, 0.05, 0.2)])
    stubble = _glow(x, y, [(0, 6.23, 0.2, 0.06, 0.75), (0, 5.85, 0.32, 0.16, 0.85), (0.45, 5.98, 0.22, 0.2, 0.75)])
    stubble *= traits.beard * (1 + 0.25 * cloud(shape, 0.008 * scale, 24, 1))
    colour = np.ones((*shape, 3), np.float32) * (floats(BASE) * floats(traits.tone))
    for amount, tint in (
        (ruddy, (0.10, -0.34, -0.34)),
        (sallow, (0.03, 0.02, -0.14)),
        (shade, (-0.28, -0.40, -0.34)),
        (stubble, (-0.24, -0.14, -0.02)),
        (0.045 * mottle, (-1.0, -1.0, -1.0)),
        (traits.spots * _spots(shape, x, y, 25), (-0.40, -0.56, -0.68)),
    ):
        colour *= np.exp(amount[..., None] * floats(tint))
    height = traits.wrinkles * _relief(shape, scale)
    creases = np.clip(-height / 0.008, 0, 1)
    colour *= np.exp(-creases[..., None] * floats((0.22, 0.42, 0.46)))
    gloss = (
        0.55
        + _glow(x, y, [(0, 6.45, 0.13, 0.2, 0.5), (0, 7.3, 0.5, 0.22, 0.35), (0.45, 6.55, 0.2, 0.12, 0.25)])
        + 0.12 * mottle
    )
    return Sheets(colour, height, np.clip(gloss, 0.1, 2).astype(np.float32), scale)
