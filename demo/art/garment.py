"""His dark jacket with a standing collar, a white shirt's edge inside it, and knotted buttons."""

from __future__ import annotations

import numpy as np

from .mesh import Floats, Ints, floats
from .noise import smoothstep
from .sitter import CLOTH, SHIRT
from .studio import Part

# ring by ring from the collar's seam down: height, half width, half depth, centre z, fall of the front, roundness
_RINGS = np.array(
    [
        (5.42, 0.66, 0.66, 0.10, 0.24, 2.0),
        (5.39, 0.80, 0.74, 0.10, 0.24, 2.0),
        (5.33, 1.10, 0.84, 0.10, 0.20, 2.1),
        (5.21, 1.50, 0.93, 0.08, 0.12, 2.25),
        (5.04, 1.86, 1.02, 0.06, 0.05, 2.4),
        (4.80, 2.06, 1.10, 0.06, 0.0, 2.5),
        (4.45, 2.17, 1.18, 0.08, 0.0, 2.5),
        (4.0, 2.23, 1.26, 0.10, 0.0, 2.5),
        (3.4, 2.27, 1.30, 0.12, 0.0, 2.5),
        (2.4, 2.3, 1.32, 0.12, 0.0, 2.5),
    ]
)


def _grid(rows: int, columns: int, closed: bool) -> Ints:
    down, across = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    a = down * columns + across
    b = down * columns + (across + 1) % columns
    return np.stack([a, a + columns, b + columns, b], axis=-1).reshape(-1, 4)


def _spread(table: Floats, rows: int) -> Floats:
    """Rows of a table, smoothly between its own."""
    at = np.linspace(0, len(table) - 1, rows)
    k = np.minimum(at.astype(int), len(table) - 2)
    u = (at - k)[:, None]
    padded = np.concatenate([table[:1] * 2 - table[1:2], table, table[-1:] * 2 - table[-2:-1]])
    a, b, c, d = padded[k], padded[k + 1], padded[k + 2], padded[k + 3]
    return np.asarray(b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a))), np.float32)


def _folds(x: Floats, y: Floats) -> Floats:
    """How far the cloth stands off, decimetres: hanging folds from shoulder and armpit."""
    side, arm = np.abs(x), np.where(x > 0, 0.0, 1.7)
    drop = smoothstep(5.2, 4.3, y)
    slanted = np.sin(9.0 * (side - 0.35 * y) + arm) * smoothstep(0.5, 1.3, side) * drop
    armpit = -np.exp(-(((side - (1.60 + 0.10 * (4.6 - y))) / 0.07) ** 2)) * smoothstep(4.75, 4.1, y)
    pull = np.sin(5.0 * (y + 0.9 * side) + 2 * arm) * np.exp(-(((side - 0.85) / 0.5) ** 2)) * smoothstep(5.25, 4.7, y)
    ripple = np.sin(17 * side + 3 * np.sin(3 * y + arm)) * smoothstep(1.3, 2.0, side) * drop
    return floats(0.042 * slanted + 0.11 * armpit + 0.040 * pull + 0.016 * ripple)


def jacket(rows: int = 240, columns: int = 400) -> Part:
    """Shoulders and chest."""
    height, wide, deep, centre, fall, power = (column[:, None] for column in _spread(_RINGS.astype(np.float32), rows).T)
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False, dtype=np.float32)[None]
    sine, cosine = np.sin(around), np.cos(around)
    x = wide * np.sign(sine) * np.abs(sine) ** (2 / power)
    z = centre + deep * np.sign(cosine) * np.abs(cosine) ** (2 / power)
    y = height - fall * cosine
    points = np.stack(np.broadcast_arrays(x, y, z), axis=-1).reshape(-1, 3).astype(np.float32)
    rest = points.copy()
    outwards = points - floats((0, 0, 0.1)) * 1.0
    outwards[:, 1] = 0
    outwards /= np.maximum(np.linalg.norm(outwards, axis=1, keepdims=True), 1e-6)
    hung = points + outwards * _folds(points[:, 0], points[:, 1])[:, None]
    return Part(CLOTH, floats(hung), rest, np.zeros((len(points), 4), np.float32), _grid(rows, columns, True))


def band(number: int, foot: float, tall: float, radius: float, gap: float, thick: float, columns: int = 200) -> Part:
    """A standing collar open in front by `gap` radians, its corners rounded; all lengths decimetres."""
    around = np.linspace(gap, 2 * np.pi - gap, columns, dtype=np.float32)
    end = np.minimum(around - gap, 2 * np.pi - gap - around)
    rise = tall * (1 - (1 - np.clip(end / 0.22, 0, 1)) ** 3 * 0.45)
    profile = np.array(
        [(0, 0, 0), (0.02, 0.5, 0), (0.0, 0.92, 0), (-0.2, 1.0, 0), (-0.8, 1.0, 0), (-1.0, 0.92, 0), (-1.0, 0.0, 0)],
        np.float32,
    )
    out, up = profile[:, 0][:, None], profile[:, 1][:, None]
    reach = radius + thick * out - 0.06 * up
    x, z = reach * np.sin(around) * 0.97, 0.10 + reach * np.cos(around)
    y = foot - 0.24 * np.cos(around) + up * rise * (1 + 0.1 * np.cos(around))
    points = np.stack(np.broadcast_arrays(x, y, z), axis=-1).reshape(-1, 3).astype(np.float32)
    rest = np.stack(np.broadcast_arrays(around, up * rise, out), axis=-1).reshape(-1, 3).astype(np.float32)
    mask = np.zeros((len(points), 4), np.float32)
    mask[:, 0] = 1
    return Part(number, points, rest, mask, _grid(len(profile), columns, False)[:, ::-1])


def garment() -> list[Part]:
    """Every piece."""
    return [jacket(), band(CLOTH, 5.41, 0.33, 0.69, 0.004, 0.05), band(SHIRT, 5.44, 0.355, 0.635, 0.01, 0.025)]


def knots(x: Floats, y: Floats) -> Floats:
    """Knotted buttons with their loops down the front, as a height in 0..1 over places (x, y) of the jacket."""
    total = np.zeros_like(x)
    for at in (5.00, 4.50, 4.00):
        across, up = np.abs(x - 0.012), y - at
        cord = 1 - np.abs(np.abs(up) - 0.013) / 0.013
        twist = 0.82 + 0.18 * np.sin(70 * across + 90 * up)
        bar = np.clip(cord, 0, 1) ** 0.5 * smoothstep(0.235, 0.225, across) * twist
        ball = np.clip(1 - np.hypot(across, up * 0.95) / 0.040, 0, 1) ** 0.5 * (0.9 + 0.1 * np.sin(120 * (x + y)))
        ring = np.clip(1 - np.abs(np.hypot(across - 0.250, up) - 0.024) / 0.012, 0, 1) ** 0.5
        total = np.maximum.reduce([total, 0.7 * bar, 1.15 * ball, 0.7 * ring])
    return floats(total)
