"""A face's landmarks brought into the photograph's place: what is left of their movement is the face's own.

The head is a solid body: turn, size and place that bring the photograph's skull points onto the film's, by least
squares (Umeyama 1991), are the head's; undone, they leave what skin, lids and lips did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from provisioning.likeness import teeth

Floats = NDArray[Any]

SKULL = (*teeth.SKULL, 10, 109, 338, 151, 127, 356, 234, 454)
"""Eye corners, nose, forehead, temples: what no expression moves."""
_SHAPE = (33, 133, 362, 263, 168, 6, 197, 4, 98, 327, 10, 234, 454, 127, 356, 172, 397, 152, 132, 361, 70, 300)
"""And jaw, chin, brows: by what two people's heads differ."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """n frames of one face."""

    angles: Floats
    """(n, 3) degrees of yaw, pitch, roll against the photograph; signs as in a pose."""
    points: Floats
    """(n, 478, 3) the landmarks in the photograph's place, pixels of the photograph."""
    scale: Floats
    """(n,) the film's pixels for one of the photograph's."""


def align(points: Floats, reference: Floats) -> Aligned:
    """`points` (n, 478, 3) of a film, `reference` (478, 3) of the photograph; a frame with a NaN is all NaN."""
    n = len(points)
    out = Aligned(np.full((n, 3), np.nan), np.full((n, 478, 3), np.nan, np.float32), np.full(n, np.nan))
    known = np.isfinite(points).all((1, 2))
    if not known.any():
        return out
    turn, scale, theirs = _solid(points[known][:, SKULL], reference[list(SKULL)])
    out.angles[known] = np.degrees(
        np.stack([
            np.arctan2(turn[:, 0, 2], turn[:, 2, 2]),
            np.arctan2(turn[:, 1, 2], np.hypot(turn[:, 0, 2], turn[:, 2, 2])),
            np.arctan2(turn[:, 1, 0], turn[:, 0, 0]),
        ], -1)
    )  # fmt: skip
    middle = reference[list(SKULL)].mean(0)
    out.points[known] = (points[known] - theirs[:, None]) @ turn / scale[:, None, None] + middle
    out.scale[known] = scale
    return out


def unlikeness(points: Floats, reference: Floats) -> float:
    """How unlike two heads' shapes are, in distances of the irises: (478, 3) each, expression and pose left out as far
    as landmarks let one."""
    chosen = list(_SHAPE)
    turn, scale, middle = _solid(points[None][:, chosen], reference[chosen])
    back = (points[chosen] - middle[0]) @ turn[0] / scale[0] + reference[chosen].mean(0)
    unit = float(np.hypot(*(reference[473, :2] - reference[468, :2])))
    return float(np.sqrt(((back - reference[chosen]) ** 2).sum(1).mean()) / max(unit, 1e-6))


def _solid(points: Floats, reference: Floats) -> tuple[Floats, Floats, Floats]:
    """(n, 3, 3) turns, (n,) sizes, (n, 3) middles of the film's."""
    theirs = points.mean(1)
    a, b = reference - reference.mean(0), points - theirs[:, None]
    u, s, vt = np.linalg.svd(np.einsum("nki,kj->nij", b, a).astype(np.float64))
    signs = np.ones_like(s)
    signs[:, 2] = np.sign(np.linalg.det(u @ vt))
    turn = (u * signs[:, None]) @ vt
    scale = (s * signs).sum(1) / max(float((a * a).sum()), 1e-9)
    return turn, np.maximum(scale, 1e-6), theirs
