"""A portrait network's 21 implicit keypoints: from what its motion extractor says to what its generator takes. Pure.

Formulas are LivePortrait's (Guo et al., "LivePortrait: Efficient Portrait Animation with Stitching and Retargeting
Control", 2024, equation 2, and its published inference code): x = s (c R + e) + t, angles as expectations over 66 bins
of 3 degrees around 0, R = (Rz Ry Rx) transposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]

COUNT = 21
BINS = 66
_BIN = 3.0
_FIRST = -97.5  # degrees of bin 0


@dataclass(frozen=True, slots=True)
class Motion:
    """One picture's head and expression."""

    angles: tuple[float, float, float]
    """Pitch, yaw and roll, degrees."""
    shift: Floats
    """(3,)"""
    expression: Floats
    """(COUNT, 3)"""
    scale: float
    canonical: Floats
    """(COUNT, 3): the person's keypoints without pose and expression."""

    def keypoints(self) -> Floats:
        """(COUNT, 3)"""
        moved = self.scale * (self.canonical @ rotation(*self.angles) + self.expression)
        moved[:, :2] += self.shift[:2]
        return np.asarray(moved, np.float32)


def degrees(bins: Floats) -> float:
    """(BINS,) logits -> degrees."""
    raised = np.exp(bins.astype(np.float64) - bins.max())
    return float(raised @ np.arange(BINS) / raised.sum() * _BIN + _FIRST)


def rotation(pitch: float, yaw: float, roll: float) -> Floats:
    """Degrees -> (3, 3), for rows of points to be multiplied with."""
    x, y, z = np.deg2rad([pitch, yaw, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return np.asarray((about_z @ about_y @ about_x).T)
