"""What a photograph does to colours: its black, its white, the cast of its light, how much colour is left in it.

Whatever is drawn into it has to have gone through the same. Colours are RGB 0..255 as stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.likeness.geometry import Measures

Image = NDArray[np.uint8]
Floats = NDArray[Any]

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_SKIN = np.array([1.26, 0.95, 0.69], np.float32)  # skin over its own luma, white over its own, in the light in which
_WHITE = np.array([1.07, 1.00, 0.87], np.float32)  # the colours of the drawn parts were chosen
_LEFT, _RIGHT, _MIDDLE = (205, 50), (425, 280), (195, 164)  # landmarks on skin: cheeks, nose and upper lip
_LIPS = (17, 84, 314, 181, 405, 15, 16)
_COLOURLESS, _COLOURFUL = 2.2, 9.0  # Lab chroma beside the photograph's own tone curve, at full contrast
_SKIN_CHROMA = 14.0  # Lab, of pale skin beside the greys of the same photograph
_MOST_CAST = 1.8


@dataclass(frozen=True, slots=True)
class Tones:
    """The photograph's own tones around one face."""

    black: Floats
    """(3,) the darkest that the photograph has."""
    white: Floats
    """(3,) the brightest."""
    skin: Floats
    """(3,) lit skin."""
    lip: float
    """Luma of the lips over that of the skin, both above black."""
    cast: Floats
    """(3,) the light's colour against that in which the drawn parts were chosen."""
    colour: float
    """0 black and white or toned .. 1 a photograph in full colour."""
    sides: tuple[float, float]
    """Light on the picture's left and right cheek against the whole face's."""

    def of(self, part: Floats, level: float) -> Floats:
        """(3,) above black: a part's colour (any scale), `level` times as bright as skin, seen in this photograph."""
        skin = np.maximum(self.skin - self.black, 1.0)
        own = skin / float(skin @ LUMA)
        seen = part * self.cast
        seen = seen / max(float(seen @ LUMA), 1e-6)
        room = np.maximum(self.white - self.black, 1.0)
        light = float(np.clip(level * float(skin @ LUMA), 0.0, 0.92 * float(room @ LUMA)))
        return np.asarray(light * (self.colour * seen + (1 - self.colour) * own), np.float32)

    @property
    def range(self) -> float:
        """Luma from black to white over that of skin."""
        skin = float(np.maximum(self.skin - self.black, 1.0) @ LUMA)
        return float(np.maximum(self.white - self.black, 1.0) @ LUMA) / skin


def tones(photo: Image, points: Floats, face: Measures) -> Tones:
    """Measures a photograph, RGB (H, W, 3), at and around the face."""
    near = _around(photo, points, face)
    black, white = _ends(near)
    size = max(3, int(face.unit * 0.05))
    blurred = cv2.blur(photo, (size, size)).astype(np.float32)

    def at(*landmarks: int) -> Floats:
        x, y = points[list(landmarks), :2].round().astype(int).T
        x, y = np.clip(x, 0, photo.shape[1] - 1), np.clip(y, 0, photo.shape[0] - 1)
        return np.asarray(np.median(blurred[y, x], axis=0), np.float32)

    skin = at(*_LEFT, *_RIGHT, *_MIDDLE)
    level = max(float((skin - black) @ LUMA), 1.0)

    def light(low: float, high: float, *landmarks: int) -> float:
        return float(np.clip(float((at(*landmarks) - black) @ LUMA) / level, low, high))

    return Tones(black, white, skin, light(0.5, 1.0, *_LIPS), _cast(skin - black, white - black),
                 _colour(near, black, white, skin), (light(0.25, 1.5, *_LEFT), light(0.25, 1.5, *_RIGHT)))  # fmt: skip


def _around(photo: Image, points: Floats, face: Measures) -> Floats:
    """(n, 3): head and shoulders, so coarse that neither grain nor a sensor's coloured noise is left."""
    low, high = points[:, :2].min(0) - 0.9 * face.unit, points[:, :2].max(0) + 1.6 * face.unit
    x0, y0 = np.maximum(low, 0).astype(int)
    x1, y1 = np.maximum(high, 1).astype(int)
    scale = min(20 / face.unit, 1.0)
    cut = np.ascontiguousarray(photo[y0:y1, x0:x1])
    small = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small.reshape(-1, 3), np.float32)


def _ends(near: Floats) -> tuple[Floats, Floats]:
    """Mean colours of the darkest and of the brightest 0.5 percent."""
    order = np.argsort(near @ LUMA)
    few = max(len(order) // 200, 4)
    return near[order[:few]].mean(0), near[order[-few:]].mean(0)


def _cast(skin: Floats, white: Floats) -> Floats:
    """The light's colour by von Kries: per channel, between what skin says (which may be pale or ruddy) and what the
    brightest thing says (which may be no white)."""
    ratios = []
    for seen, known in ((skin, _SKIN), (white, _WHITE)):
        seen = np.maximum(seen, 1.0)
        ratios.append(seen / float(seen @ LUMA) / known)
    cast = np.sqrt(ratios[0] * ratios[1])
    return np.asarray(np.clip(cast, 1 / _MOST_CAST, _MOST_CAST), np.float32)


def _colour(near: Floats, black: Floats, white: Floats, skin: Floats) -> float:
    """How far colours lie beside the one curve from black to white on which a toned print has all of its own, and how
    far skin lies beside the greys: a red scarf in a faded print makes no red mouth."""
    lab = _lab(near)
    light, chroma = lab[:, :1], lab[:, 1:]
    terms = np.concatenate([np.ones_like(light), light / 50, (light / 50) ** 2], 1)
    weight = np.ones_like(light)
    beside = np.zeros(len(lab))
    for _ in range(5):  # iteratively reweighted: the curve of most of the picture
        curve, *_ = np.linalg.lstsq(terms * weight, chroma * weight, rcond=None)
        beside = np.hypot(*(chroma - terms @ curve).T)
        weight = 1 / np.sqrt(np.maximum(beside, max(float(np.median(beside)), 1e-3)))[:, None]
    low, high, face = _lab(np.stack([black, white, skin]))
    contrast = max(float(high[0] - low[0]), 10.0) / 90
    grey = low + (high - low) * np.clip((face[0] - low[0]) / max(float(high[0] - low[0]), 10.0), 0, 1)
    strength = float(np.percentile(beside, 90)) / contrast
    of_skin = float(np.hypot(*(face - grey)[1:])) / contrast / _SKIN_CHROMA
    return float(min(np.clip((strength - _COLOURLESS) / (_COLOURFUL - _COLOURLESS), 0.0, 1.0), np.clip(of_skin, 0, 1)))


def _lab(colours: Floats) -> Floats:
    """(n, 3) RGB 0..255 -> CIE Lab."""
    return np.asarray(cv2.cvtColor((colours[None] / 255).astype(np.float32), cv2.COLOR_RGB2Lab)[0], np.float32)
