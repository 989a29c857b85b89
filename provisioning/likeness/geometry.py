"""Measures of a face taken from its landmarks, and the openings that a rig parts.

Landmark numbers are those of the Face Landmarker's canonical face; "left" and "right" here are the picture's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.rig import Slit, slit_through
from provisioning.likeness import refine

Image = NDArray[np.uint8]
Floats = NDArray[Any]

UPPER_LIP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_LIP = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
MOUTH_CORNERS = (61, 291)
_WIDE_OPEN = 0.14  # units: behind it tongue and lip are of one colour, and the landmarks know better
PARTED = 0.045
"""Units between the lips, from which on they count as parted."""
LIDS = (  # per eye: corners, upper curve, lower curve, iris centre and its ring, brow, cheek below
    ((33, 133), (33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133), 468),
    ((362, 263), (362, 398, 384, 385, 386, 387, 388, 466, 263), (362, 382, 381, 380, 374, 373, 390, 249, 263), 473),
)
BROWS = ((70, 63, 105, 66, 107), (336, 296, 334, 293, 300))
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
        148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measures:
    """A face's frame: the unit is the distance of the irises, the axes run along and across the eye line."""

    unit: float
    """Pixels between the irises."""
    angle: float
    """Radians of the eye line in the picture."""
    mouth: Slit
    gap: float
    """How far the lips are parted in the photograph, units."""
    sag: float
    """How far the middle of the lip line lies below its corners, units; + for a smile."""
    upper_lip: float
    """Height of the upper lip, units."""
    lower_lip: float
    nose: float
    """From the lip line up to the base of the nose, units."""
    chin: float
    """From the lip line down to the chin, units."""
    jaw: float
    """Half the width of the jaw at the mouth's height, units."""

    def to_local(self, points: Floats) -> Floats:
        """Pixels (..., 2) -> units from the middle of the lip line, x along the eyes, y down."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        rel = (points - np.array(self.mouth.centre, np.float32)) / self.unit
        return np.stack([rel[..., 0] * cos + rel[..., 1] * sin, rel[..., 1] * cos - rel[..., 0] * sin], -1)

    def to_pixels(self, vectors: Floats) -> Floats:
        """Displacements in units -> pixels of the picture."""
        cos, sin = np.cos(self.angle) * self.unit, np.sin(self.angle) * self.unit
        x, y = vectors[..., 0], vectors[..., 1]
        return np.stack([x * cos - y * sin, x * sin + y * cos], -1).astype(np.float32)


def measure(photo: Image, points: Floats) -> Measures:
    """All that the expressions need to know of a face."""
    flat = points[:, :2]
    eyes = flat[473] - flat[468]
    unit = float(np.hypot(*eyes))
    mouth, gap = _mouth(photo, flat, unit)
    across = mouth.direction()[1]

    def height(a: int, b: int) -> float:
        return float(abs((flat[b] - flat[a]) @ across) / unit)

    return Measures(
        unit=unit,
        angle=float(np.arctan2(eyes[1], eyes[0])),
        mouth=mouth,
        gap=gap,
        sag=float((mouth.upper + mouth.lower)[12:21].mean() / 2 / unit),
        upper_lip=max(height(0, 13), 0.04),
        lower_lip=max(height(14, 17), 0.06),
        nose=height(2, 13),
        chin=height(14, 152),
        jaw=float(np.hypot(*(flat[397] - flat[172])) / 2 / unit),
    )


def eye_slit(photo: Image, points: Floats, side: int) -> Slit:
    """The opening of an eye, 0 the picture's left one, 1 the right one."""
    corners, upper, lower, _ = LIDS[side]
    flat = points[:, :2]
    rough = slit_through(flat[corners[0]], flat[corners[1]], flat[list(upper)], flat[list(lower)])
    return refine.lids(photo, rough, rough.half * 0.26)


def _mouth(photo: Image, flat: Floats, unit: float) -> tuple[Slit, float]:
    """The lip line: between the inner lips, pulled onto the dark line where closed lips meet."""
    inner = (flat[MOUTH_CORNERS[0]], flat[MOUTH_CORNERS[1]])
    upper, lower = flat[list(UPPER_LIP)].copy(), flat[list(LOWER_LIP)].copy()
    for curve in (upper, lower):
        curve[0], curve[-1] = inner
    slit = slit_through(inner[0], inner[1], upper, lower)
    gap = float((slit.lower - slit.upper)[8:-8].mean() / unit)
    if gap > PARTED:
        if gap < _WIDE_OPEN:
            slit = refine.lips(photo, slit, (unit * 0.05, unit * 0.085))
        return slit, float((slit.lower - slit.upper)[8:-8].mean() / unit)
    line = refine.lip_line(photo, slit, unit * 0.055)
    return Slit(slit.centre, slit.angle, slit.half, line, line), max(gap, 0.0)
