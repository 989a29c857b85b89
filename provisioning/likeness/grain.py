"""How sharp and how grainy a photograph is, so that what is drawn into it is no sharper and no cleaner.

Sharpness: an edge of width s, blurred once more by s0, loses gradient by R = sqrt(s^2 + s0^2) / s (Zhuo, Sim: "Defocus
map estimation from a single image", 2011). Grain: white noise convolved with a sample of the photograph's own residue
has that sample's spectrum (Galerne, Gousseau, Morel: "Random phase textures", 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.likeness.geometry import Measures
from provisioning.likeness.tones import LUMA

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_AGAIN = 1.5  # pixels, s0
_SHARP = 1.1  # pixels: the edge of a good lens, and of what is drawn
_COARSE = 2.0  # pixels: coarser than this is skin, not grain
_CALM = (151, 9, 50, 280, 205, 425, 199)  # landmarks amid skin: forehead, cheeks, chin
_SEED = 3


@dataclass(frozen=True, slots=True)
class Grain:
    """One photograph's grain."""

    sample: Floats
    """(n, n, 3) of its residue, mean 0; n is odd."""
    blur: float
    """Pixels (sigma) by which a sharp drawing has to be blurred to be as soft as the photograph."""

    @property
    def strength(self) -> float:
        """Standard deviation of its luma, 0..255."""
        return float((self.sample @ LUMA).std())

    def field(self, height: int, width: int) -> Floats:
        """(height, width, 3) of fresh grain at the photograph's scale, always the same."""
        side = self.sample.shape[0]
        noise = np.random.default_rng(_SEED).normal(size=(height, width)).astype(np.float32) / side
        channels = [cv2.filter2D(noise, cv2.CV_32F, self.sample[:, :, c]) for c in range(3)]
        return np.dstack(channels)


def grain(photo: Image, points: Floats, face: Measures) -> Grain:
    """Measures a photograph, RGB (H, W, 3), on its face."""
    side = int(np.clip(0.3 * face.unit, 9, 25)) | 1
    patches = [p for k in _CALM if (p := _cut(photo, points[k, :2], side)) is not None]
    if not patches:
        return Grain(np.zeros((side, side, 3), np.float32), _softness(photo, points, face))
    sample = min(patches, key=lambda patch: float((patch @ LUMA).std()))
    return Grain(sample, _softness(photo, points, face))


def _cut(photo: Image, at: Floats, side: int) -> Floats | None:
    """The residue of a square around a place; None at the border."""
    margin = side // 2 + int(3 * _COARSE)
    x, y = (int(v) for v in np.round(at))
    if min(x, y) < margin or x + margin >= photo.shape[1] or y + margin >= photo.shape[0]:
        return None
    wide = photo[y - margin : y + margin + 1, x - margin : x + margin + 1].astype(np.float32)
    fine = wide - cv2.GaussianBlur(wide, (0, 0), _COARSE)
    inner = fine[margin - side // 2 : margin + side // 2 + 1, margin - side // 2 : margin + side // 2 + 1]
    return np.asarray(inner - inner.mean((0, 1)), np.float32)


def _softness(photo: Image, points: Floats, face: Measures) -> float:
    """From the strongest edges of the eyes' surroundings, the sharpest things in a face."""
    middle = points[[468, 473], :2]
    reach = 0.35 * face.unit
    strengths, ratios = [], []
    for x, y in middle:
        x0, x1 = (int(np.clip(v, 0, photo.shape[1])) for v in (x - reach, x + reach))
        y0, y1 = (int(np.clip(v, 0, photo.shape[0])) for v in (y - reach, y + reach))
        if min(x1 - x0, y1 - y0) < 8:
            continue
        grey = photo[y0:y1, x0:x1].astype(np.float32) @ LUMA
        first, second = _gradient(grey), _gradient(cv2.GaussianBlur(grey, (0, 0), _AGAIN))
        strengths.append(first.ravel())
        ratios.append((first / np.maximum(second, 0.5)).ravel())
    if not strengths:
        return 0.0
    strong = np.concatenate(strengths)
    ratio = float(np.median(np.concatenate(ratios)[strong >= np.percentile(strong, 97)]))
    width = _AGAIN / np.sqrt(max(ratio, 1.05) ** 2 - 1)
    return float(np.sqrt(max(width**2 - _SHARP**2, 0.0)))


def _gradient(grey: Floats) -> Floats:
    return np.asarray(np.hypot(*np.gradient(grey)), np.float32)
