"""The sitter's head: MakeHuman's CC0 base mesh, shaped by its targets and smoothed by subdivision.

Lengths are decimetres as in MakeHuman: x to the sitter's left, y up, z towards the viewer.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]


def floats(values: object) -> npt.NDArray[np.float32]:
    """`values` as an array of single floats."""
    return np.asarray(values, np.float32)


@dataclass(frozen=True)
class BaseMesh:
    """The whole base mesh: `points` (n, 3), `uv` (n, 2), and quads (m, 4) by group name."""

    points: Floats
    uv: Floats
    groups: dict[str, Ints]


@dataclass(frozen=True)
class Surface:
    """A piece of surface: `quads` (m, 4) index the rows of `values` (n, k), one row per vertex."""

    values: Floats
    quads: Ints


def read_base(path: Path) -> BaseMesh:
    """Read MakeHuman's `base.obj`; a vertex on a texture seam keeps the last of its coordinates."""
    points: list[list[float]] = []
    coordinates: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    seams: dict[int, int] = {}
    name = ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            points.append([float(word) for word in rest.split()])
        elif kind == "vt":
            coordinates.append([float(word) for word in rest.split()[:2]])
        elif kind == "g":
            name = rest.strip()
        elif kind == "f":
            corners = [[int(word) - 1 for word in corner.split("/")] for corner in rest.split()]
            seams.update({corner[0]: corner[1] for corner in corners})
            faces.setdefault(name, []).append([corner[0] for corner in corners])
    uv = np.zeros((len(points), 2), np.float32)
    for vertex, coordinate in seams.items():
        uv[vertex] = coordinates[coordinate]
    groups = {
        key: np.array([face for face in value if len(face) == 4], np.int64).reshape(-1, 4)
        for key, value in faces.items()
    }
    return BaseMesh(np.array(points, np.float32), uv, groups)


def read_target(path: Path, count: int) -> Floats:
    """Offsets (count, 3) of one target file, plain or gzipped."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    offsets = np.zeros((count, 3), np.float32)
    for row in rows:
        offsets[int(row[0])] = [float(word) for word in row[1:4]]
    return offsets


def shaped(points: Floats, folder: Path, suffix: str, weights: dict[str, float]) -> Floats:
    """`points` with the weighted targets of `folder` added."""
    total = points.copy()
    for name, weight in weights.items():
        total += np.float32(weight) * read_target(folder / f"{name}{suffix}", len(points))
    return total


def sampled_mask(path: Path, uv: Floats) -> Floats:
    """One of MakeHuman's texture masks at each vertex, (n,) in 0..1."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise FileNotFoundError(path)
    image = cv2.GaussianBlur(image, (0, 0), 2.0)
    columns = np.clip(uv[:, 0] * image.shape[1], 0, image.shape[1] - 1).astype(int)
    rows = np.clip((1 - uv[:, 1]) * image.shape[0], 0, image.shape[0] - 1).astype(int)
    return floats(image[rows, columns] / 255.0)


def compacted(values: Floats, quads: Ints) -> Surface:
    """Only the vertices that `quads` use."""
    used, inverse = np.unique(quads, return_inverse=True)
    return Surface(values[used], inverse.reshape(quads.shape))


def subdivided(surface: Surface) -> Surface:
    """One Catmull-Clark step (Catmull and Clark 1978), open borders kept as cubic curves."""
    values, quads = surface.values, surface.quads
    count = len(values)
    centres = values[quads].mean(axis=1)
    ends = np.stack([quads, np.roll(quads, -1, axis=1)], axis=2).reshape(-1, 2)
    edges, back, uses = np.unique(np.sort(ends, axis=1), axis=0, return_inverse=True, return_counts=True)
    back = back.reshape(-1)
    middles = values[edges].mean(axis=1)
    beside = _gathered(back, np.repeat(centres, 4, axis=0), len(edges)) / uses[:, None]
    inner = (uses == 2)[:, None]
    edge_points = np.where(inner, (middles + beside) / 2, middles)
    moved = _moved_vertices(surface, centres, edges, middles, uses == 1)
    rows = count + back.reshape(-1, 4)
    middle = (count + len(edges) + np.arange(len(quads)))[:, None]
    corners = [np.stack([quads[:, i], rows[:, i], middle[:, 0], rows[:, i - 1]], axis=1) for i in range(4)]
    return Surface(np.concatenate([moved, edge_points, centres]).astype(np.float32), np.concatenate(corners))


def _gathered(index: Ints, rows: Floats, count: int) -> Floats:
    columns = [np.bincount(index, rows[:, k], count) for k in range(rows.shape[1])]
    return floats(np.stack(columns, axis=1))


def _moved_vertices(
    surface: Surface, centres: Floats, edges: Ints, middles: Floats, border: npt.NDArray[np.bool_]
) -> Floats:
    values, quads = surface.values, surface.quads
    count = len(values)
    valence = np.maximum(np.bincount(quads.reshape(-1), minlength=count), 1)[:, None].astype(np.float32)
    faces = _gathered(quads.reshape(-1), np.repeat(centres, 4, axis=0), count) / valence
    degree = np.maximum(np.bincount(edges.reshape(-1), minlength=count), 1)[:, None]
    around = _gathered(edges.reshape(-1), np.repeat(middles, 2, axis=0), count) / degree
    smooth = (faces + 2 * around + (valence - 3) * values) / valence
    rim = edges[border].reshape(-1)
    rim_middles = _gathered(rim, np.repeat(middles[border], 2, axis=0), count)
    rims = np.bincount(rim, minlength=count)[:, None]
    return floats(np.where(rims > 0, values / 2 + rim_middles / np.maximum(rims, 1) / 2, smooth))


def hollows(points: Floats, quads: Ints, rounds: int = 40, depth: float = 0.010) -> Floats:
    """How deep each vertex lies in a hollow, (n,) in 0..1: its distance below the smoothed surface over `depth`."""

    normals = vertex_normals(points, triangles(quads))
    smooth = points
    uses = np.maximum(np.bincount(quads.reshape(-1), minlength=len(smooth)), 1)[:, None]
    for _ in range(rounds):
        smooth = _gathered(quads.reshape(-1), np.repeat(smooth[quads].mean(axis=1), 4, axis=0), len(smooth)) / uses
    return floats(np.clip(((smooth - points) * normals).sum(axis=1) / depth, 0, 1))


def triangles(quads: Ints) -> npt.NDArray[np.int32]:
    """Two triangles per quad, (2m, 3)."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def vertex_normals(points: Floats, faces: npt.NDArray[np.int32]) -> Floats:
    """Unit normals (n, 3), weighted by area."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    cross = np.cross(b - a, c - a)
    total = _gathered(faces.astype(np.int64).T.reshape(-1), np.tile(cross, (3, 1)), len(points))
    return floats(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))
