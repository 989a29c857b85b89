"""Names that programs wrote beside faces, given to the faces that were found there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from provisioning.photos.seen import Face
from provisioning.photos.told import Box, Region

_LEAST = 0.2
"""Overlap (intersection over union) from which on a mark and a face are the same; programs draw larger boxes."""


def marked(faces: tuple[Face, ...], regions: Sequence[Region], orientation: int) -> tuple[Face, ...]:
    """Faces with their names. Programs disagree whether marks lie in the picture as it is stored or as it is shown; of
    the two, the one that fits the faces is taken."""
    if not faces or not regions:
        return faces
    shown = _pairs(faces, regions)
    stored = _pairs(faces, [Region(r.name, turned(r.box, orientation)) for r in regions])
    names = max(shown, stored, key=lambda pairs: sum(share for _, share in pairs.values()))
    return tuple(
        msgspec.structs.replace(face, name=names[at][0]) if at in names else face for at, face in enumerate(faces)
    )


def _pairs(faces: Sequence[Face], regions: Sequence[Region]) -> dict[int, tuple[str, float]]:
    """Face's number -> name and overlap; the best fit first, each once."""
    fits = sorted(
        ((overlap(face.box, region.box), at, number) for at, face in enumerate(faces)
         for number, region in enumerate(regions)),
        key=lambda fit: (-fit[0], fit[1:]),
    )  # fmt: skip
    pairs: dict[int, tuple[str, float]] = {}
    used: set[int] = set()
    for share, at, number in fits:
        if share >= _LEAST and at not in pairs and number not in used:
            pairs[at] = (regions[number].name, share)
            used.add(number)
    return pairs


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def turned(box: Box, orientation: int) -> Box:
    """A box in the stored picture -> in the upright one, by EXIF's orientation."""
    x0, y0, x1, y1 = box
    if orientation in (5, 6, 7, 8):
        x0, y0, x1, y1 = y0, x0, y1, x1  # transposed
    if orientation in (2, 3, 6, 7):
        x0, x1 = 1 - x1, 1 - x0
    if orientation in (3, 4, 7, 8):
        y0, y1 = 1 - y1, 1 - y0
    return x0, y0, x1, y1
