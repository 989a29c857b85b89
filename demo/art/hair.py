"""Hair and brows: thousands of ribbons combed over the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .mesh import Floats, Ints, floats, triangles, vertex_normals
from .noise import curve, smoothstep, unit
from .studio import Part

HAIR, BROW = 9, 10
_CENTRE = floats((0.0, 6.95, 0.15))
_STEPS = 14


@dataclass(frozen=True)
class Strands:
    """Curves (n, steps, 3), their widths (n,) in decimetres and shades (n,) in 0..1."""

    curves: Floats
    widths: Floats
    shades: Floats


@dataclass(frozen=True)
class Cut:
    """How hair grows and is combed: decimetres by which it grows lower on the forehead, how full the crown is, and
    how far down it falls (decimetres; 0: it is short)."""

    lower: float = 0.0
    crown: float = 0.55
    fall: float = 0.0


SHORT = Cut()


def scattered(part: Part, weight: Floats, count: int, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """`count` places on a part, by vertex `weight` and area: points now, normals, places at rest."""
    faces = triangles(part.quads)
    a, b, c = (part.points[faces[:, i]] for i in range(3))
    chance = np.linalg.norm(np.cross(b - a, c - a), axis=1) * weight[faces].mean(axis=1)
    chosen = faces[rng.choice(len(faces), count, p=chance / chance.sum())]
    share = rng.dirichlet((1, 1, 1), count).astype(np.float32)[:, :, None]
    normals = vertex_normals(part.points, faces)
    now, outwards, rest = (floats((values[chosen] * share).sum(axis=1)) for values in (part.points, normals, part.rest))
    return now, outwards, rest


def growth(part: Part, cut: Cut = SHORT) -> Floats:
    """How thickly hair grows at each vertex of the head, none on the ears."""
    return floats(density(part.rest, cut) * np.clip(1 - 2 * part.masks[:, 1], 0, 1))


def density(rest: Floats, cut: Cut = SHORT) -> Floats:
    """How thickly hair grows at places (n, 3) at rest: receding in front, thinning into temples and sideburns."""
    x, y, z = rest.T
    side = np.abs(x)
    edge = (
        7.47
        + 0.12 * np.exp(-(((side - 0.42) / 0.16) ** 2))
        + 0.016 * np.cos(11 * x + 1)
        - 1.1 * smoothstep(0.52, 0.78, side)
    )
    front = smoothstep(-0.05, 0.26, y - (edge - cut.lower))
    reach = 0.70 + 0.02 * np.sin(17 * y) + 0.22 * smoothstep(7.0, 7.4, y)
    temple = smoothstep(0.44, 0.60, side)
    behind = 1 - temple * (1 - smoothstep(reach, reach - 0.26, z))
    low = smoothstep(6.45, 6.95, y)
    crown = cut.crown + (1 - cut.crown) * smoothstep(0.25, 0.6, side)
    return floats(np.clip(front * behind * low * crown, 0, 1))


def _skull(part: Part) -> Floats:
    """The head's radius by direction from its centre, (64, 128)."""
    way = part.points - _CENTRE
    radius = np.linalg.norm(way, axis=1)
    rows, columns = _cells(way / radius[:, None])
    table = np.full((64, 128), 0.0, np.float32)
    keep = part.masks[:, 1] < 0.2
    np.maximum.at(table, (rows[keep], columns[keep]), radius[keep])
    for _ in range(6):
        tall = np.pad(table, ((1, 1), (0, 0)), mode="edge")
        near = np.maximum.reduce([np.roll(table, 1, axis=1), np.roll(table, -1, axis=1), tall[:-2], tall[2:]])
        table = np.where(table == 0, near, table)
    ring = np.pad(np.pad(table, ((0, 0), (4, 4)), mode="wrap"), ((4, 4), (0, 0)), mode="edge")
    return floats(cv2.GaussianBlur(ring, (0, 0), 1.0)[4:-4, 4:-4])


def _places(way: Floats) -> tuple[Floats, Floats]:
    """Directions (..., 3) -> rows 0..64 and columns 0..128 in the skull's table."""
    rows = np.arccos(np.clip(way[..., 1], -1, 1)) / np.pi * 64
    return floats(rows), floats((np.arctan2(way[..., 0], way[..., 2]) / (2 * np.pi) + 0.5) * 128)


def _cells(way: Floats) -> tuple[Ints, Ints]:
    rows, columns = _places(way)
    return np.clip(rows.astype(int), 0, 63), columns.astype(int) % 128


def _combed(roots: Floats, rng: np.random.Generator) -> Floats:
    """The way each hair is combed: back over the top with a little sweep to his right, back and down at the sides."""
    x, y, z = (roots - _CENTRE).T
    top = smoothstep(0.30, 0.70, y)[:, None]
    back = np.stack([0.55 * x - 0.36, 0.08 + 0 * y, -0.95 + 0 * y], axis=1)
    burn = smoothstep(0.15, 0.40, z) * smoothstep(0.15, -0.05, y)
    down = np.stack([0.02 * np.sign(x), -0.45 - 0.5 * burn, -0.80 + 0.75 * burn], axis=1)
    return unit(np.asarray(back * top + down * (1 - top) + rng.normal(0, 0.15, roots.shape), np.float32))


def _falling(part: Part, count: int, cut: Cut, rng: np.random.Generator) -> Strands:
    """Hair that falls from a parting to both sides, over the ears, down to `cut.fall`."""
    roots, normals, rest = scattered(part, growth(part, cut), count, rng)
    x, y, z = (rest - _CENTRE).T
    side = np.where(x + rng.normal(0, 0.10, count) > 0.10, 1.0, -1.0)
    front = smoothstep(0.1, 0.6, z)
    start = np.stack([side, 0.10 - 0.5 * smoothstep(0.5, 0.2, y), -0.10 - 0.75 * front], axis=1)
    start = unit(np.asarray(start + rng.normal(0, 0.06, start.shape), np.float32))
    start = unit(start - normals * (start * normals).sum(axis=1, keepdims=True))
    down = unit(np.stack([0.06 * side, -1.0 + 0 * x, -0.10 + 0 * x], axis=1).astype(np.float32))
    u = np.linspace(0, 1, _STEPS, dtype=np.float32)
    turn = smoothstep(0.0, 0.62, u)[None, :, None]
    ways = unit(np.asarray(start[:, None] * (1 - turn) + down[:, None] * turn, np.float32))
    length = (
        np.maximum(roots[:, 1] - cut.fall, 0.1) * (1.0 + 0.22 * smoothstep(0.0, 0.6, y)) * rng.uniform(0.9, 1, count)
    )
    steps = np.concatenate([np.zeros((count, 1, 3), np.float32), ways[:, 1:] / (_STEPS - 1)], axis=1)
    curves = roots[:, None] + np.cumsum(steps, axis=1) * length[:, None, None]
    curves, locks = _clumped(floats(curves), roots, rng)
    over = smoothstep(0.75, 0.55, np.abs(curves[..., 2] - 0.05)) * smoothstep(7.15, 6.9, curves[..., 1])
    lift = rng.uniform(0.01, 0.10, (count, 1)) * np.sin(np.pi * (0.06 + 0.80 * u))[None]
    curves = _outside(curves, _skull(part), np.asarray(lift + 0.10 * over, np.float32))
    curves = _beside_the_face(curves, side, floats(cut.fall + rng.gamma(1.5, 0.035, count)))
    shades = np.clip(0.62 - 0.22 * smoothstep(7.2, 6.6, rest[:, 1]) + rng.normal(0, 0.12, count) + locks, 0, 1)
    return Strands(floats(curves), floats(rng.uniform(0.0026, 0.0048, count)), floats(shades))


def _beside_the_face(curves: Floats, side: Floats, fall: Floats) -> Floats:
    """Strands kept out of the face, and none longer than the others."""
    x, y, z = np.moveaxis(curves, 2, 0)
    along = smoothstep(0.0, 0.35, np.linspace(0, 1, curves.shape[1], dtype=np.float32))[None]
    least = 0.80 * smoothstep(7.42, 7.02, y) * smoothstep(0.0, 0.35, z) * along
    x = np.where(side[:, None] * x < least, side[:, None] * least, x)
    z = np.minimum(z, 0.52 + 0.6 * smoothstep(7.0, 7.4, y))
    kept = np.stack([x, np.maximum(y, fall[:, None]), z], axis=2)
    padded = np.pad(kept, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return floats((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4)


def head_hair(part: Part, count: int, seed: int, cut: Cut = SHORT) -> Strands:
    """Hair over the scalp of `part`, short and grey-white unless it falls."""
    rng = np.random.default_rng(seed)
    if cut.fall:
        return _falling(part, count, cut, rng)
    roots, normals, rest = scattered(part, growth(part, cut), count, rng)
    ways = _combed(rest, rng)
    ways = unit(ways - normals * (ways * normals).sum(axis=1, keepdims=True))
    top = smoothstep(7.3, 7.7, rest[:, 1])
    full = np.clip(density(rest, cut) / 0.45, 0, 1)
    length = (0.17 + 0.45 * top) * (0.45 + 0.55 * full) * rng.uniform(0.7, 1.1, count)
    u = np.linspace(0, 1, _STEPS, dtype=np.float32)[None, :, None]
    lift = ((0.034 + 0.040 * top) * (0.3 + 0.7 * full) * rng.uniform(0.25, 1.0, count))[:, None, None]
    curves = (
        roots[:, None] + ways[:, None] * length[:, None, None] * u + normals[:, None] * lift * np.sin(np.pi * 0.94 * u)
    )
    curves, locks = _clumped(curves, roots, rng)
    curves = _outside(curves, _skull(part), lift[:, :, 0] * (0.15 + 0.85 * np.sin(np.pi * 0.94 * u[..., 0])))
    stray = rng.normal(0, 1, (count, 1, 3)) * 0.009 * u**2 * (1 + 1.5 * (rng.uniform(size=(count, 1, 1)) < 0.04))
    widths = rng.uniform(0.0022, 0.0044, count) * (0.6 + 0.4 * full)
    shades = np.clip(
        0.50 + 0.26 * top - 0.24 * smoothstep(7.2, 6.8, rest[:, 1]) + rng.normal(0, 0.14, count) + locks, 0, 1
    )
    return Strands((curves + stray).astype(np.float32), widths.astype(np.float32), shades.astype(np.float32))


def _clumped(curves: Floats, roots: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Locks: strands draw together towards their tips, and share a shade (n,)."""
    leaders = rng.choice(len(roots), max(len(roots) // 28, 1), replace=False)
    nearest = np.concatenate(
        [
            ((chunk[:, None] - roots[leaders][None]) ** 2).sum(axis=2).argmin(axis=1)
            for chunk in np.array_split(roots, 40)
        ]
    )
    u = np.linspace(0, 1, curves.shape[1], dtype=np.float32)[None, :, None]
    shade = rng.normal(0, 0.20, len(leaders))[nearest]
    return floats(curves + (curves[leaders[nearest]] - curves) * 0.45 * u**1.2), floats(shade)


def _outside(curves: Floats, skull: Floats, offset: Floats) -> Floats:
    way = curves - _CENTRE
    radius = np.linalg.norm(way, axis=2, keepdims=True)
    rows, columns = _places(way / radius)
    padded = np.pad(np.pad(skull, ((0, 0), (1, 1)), mode="wrap"), ((1, 1), (0, 0)), mode="edge")
    least = cv2.remap(padded, columns + 0.5, rows + 0.5, cv2.INTER_LINEAR)[..., None] + (0.012 + offset)[..., None]
    return np.asarray(_CENTRE + way / radius * np.maximum(radius, least), np.float32)


def brows(part: Part, count: int, seed: int) -> Strands:
    """Bushy grey brows."""
    rng = np.random.default_rng(seed)
    line = curve([(0.105, 6.975), (0.20, 7.008), (0.33, 7.022), (0.43, 7.0), (0.54, 6.935)], 200)
    x, y, z = part.rest.T
    along = np.abs(np.abs(x)[:, None] - line[None, :, 0]).argmin(axis=1)
    thick = 0.029 * np.sin(np.linspace(0.35, np.pi - 0.12, 200)) ** 0.6
    far = np.abs(y - line[along, 1]) / thick[along]
    inside = (np.abs(x) > 0.095) & (np.abs(x) < 0.54) & (z > 0.4)
    roots, normals, rest = scattered(part, (inside * smoothstep(1.5, 0.2, far)).astype(np.float32), count, rng)
    side, share = np.sign(rest[:, 0]), np.clip((np.abs(rest[:, 0]) - 0.10) / 0.43, 0, 1)
    rise = (
        0.75 * (1 - share) ** 2.2
        - 0.55 * share
        + rng.normal(0, 0.28, count)
        - 3.5 * (rest[:, 1] - np.interp(np.abs(rest[:, 0]), line[:, 0], line[:, 1]))
    )
    ways = np.stack([side * (0.55 + 0.6 * share), rise, 0.12 + 0 * share], axis=1).astype(np.float32)
    ways = unit(ways - 0.8 * normals * (ways * normals).sum(axis=1, keepdims=True))
    u = np.linspace(0, 1, 7, dtype=np.float32)[None, :, None]
    length = (rng.uniform(0.045, 0.095, count) * (1 + 0.6 * (rng.uniform(size=count) < 0.1)))[:, None, None]
    curves = roots[:, None] + ways[:, None] * length * u + normals[:, None] * 0.022 * np.sin(u * 2.2)
    curves[..., 1] -= 0.02 * u[..., 0] ** 2 * share[:, None]
    shades = np.clip(rng.normal(0.52, 0.22, count), 0, 1)
    return Strands(
        curves.astype(np.float32), rng.uniform(0.0020, 0.0036, count).astype(np.float32), shades.astype(np.float32)
    )


def thinned(strands: Strands, keep: int) -> Strands:
    """Every `keep`-th strand, wider and with fewer joints: enough to cast the whole's shadow."""
    return Strands(strands.curves[::keep, ::3], strands.widths[::keep] * keep * 0.8, strands.shades[::keep])


def ribbons(number: int, strands: Strands, normals_from: Floats, shadow: bool = False) -> Part:
    """Strands as thin strips that face the camera; `rest` holds their direction, `masks` place along, shade, root."""
    curves = strands.curves
    count, steps = curves.shape[:2]
    ways = unit(np.gradient(curves, axis=1))
    across = unit(np.cross(ways, floats((0.06, 0.0, 1.0))))
    u = np.linspace(0, 1, steps, dtype=np.float32)
    half = strands.widths[:, None] / 2 * np.minimum(1.0, 1.25 * (1 - u[None] ** 2) + 0.12)
    sides = np.stack([curves - across * half[..., None], curves + across * half[..., None]], axis=2)
    outwards = unit(curves - normals_from)
    normals = unit(outwards - 0.85 * ways * (outwards * ways).sum(axis=2, keepdims=True))
    masks = np.stack(np.broadcast_arrays(u[None], strands.shades[:, None], 0 * u[None], 0 * u[None]), axis=2)
    rows = [
        np.repeat(values[:, :, None], 2, axis=2).reshape(count * steps * 2, -1) for values in (ways, masks, normals)
    ]
    start = (np.arange(count)[:, None] * steps + np.arange(steps - 1)[None]).reshape(-1) * 2
    quads = np.stack([start, start + 1, start + 3, start + 2], axis=1)
    return Part(
        number,
        sides.reshape(-1, 3).astype(np.float32),
        rows[0],
        rows[1].astype(np.float32),
        quads,
        not shadow,
        shadow,
        rows[2],
    )
