"""Textures of one face that a portrait network drew at provisioning time, and where they belong: `atlas.npz` (index)
and `layers/atlas.png` (all cells in one picture). A likeness may have one; without it nothing is drawn otherwise.

A region is a window of the photograph; its cells show that window in other poses, and fade to nothing at their borders.
Memory is bounded: one texture of at most TEXTURE x TEXTURE RGBA pixels (16 MiB), at most CELLS cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.features import limited
from device.face.pose import PARAMETERS
from device.face.rig_files import read_arrays, read_png, write_arrays, write_png

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

VERSION = 1
TEXTURE = 2048
"""Pixels of the texture's longer side at most."""
CELLS = 96
REGIONS = ("face", "eyeLeft", "eyeRight", "mouth")
"""In the order in which they are drawn; eyes by the person's own side, as in the parameters' names."""
_HINT = "bake the likeness again"


@dataclass(frozen=True, slots=True)
class Region:
    """One window and what it looks like in other poses."""

    name: str
    """Of REGIONS."""
    place: Floats
    """(2, 3) affine from pixels of a cell to pixels of the photograph."""
    poses: Floats
    """(n, len(PARAMETERS)): the pose that each cell shows."""
    cells: Image
    """(n, h, w, 4) RGB and how much of it counts; not premultiplied, 0 along the borders."""


def save_atlas(folder: Path, atlas: Sequence[Region]) -> None:
    """Writes both files, byte for byte the same for the same atlas; for none takes away what lay there.

    Raises BadInput for more cells or pixels than fit."""
    index, texture = folder / "atlas.npz", folder / "layers" / "atlas.png"
    if not atlas:
        index.unlink(missing_ok=True)
        texture.unlink(missing_ok=True)
        return
    sizes = [region.cells.shape[1:3] for region in atlas for _ in region.cells]
    corners, height = packed(sizes)
    if height > TEXTURE or len(sizes) > CELLS:
        got = f"{len(sizes)} cells on {height} rows"
        raise BadInput(str(texture), expected=f"at most {CELLS} cells on {TEXTURE} rows", got=got)
    picture = np.zeros((height, TEXTURE, 4), np.uint8)
    rows = []
    places = np.zeros((len(REGIONS), 6), np.float32)
    pictures = [(REGIONS.index(region.name), cell) for region in atlas for cell in region.cells]
    for (number, cell), (x, y) in zip(pictures, corners, strict=True):
        high, wide = cell.shape[:2]
        picture[y : y + high, x : x + wide] = cell
        rows.append((number, x, y, wide, high))
    for region in atlas:
        places[REGIONS.index(region.name)] = region.place.ravel()
    poses = np.concatenate([region.poses for region in atlas]).astype(np.float32)
    arrays = {"version": np.array([VERSION], np.int32), "cells": np.array(rows, np.int32), "poses": poses}
    write_arrays(index, {**arrays, "places": places})
    texture.parent.mkdir(parents=True, exist_ok=True)
    write_png(texture, picture)


def packed(sizes: Sequence[tuple[int, ...]]) -> tuple[list[tuple[int, int]], int]:
    """Sizes (h, w) up to TEXTURE wide -> their corners (x, y) on shelves, none over another; and all rows together."""
    corners, x, y, shelf = [], 0, 0, 0
    for high, wide in sizes:
        if x + wide > TEXTURE:
            x, y, shelf = 0, y + shelf, 0
        corners.append((x, y))
        x, shelf = x + wide, max(shelf, high)
    return corners, y + shelf


def load_atlas(folder: Path) -> tuple[Region, ...]:
    """The atlas of a likeness; none where it has none. Raises BadInput for anything malformed."""
    index = folder / "atlas.npz"
    if not index.exists():
        return ()
    shapes = {"version": (1,), "cells": (None, 5), "poses": (None, len(PARAMETERS)), "places": (len(REGIONS), 6)}
    arrays = read_arrays(index, shapes)
    version, cells, poses = int(arrays["version"][0]), arrays["cells"], arrays["poses"]
    if version != VERSION:
        raise BadInput(str(index), expected=f"version {VERSION}", got=f"version {version}", hint=_HINT)
    if len(cells) != len(poses) or len(cells) > CELLS:
        got = f"{len(cells)} and {len(poses)}"
        raise BadInput(str(index), expected=f"as many cells as poses, at most {CELLS}", got=got, hint=_HINT)
    texture = read_png(folder / "layers" / "atlas.png", 4)
    if max(texture.shape[:2]) > TEXTURE:
        raise BadInput(str(folder), expected=f"a texture up to {TEXTURE}", got=f"{texture.shape}", hint=_HINT)
    found = []
    for number, name in enumerate(REGIONS):
        own = cells[:, 0] == number
        if own.any():
            found.append(_region(index, name, arrays["places"][number], poses[own], cells[own, 1:], texture))
    if sum(len(region.poses) for region in found) != len(cells):
        raise BadInput(str(index), expected=f"cells of {', '.join(REGIONS)}", got="others", hint=_HINT)
    return tuple(found)


def _region(index: Path, name: str, place: Floats, poses: Floats, rects: Floats, texture: Image) -> Region:
    height, width = texture.shape[:2]
    wide, high = rects[0, 2:]
    inside = (rects[:, :2] >= 0).all() and (rects[:, 0] + wide <= width).all() and (rects[:, 1] + high <= height).all()
    if (rects[:, 2:] != rects[0, 2:]).any() or wide < 4 or high < 4 or not inside:
        raise BadInput(str(index), expected=f"{name} cells of one size within the texture", got="others", hint=_HINT)
    affine = place.reshape(2, 3)
    if not 1e-3 < abs(float(np.linalg.det(affine[:, :2]))) < 1e3 or np.abs(affine).max() > 65536:
        raise BadInput(str(index), expected=f"a placeable {name}", got=f"{place}", hint=_HINT)
    cells = [texture[y : y + high, x : x + wide] for x, y, wide, high in rects.astype(int)]
    return Region(name, affine, np.stack([limited(pose) for pose in poses]), np.stack(cells))
