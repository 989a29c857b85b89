"""Spectacles: where their rims are, so that they stay one stiff thing while the face moves under them.

Around each eye the closed path of the strongest line is sought by dynamic programming over angles. A rim is a line all
the way round; without spectacles the path has to cross cheek and nose, where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.remap import remap
from device.face.rig import Slit
from provisioning.likeness.geometry import Measures
from provisioning.likeness.refine import path

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_PER_UNIT = 48  # samples per eye distance: finer than that is a photograph's grain
_ANGLES = 96
_RADII = np.linspace(0.27, 0.64, 38)  # units; half a lens is 20 to 30 mm wide
_STRETCH = (1.12, 0.92)  # lenses are wider than high
_BELOW = 0.08  # units that a lens sits lower than the eye
_STIFF = 0.02  # cost of one radius step squared
_CLEAR = 9.0  # percent of the face's contrast, that a rim's line has at three of four places of its lower part
_HALF_RIM = 0.075  # units to each side of the path that are certainly rim
_EASE = 0.26  # units over which the face comes to move freely
_TEMPLES = (127, 356)
CALMER_BROWS = 0.6
"""Share of their movement that brows keep behind spectacles: close to a rim that does not move, skin cannot slide."""


@dataclass(frozen=True, slots=True)
class Spectacles:
    """Found rims."""

    rims: tuple[Floats, Floats]
    """The picture's left and right rim: closed paths (n, 2), pixels."""
    frame: Floats
    """(m, 2) pixels: rims, bridge and temples as one cloud of points."""
    unit: float
    strength: float
    """The weaker rim's contrast, percent of the face's."""

    def free(self, nodes: Floats) -> Floats:
        """(rows, columns) for nodes (rows, columns, 2) in pixels: 0 on the frame .. 1 where the face moves freely."""
        flat = nodes.reshape(-1, 2)
        near = np.full(len(flat), np.inf)
        for point in self.frame[::2]:
            near = np.minimum(near, ((flat - point) ** 2).sum(1))
        t = np.clip((np.sqrt(near) / self.unit - _HALF_RIM) / _EASE, 0, 1)
        return np.asarray((t * t * (3 - 2 * t)).reshape(nodes.shape[:2]), np.float32)

    def room(self, slit: Slit, side: int) -> tuple[float, float]:
        """Pixels of skin between the lids and the rim, above and below."""
        u, v = slit.local(self.rims[side][:, 0], self.rims[side][:, 1])
        over = np.abs(u) < 0.7
        upper, lower = v - slit.curve(slit.upper, u), v - slit.curve(slit.lower, u)
        margin = 0.6 * _HALF_RIM * self.unit
        above, below = -upper[over & (upper < 0)], lower[over & (lower > 0)]
        return (float(above.min(initial=np.inf)) - margin, float(below.min(initial=np.inf)) - margin)


def find_spectacles(photo: Image, points: Floats, face: Measures) -> Spectacles | None:
    """The spectacles in a photograph, RGB (H, W, 3); None where there are none that could be made out."""
    eyes = points[[468, 473], :2]
    lines = _lines(photo, eyes.mean(0), face)
    rims, strengths = [], []
    for eye in eyes:
        rim, strength = _rim(lines, eye, eyes.mean(0), face)
        rims.append(rim)
        strengths.append(strength)
    if min(strengths) < _CLEAR:
        return None
    frame = np.concatenate([*rims, *_bridge(rims), *_temples(rims, points)])
    return Spectacles((rims[0], rims[1]), frame.astype(np.float32), face.unit, min(strengths))


def _lines(photo: Image, middle: Floats, face: Measures) -> Floats:
    """How strong a line or an edge is at each place of an upright window around both eyes, percent."""
    across, down = np.meshgrid(_axis(1.4), _axis(1.0))
    places = middle + face.to_pixels(np.stack([across, down], -1))
    soft = cv2.GaussianBlur(photo, (0, 0), max(0.4 * face.unit / _PER_UNIT, 0.3))
    window = np.asarray(remap(soft, places.astype(np.float32), cv2.INTER_LINEAR, cv2.BORDER_REPLICATE), np.uint8)
    light = cv2.cvtColor(window, cv2.COLOR_RGB2Lab)[:, :, 0].astype(np.float32)
    contrast = max(float(np.percentile(light, 97) - np.percentile(light, 3)), 20.0)
    best = np.zeros_like(light)
    for sigma in (1.0, 2.0):
        blurred = cv2.GaussianBlur(light * (100 / contrast), (0, 0), sigma)
        line = np.abs(cv2.Laplacian(blurred, cv2.CV_32F, ksize=3)) * sigma**2 / 2
        edge = np.hypot(cv2.Sobel(blurred, cv2.CV_32F, 1, 0), cv2.Sobel(blurred, cv2.CV_32F, 0, 1)) * sigma / 8
        best = np.maximum(best, np.maximum(line, edge))
    return best


def _axis(reach: float) -> Floats:
    count = int(reach * _PER_UNIT)
    return np.arange(-count, count + 1, dtype=np.float32) / _PER_UNIT


def _rim(lines: Floats, eye: Floats, middle: Floats, face: Measures) -> tuple[Floats, float]:
    """The closed path (n, 2) in pixels, and the line's strength that three of four places of its lower part have."""
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)[:, None]
    local = face.to_local(np.stack([eye, middle]))
    centre = local[0] - local[1] + [0, _BELOW]
    x = centre[0] + _STRETCH[0] * _RADII * np.cos(angles)
    y = centre[1] + _STRETCH[1] * _RADII * np.sin(angles)
    columns, rows = x * _PER_UNIT + lines.shape[1] // 2, y * _PER_UNIT + lines.shape[0] // 2
    strength = cv2.remap(lines, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR)
    way = _closed(np.exp(-strength / 6))
    turn = np.arange(_ANGLES)
    seen = strength[turn, way][np.sin(angles[:, 0]) > -0.2]
    rim = middle + face.to_pixels(np.stack([x[turn, way], y[turn, way]], -1))
    return np.asarray(rim, np.float32), float(np.percentile(seen, 25))


def _closed(cost: Floats) -> NDArray[np.intp]:
    """The cheapest way once round (angles, radii): three turns, of which the middle one meets itself."""
    return path(np.concatenate([cost, cost, cost]), _STIFF)[_ANGLES : 2 * _ANGLES]


def _bridge(rims: list[Floats]) -> list[Floats]:
    left, right = rims
    apart = ((left[:, None] - right[None]) ** 2).sum(-1)
    at = np.unravel_index(int(apart.argmin()), apart.shape)
    return [np.linspace(left[at[0]], right[at[1]], 16)]


def _temples(rims: list[Floats], points: Floats) -> list[Floats]:
    arms = []
    for rim, ear in zip(rims, points[list(_TEMPLES), :2], strict=True):
        start = rim[int(((rim - ear) ** 2).sum(1).argmin())]
        arms.append(np.linspace(start, ear, 24))
    return arms
