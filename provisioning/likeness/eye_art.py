"""The layers of one eye: its white with the iris taken out, and the whole iris, also where lids cover it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.rig import Eye, Slit
from provisioning.likeness import refine
from provisioning.likeness.geometry import BROWS, LIDS, Measures, eye_slit
from provisioning.likeness.judge import Found
from provisioning.likeness.matte import fill
from provisioning.likeness.tones import Tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_SCLERA = np.array([1.06, 0.98, 0.89], np.float32)  # an old eye's white
_ENOUGH = 40  # pixels


def draw_eye(found: Found, side: int) -> Eye:
    """The picture's left (0) or right (1) eye."""
    photo, points, face, glasses = found.picture, found.points, found.face, found.glasses
    slit = eye_slit(photo, points, side)
    above, below = _reaches(photo, points, face, slit, side)
    if glasses:
        room = glasses.room(slit, side)
        above, below = (max(min(r, m), 0.05 * face.unit) for r, m in zip((above, below), room, strict=True))
    rect = _rect(photo, slit, above, below)
    x, y, width, height = rect
    cut = photo[y : y + height, x : x + width].astype(np.float32)
    px, py = np.meshgrid(np.arange(x, x + width, dtype=np.float32), np.arange(y, y + height, dtype=np.float32))
    iris = refine.iris(photo, slit, _iris(points, side))
    under_upper, under_lower = slit.distances(px, py)
    inside = np.minimum(under_upper, -under_lower)
    radius = np.hypot(px - iris[0], py - iris[1]) / iris[2]
    few = float(np.clip((12 - iris[2]) / 6, 0, 1))  # pixels make stairs of a hard rim
    alpha = _ease(1.18, 1.04 - 0.16 * few, radius)
    rough = found.grain.field(height, width)
    ball = _ball(cut, inside, radius, slit.half, rough, found.tones)
    clear = np.minimum(under_upper, -under_lower - 0.22 * iris[2])  # the lower lid's wet rim is no part of the iris
    disc = _disc(cut, clear, radius, iris[2], rough)
    left = (radius < 1.35) & (_luma(cut) < 0.7 * _luma(ball))  # of the iris or its shade, beside where it was
    shown = np.where(((alpha <= 0) & (inside > -1.0) & ~left)[:, :, None], cut, ball)
    return Eye(
        slit=slit,
        rect=rect,
        iris=iris,
        reach=(above, below),
        ball=np.clip(np.round(shown), 0, 255).astype(np.uint8),
        disc=np.clip(np.round(np.dstack([disc, alpha * 255])), 0, 255).astype(np.uint8),
    )


def _ease(low: float, high: float, t: Floats) -> Floats:
    s = np.clip((t - low) / (high - low), 0, 1)
    return np.asarray(s * s * (3 - 2 * s), np.float32)


def _iris(points: Floats, side: int) -> tuple[float, float, float]:
    centre = LIDS[side][3]
    ring = points[centre + 1 : centre + 5, :2]
    middle = points[centre, :2]
    return float(middle[0]), float(middle[1]), float(np.hypot(*(ring - middle).T).mean())


def _reaches(photo: Image, points: Floats, face: Measures, slit: Slit, side: int) -> tuple[float, float]:
    """Up to the brow's lower edge, or to a spectacle frame before it; down to the lid's fold."""
    across = slit.direction()[1]
    brow = points[list(BROWS[side]), :2] - np.array(slit.centre, np.float32)
    above = 0.92 * float(slit.upper[8:-8].mean() - (brow @ across).mean())
    clear = refine.clear_above(photo, slit, max(above, 0.1 * face.unit))
    return max(clear, 0.05 * face.unit), 0.22 * face.unit


def _rect(photo: Image, slit: Slit, above: float, below: float) -> tuple[int, int, int, int]:
    height, width = photo.shape[:2]
    across = slit.half * 1.15 + 2
    up, down = above * 1.1 - float(slit.upper.min()), below * 1.15 + float(slit.lower.max())
    x0, x1 = np.clip([slit.centre[0] - across, slit.centre[0] + across + 1], 0, width).astype(int)
    y0, y1 = np.clip([slit.centre[1] - up, slit.centre[1] + down + 1], 0, height).astype(int)
    return int(x0), int(y0), int(x1 - x0), int(y1 - y0)


def _ball(cut: Floats, inside: Floats, radius: Floats, half: float, rough: Floats, tones: Tones) -> Floats:
    """The white of the eye continued under the iris and the lids, rounder and darker towards the lids."""
    white = (inside > 0.05 * half) & (radius > 1.12)
    known, tone = _white(cut, white, tones)
    filled = fill(cut, known) if known.sum() >= 8 else np.broadcast_to(tone, cut.shape)
    filled = filled * (_luma(tone) / np.maximum(_luma(filled), 1.0))[:, :, None] ** 0.5  # half way to its own light
    out: Floats = np.asarray(0.4 * filled + 0.6 * tone, np.float32)
    shade = 1 - 0.2 * np.exp(-np.maximum(inside, 0) / (0.16 * half))
    dark = _ease(0.8, 0.6, _luma(cut) / max(float(_luma(tone)), 1.0)) * _ease(1.5, 1.3, radius)  # the iris's own rim
    keep = (_ease(1.1, 1.35, radius) * white * (1 - dark))[:, :, None]
    return np.asarray(cut * keep + (out * shade[:, :, None] + rough) * (1 - keep), np.float32)


def _white(cut: Floats, white: Floats, tones: Tones) -> tuple[Floats, Floats]:
    """Of the pixels `white`, which lids, lashes and the iris have touched at every edge, those that are the white
    indeed, (h, w) 0 or 1: bright and little coloured. And its colour in full light; where few pixels tell, its hue is
    that of white in this photograph's light."""
    usual = tones.black + tones.of(_SCLERA, 1.0)
    if not white.any():
        around = float(np.percentile(_luma(cut), 60))
        return np.zeros(cut.shape[:2], np.float32), np.asarray(usual * (0.8 * around / float(_luma(usual))), np.float32)
    whiteness = _luma(cut) * cut.min(2) / np.maximum(cut.max(2), 1.0)
    order = np.sort(whiteness[white])[::-1]
    known = white & (whiteness >= order[len(order) // 3])
    best = white & (whiteness >= order[min(max(len(order) // 8, 4), len(order) - 1)])
    tone = np.median(cut[best], axis=0)
    trust = 0.9 * min(int(white.sum()) / _ENOUGH, 1.0)
    tone = trust * tone + (1 - trust) * usual * (float(_luma(tone)) / float(_luma(usual)))
    return known.astype(np.float32), np.asarray(tone, np.float32)


def _luma(colour: Floats) -> Floats:
    return np.asarray(colour @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)


def _disc(cut: Floats, inside: Floats, radius: Floats, size: float, rough: Floats) -> Floats:
    """The iris; what the lids cover is taken from the same ring of the iris where it is seen."""
    seen = inside > 0.06 * size
    out = cut.copy()
    rings = np.clip((radius * 12).astype(int), 0, 18)
    overall = np.median(cut[seen & (radius < 1)], axis=0) if (seen & (radius < 1)).any() else np.full(3, 40.0)
    profile = np.empty((19, 3), np.float32)
    for ring in range(19):
        here = seen & (rings == ring)
        profile[ring] = np.median(cut[here], axis=0) if here.sum() > 5 else overall
    position = np.clip(radius * 12 - 0.5, 0, 17.99)
    low = np.floor(position).astype(int)
    share = (position - low)[:, :, None]
    smooth = profile[low] * (1 - share) + profile[low + 1] * share
    blend = _ease(0.0, 0.14 * size, inside)[:, :, None]
    return np.asarray(out * blend + (smooth + 0.6 * rough) * (1 - blend), np.float32)
