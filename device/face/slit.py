"""An opening in the face (the mouth, an eye): a local frame and the two curves that part there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAMPLES = 33
"""Samples of each curve, evenly from corner (x = -1) to corner (x = +1)."""


@dataclass(frozen=True, slots=True)
class Slit:
    """Local x runs from the picture's left corner (-1) to the right one (+1), local y down across it."""

    centre: tuple[float, float]
    """Midpoint of the corners, pixels."""
    angle: float
    """Radians from the picture's x axis to the local one."""
    half: float
    """Half the distance of the corners, pixels."""
    upper: Floats
    """(SAMPLES,) local y of the upper curve, pixels."""
    lower: Floats
    """(SAMPLES,) of the lower one."""

    def scaled(self, scale: float, dx: float, dy: float) -> Slit:
        """The same opening in a picture that is `scale` times as large and moved by (dx, dy), in pixel centres."""
        x, y = ((c + 0.5) * scale - 0.5 for c in self.centre)
        return Slit((x + dx, y + dy), self.angle, self.half * scale, self.upper * scale, self.lower * scale)

    def local(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Pixels -> (x in half widths, y in pixels) in the local frame."""
        cos, sin = np.float32(np.cos(self.angle)), np.float32(np.sin(self.angle))
        rx, ry = x - np.float32(self.centre[0]), y - np.float32(self.centre[1])
        u = (rx * cos + ry * sin) / np.float32(self.half)
        return u.astype(np.float32), (ry * cos - rx * sin).astype(np.float32)

    def curve(self, samples: Floats, x: Floats) -> Floats:
        """A curve's local y at local x; beyond the corners it goes on level."""
        where = np.linspace(-1.0, 1.0, SAMPLES, dtype=np.float32)
        return np.interp(x.ravel(), where, samples).reshape(x.shape).astype(np.float32)

    def under(self, samples: Floats, places: Floats) -> tuple[Floats, Floats]:
        """For pixels (h, w, 2): local x, and how far below a curve they are, pixels. The curve is read from a table
        so fine that the eye's limit is not reached; this runs for every frame."""
        u, v = self.local(places[..., 0], places[..., 1])
        table = self.curve(samples, np.linspace(-1, 1, 513, dtype=np.float32))
        index = np.clip(u * np.float32(256) + np.float32(256.5), 0, 512).astype(np.intp)
        return u, v - table[index]

    def distances(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """For pixels: how far below the upper and below the lower curve they are, pixels."""
        u, v = self.local(x, y)
        return v - self.curve(self.upper, u), v - self.curve(self.lower, u)

    def direction(self) -> tuple[Floats, Floats]:
        """Unit vectors of the local axes in the picture."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([cos, sin], np.float32), np.array([-sin, cos], np.float32)


def slit_through(left: Floats, right: Floats, upper: Floats, lower: Floats) -> Slit:
    """From two corners (2,) and the points (n, 2) along the upper and lower curve, corners included."""
    along = right - left
    half = float(np.hypot(*along)) / 2
    frame = Slit(
        (float(left[0] + right[0]) / 2, float(left[1] + right[1]) / 2),
        float(np.arctan2(along[1], along[0])),
        half,
        np.zeros(SAMPLES, np.float32),
        np.zeros(SAMPLES, np.float32),
    )
    return Slit(frame.centre, frame.angle, half, _sampled(frame, upper), _sampled(frame, lower))


def _sampled(frame: Slit, points: Floats) -> Floats:
    u, v = frame.local(points[:, 0], points[:, 1])
    order = np.argsort(u)
    where = np.linspace(-1.0, 1.0, SAMPLES)
    rough = np.interp(where, u[order], v[order])
    padded = np.pad(rough, 2, mode="reflect", reflect_type="odd")  # keeps the corners where they are
    return np.convolve(padded, [0.06, 0.24, 0.4, 0.24, 0.06], mode="valid").astype(np.float32)
