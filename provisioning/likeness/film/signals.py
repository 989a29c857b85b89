"""What a face does, as curves over time on an even grid: the head's angles, lids, lips, corners of the mouth, brows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.likeness.film.align import align
from provisioning.likeness.film.track import Track
from provisioning.likeness.geometry import BROWS, LIDS

Image = NDArray[np.uint8]
Floats = NDArray[Any]

MOST_GAP = 0.3
"""s without the face that are bridged; longer ones stay unknown."""
HEAD_S, SKIN_S = 0.045, 0.05
"""s, standard deviations of the kernels that take the landmarks' trembling out of head and skin. Lids are left as they
are: a blink is as short."""
_AT_ONCE = 1000  # frames
_COVERED = 26.0  # Lab: of another colour than skin, lips and beard of the same place


@dataclass(frozen=True, slots=True)
class Signals:
    """n samples; NaN where the person is not seen."""

    rate: float
    """Samples a second."""
    start: float
    """s in the film of the first one."""
    angles: Floats
    """(n, 3) degrees: yaw, pitch, roll against the photograph."""
    lids: Floats
    """(n,) the eyes' opening, height over width."""
    gap: Floats
    """(n,) units between the inner lips."""
    corners: Floats
    """(n, 2) units that the picture's left and right corner of the mouth have come out and up from the photograph."""
    brows: Floats
    """(n,) units that they are above their place in the photograph."""
    covered: Floats
    """(n,) 0..1: share of the lower face that is of another colour than otherwise."""
    points: Floats
    """(n, 478, 3) landmarks in the photograph's place, pixels of the photograph, steadied."""

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(n,)"""
        return np.isfinite(self.lids)

    def time(self, at: float) -> float:
        """s in the film of a sample."""
        return self.start + at / self.rate


def signals(track: Track, reference: Floats) -> Signals:
    """Measures a track; `reference` (478, 3) are the photograph's landmarks."""
    rate = float(np.clip(round(1 / max(float(np.median(np.diff(track.t))), 1e-3)), 8, 60))
    grid = track.t[0] + np.arange(max(int((track.t[-1] - track.t[0]) * rate), 1)) / rate
    aligned = align(track.points, reference)
    points = _even(track.t, aligned.points, grid)
    unit = float(np.hypot(*(reference[473, :2] - reference[468, :2])))
    level = _level(reference)
    still = smoothed(points, SKIN_S * rate)
    corners = np.stack([_raised(still, reference, k, level, side) / unit for k, side in ((61, -1.0), (291, 1.0))], -1)
    lift = [(reference[list(b), :2] - still[:, list(b), :2]) @ level[1] for b in BROWS]
    return Signals(
        rate=rate,
        start=float(track.t[0]),
        angles=smoothed(_even(track.t, aligned.angles, grid), HEAD_S * rate),
        lids=np.mean([_opening(points, side) for side in (0, 1)], axis=0),
        gap=np.linalg.norm(still[:, 13] - still[:, 14], axis=-1) / unit,
        corners=corners,
        brows=np.mean([one.mean(-1) for one in lift], axis=0) / unit,
        covered=_even(track.t, covered(track), grid),
        points=np.asarray(still, np.float32),
    )


def _level(reference: Floats) -> tuple[Floats, Floats]:
    """Unit vectors along and across the photograph's eye line."""
    along = reference[473, :2] - reference[468, :2]
    along = along / max(float(np.hypot(*along)), 1e-6)
    return along, np.array([-along[1], along[0]])


def _raised(points: Floats, reference: Floats, corner: int, level: tuple[Floats, Floats], side: float) -> Floats:
    moved = points[:, corner, :2] - reference[corner, :2]
    return np.asarray(0.5 * side * (moved @ level[0]) - (moved @ level[1]))


def _opening(points: Floats, side: int) -> Floats:
    corners, upper, lower, _ = LIDS[side]
    height = np.mean([np.linalg.norm(points[:, upper[k]] - points[:, lower[k]], axis=-1) for k in (3, 4, 5)], axis=0)
    width = np.linalg.norm(points[:, corners[0]] - points[:, corners[1]], axis=-1)
    return np.asarray(height / np.maximum(width, 1e-6))


def covered(track: Track) -> Floats:
    """(n,) share of the lower face that is of another colour than it mostly is; NaN where nobody is seen."""
    out = np.full(len(track.t), np.nan)
    known = np.flatnonzero(np.isfinite(track.points).all((1, 2)))
    if not len(known):
        return out
    usual = np.median(_lab(track.patches[known[:: max(len(known) // 400, 1)]]), axis=0)
    for part in np.array_split(known, len(known) // _AT_ONCE + 1):
        away = np.subtract(_lab(track.patches[part]), usual)
        away[..., 0] -= np.median(away[..., 0], axis=1, keepdims=True)  # the room may have become lighter
        away[..., 0] *= 0.5
        out[part] = np.mean(np.linalg.norm(away, axis=-1) > _COVERED, axis=1)
    return out


def _lab(patches: Image) -> Floats:
    """(n, pixels, 3) CIE Lab of (n, side, side, 3) RGB."""
    flat = np.ascontiguousarray(patches.reshape(len(patches), -1, 3)).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2Lab), np.float32)


def _even(t: Floats, values: Floats, grid: Floats) -> Floats:
    """`values` (n, ...) at the times of `grid`, NaN in gaps longer than MOST_GAP."""
    flat = values.reshape(len(values), -1)
    known = np.isfinite(flat).all(1)
    out = np.full((len(grid), flat.shape[1]), np.nan, flat.dtype)
    times = t[known]
    if len(times) >= 2:
        after = np.clip(np.searchsorted(times, grid), 1, len(times) - 1)
        before, later = times[after - 1], times[after]
        share = np.clip((grid - before) / np.maximum(later - before, 1e-9), 0, 1)[:, None].astype(flat.dtype)
        rows = flat[known]
        inside = (later - before <= MOST_GAP) & (grid >= times[0] - 1e-6) & (grid <= times[-1] + 1e-6)
        out[inside] = (rows[after - 1] * (1 - share) + rows[after] * share)[inside]
    return out.reshape(len(grid), *values.shape[1:])


def smoothed(values: Floats, sigma: float) -> Floats:
    """`values` (n, ...) under a Gaussian of `sigma` samples, without delay, each gap for itself."""
    if sigma <= 0 or len(values) < 2:
        return values
    flat = values.reshape(len(values), -1)
    known = np.asarray(np.isfinite(flat).all(1), np.bool_)
    sums = _blurred(np.where(known[:, None], flat, 0), sigma)
    weight = _blurred(known[:, None].astype(np.float64), sigma)
    out = np.where(known[:, None], sums / np.maximum(weight, 1e-9), np.nan)
    return out.astype(values.dtype).reshape(values.shape)


def _blurred(columns: Floats, sigma: float) -> Floats:
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(columns, ((reach, reach), (0, 0)))
    total = np.zeros(columns.shape, np.float64)
    for k, weight in enumerate(kernel / kernel.sum()):
        total += weight * padded[k : k + len(columns)]
    return total
