"""From "about here", as landmarks say, to the edge that is really in the photograph: lip line, eyelids, iris."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.rig import SAMPLES, Slit

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_HEIGHTS = 33


def lip_line(photo: Image, slit: Slit, reach: float) -> Floats:
    """The dark line where closed lips meet, as a curve of the slit, within `reach` pixels of its middle."""
    line = (slit.upper + slit.lower) / 2
    grey = cv2.GaussianBlur(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), (0, 0), max(reach / 8, 0.7)).astype(np.float32)
    steps = np.linspace(-reach, reach, _HEIGHTS, dtype=np.float32)
    seen = _columns(grey, slit, line, steps)
    spread = seen.max(1, keepdims=True) - seen.min(1, keepdims=True)
    cost = (seen - seen.min(1, keepdims=True)) / np.maximum(spread, 12.0) + 0.12 * (steps / reach)[None] ** 2
    return _held(line, steps[path(cost.astype(np.float32), 0.012)], 0.3)


def lids(photo: Image, slit: Slit, reach: float) -> Slit:
    """The slit with both lids pulled to where skin ends and the eye begins, within `reach` pixels."""
    lab = cv2.cvtColor(cv2.GaussianBlur(photo, (0, 0), 0.8), cv2.COLOR_RGB2Lab).astype(np.float32)
    found = []
    for curve, outward in ((slit.upper, -1.0), (slit.lower, 1.0)):
        steps = np.linspace(-reach, reach, _HEIGHTS, dtype=np.float32)
        far = np.linspace(1.2 * reach, 2.4 * reach, 6, dtype=np.float32) * outward
        skin = np.median(_columns(lab, slit, curve, far).reshape(-1, 3), axis=0)
        unlike = np.linalg.norm((_columns(lab, slit, curve, steps) - skin) * [0.8, 1.0, 1.0], axis=2)
        gain = -outward * _step(unlike, 4)
        cost = -gain / max(float(np.percentile(gain, 98)), 1.0) + 0.35 * (steps / reach)[None] ** 2
        found.append(_calm(curve + _arc(steps[path(cost.astype(np.float32), 0.01)])))
    upper, lower = found
    x = np.linspace(-1, 1, SAMPLES)
    upper = np.asarray(upper - 0.05 * slit.half * (1 - x**2))  # the lid takes no rim of the eye along
    lower = np.asarray(lower - 0.02 * slit.half * (1 - x**2))  # its wet rim is the lid's, and stays when the eye moves
    middle = (upper + lower) / 2
    part = np.clip((1 - np.abs(x)) / 0.16, 0, 1) ** 0.7  # the lids meet at their corners
    half_gap = np.maximum((lower - upper) / 2, 0) * part
    curves = [(middle + sign * half_gap).astype(np.float32) for sign in (-1, 1)]
    return Slit(slit.centre, slit.angle, slit.half, curves[0], curves[1])


def lips(photo: Image, slit: Slit, reaches: tuple[float, float]) -> Slit:
    """The slit of parted lips with its upper and lower edge pulled, within `reaches` pixels, to where the lip's red
    ends; teeth and gaps have less of it. A grey photograph keeps its curves."""
    soft = cv2.GaussianBlur(photo, (0, 0), max(reaches[0] / 10, 0.6))
    red = cv2.cvtColor(soft, cv2.COLOR_RGB2Lab)[:, :, 1].astype(np.float32)
    found = []
    for curve, outward, reach in ((slit.upper, -1.0, reaches[0]), (slit.lower, 1.0, reaches[1])):
        inward = min(reach, 0.5 * float((slit.lower - slit.upper)[8:-8].mean()))  # not as far as the other lip
        steps = np.sort(np.linspace(-inward, reach, _HEIGHTS, dtype=np.float32) * np.float32(outward))
        gain = outward * _step(_columns(red, slit, curve, steps), 5)
        cost = -gain / max(float(np.percentile(gain, 96)), 1.0) + 0.3 * (steps / reach)[None] ** 2
        found.append(_held(curve, steps[path(cost.astype(np.float32), 0.02)], 0.2))
    middle = (found[0] + found[1]) / 2
    part = np.clip((1 - np.abs(np.linspace(-1, 1, SAMPLES))) / 0.14, 0, 1) ** 0.7  # lips meet at their corners
    half_gap = np.maximum((found[1] - found[0]) / 2, 0) * part
    curves = [(middle + sign * half_gap).astype(np.float32) for sign in (-1, 1)]
    return Slit(slit.centre, slit.angle, slit.half, curves[0], curves[1])


def _step(values: Floats, wide: int) -> Floats:
    """At each height: the mean of the `wide` heights after it less that of those before it, summed."""
    sums = np.cumsum(np.pad(values, ((0, 0), (wide + 1, wide)), mode="edge"), 1)
    before = sums[:, wide : wide + _HEIGHTS] - sums[:, :_HEIGHTS]
    after = sums[:, 2 * wide : 2 * wide + _HEIGHTS] - sums[:, wide : wide + _HEIGHTS]
    return np.asarray(after - before, np.float32)


def clear_above(photo: Image, slit: Slit, most: float) -> float:
    """How far above the upper lid, up to `most` pixels, there is only skin: a brow or a spectacle frame ends it."""
    grey = cv2.GaussianBlur(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), (0, 0), 1.0).astype(np.float32)
    steps = np.linspace(0, most, 40, dtype=np.float32)
    seen = _columns(grey, slit, slit.upper, -steps)[5:-5]
    skin = float(np.percentile(seen[:, 8:], 60))
    dark = (seen < 0.55 * skin).mean(0) > 0.2
    dark[: 40 * 3 // 20] = False  # the lashes and the fold are the lid's own
    first = int(np.argmax(dark)) if dark.any() else len(steps) - 1
    return float(steps[first] * (0.9 if dark.any() else 1.0))


def iris(photo: Image, slit: Slit, guess: tuple[float, float, float]) -> tuple[float, float, float]:
    """Centre and radius of the circle with the strongest step from dark inside to light outside, where it is seen."""
    grey = cv2.GaussianBlur(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), (0, 0), max(guess[2] / 14, 0.6)).astype(np.float32)
    turns = np.linspace(0, 2 * np.pi, 72, endpoint=False, dtype=np.float32)
    shifts = np.linspace(-0.3, 0.3, 13, dtype=np.float32) * guess[2]
    cx, cy = np.meshgrid(guess[0] + shifts, guess[1] + shifts)
    best = (-np.inf, guess)
    for radius in np.linspace(0.85, 1.3, 16) * guess[2]:
        dx, dy = radius * np.cos(turns), radius * np.sin(turns)
        upper, lower = slit.distances(cx[..., None] + dx, cy[..., None] + dy)
        seen = (np.minimum(upper, -lower) > 0.12 * guess[2]).astype(np.float32)
        outside = _at(grey, cx[..., None] + 1.12 * dx, cy[..., None] + 1.12 * dy)
        inside = _at(grey, cx[..., None] + 0.90 * dx, cy[..., None] + 0.90 * dy)
        step = np.clip(outside - inside, -10, 60)
        count = seen.sum(-1)
        score = (step * seen).sum(-1) / np.maximum(count, 1) - 40.0 * (count < 14)
        away = np.hypot(cx - guess[0], cy - guess[1]) / guess[2]
        score = score - 14 * away**2 - 40 * (radius / guess[2] - 1) ** 2
        at = np.unravel_index(int(score.argmax()), score.shape)
        if score[at] > best[0]:
            best = (float(score[at]), (float(cx[at]), float(cy[at]), float(radius)))
    return best[1] if best[0] > 2 else guess


def _columns(picture: Floats, slit: Slit, curve: Floats, steps: Floats) -> Floats:
    """(SAMPLES, len(steps)[, channels]): the picture across the curve at each of its samples."""
    along, across = slit.direction()
    x = np.linspace(-1, 1, SAMPLES, dtype=np.float32)[:, None] * slit.half
    y = curve[:, None] + steps[None]
    return _at(picture, slit.centre[0] + x * along[0] + y * across[0], slit.centre[1] + x * along[1] + y * across[1])


def _at(picture: Floats, x: Floats, y: Floats) -> Floats:
    shape = x.shape
    flat = cv2.remap(
        picture,
        np.ascontiguousarray(x.reshape(shape[0], -1), np.float32),
        np.ascontiguousarray(y.reshape(shape[0], -1), np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(flat.reshape(*shape, *picture.shape[2:]), np.float32)


def path(cost: Floats, stiffness: float) -> NDArray[np.intp]:
    """The cheapest way through (samples, heights), by dynamic programming; n heights at once cost stiffness * n^2."""
    heights = np.arange(cost.shape[1])
    jump = stiffness * (heights[:, None] - heights[None]) ** 2
    best, came = cost[0], []
    for row in cost[1:]:
        through = best[:, None] + jump
        came.append(through.argmin(0))
        best = row + through.min(0)
    path = [int(best.argmin())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1], np.intp)


def _arc(moved: Floats) -> Floats:
    """A lid is one smooth arc: a quartic through the corrections that a catchlight or a lash cannot bend (Huber)."""
    x = np.linspace(-1, 1, SAMPLES)
    trust = np.where(np.abs(x) > 0.9, 0.3, 1.0)
    weights = trust
    fitted = np.zeros(SAMPLES)
    for _ in range(6):
        fitted = np.asarray(np.polyval(np.polyfit(x, moved, 4, w=weights), x))
        away = np.abs(moved - fitted)
        weights = trust / np.maximum(1.0, away / max(0.6 * float(np.median(away)), 0.15))
    return fitted.astype(np.float32)


def _calm(curve: Floats) -> Floats:
    """A lid without the landmarks' own small waves, which a closed eye would show as a wavy line."""
    x = np.linspace(-1, 1, SAMPLES)
    return np.polyval(np.polyfit(x, curve, 4), x).astype(np.float32)


def _held(curve: Floats, moved: Floats, ends: float) -> Floats:
    """The curve with its correction, smoothed, and trusted only by the share `ends` at the corners."""
    smooth = np.convolve(np.pad(moved, 2, mode="edge"), [0.1, 0.2, 0.4, 0.2, 0.1], mode="valid")
    trust = np.clip(ends + (1 - np.abs(np.linspace(-1, 1, SAMPLES))) * 4, 0, 1)
    return (curve + smooth * trust).astype(np.float32)
