"""What is behind the lips, drawn: cavity, tongue, lower and upper teeth, in the photograph's own light and colours.

Sizes are those of adults (mesio-distal crown widths of central, lateral, canine and premolars, in millimetres, seen
from the front, where the arch turns the rear ones away), with 63 mm between the irises as the yardstick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.likeness.geometry import Measures
from provisioning.likeness.grain import Grain
from provisioning.likeness.tones import LUMA, Tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_MM = 1 / 63.0  # units per millimetre
_UPPER_WIDTHS = (8.3, 6.4, 6.6, 4.8, 3.6, 2.6)
_LOWER_WIDTHS = (5.2, 5.6, 6.0, 5.0, 3.8, 2.8)
_OVER = 3  # supersampling
_ENAMEL = np.array([1.10, 0.97, 0.79], np.float32)  # an old man's teeth are warm
_TONGUE = np.array([1.22, 0.62, 0.50], np.float32)
_GUM = np.array([1.0, 0.60, 0.52], np.float32)
_DEEP = np.array([1.2, 0.42, 0.29], np.float32)
_LIP_SHADE = 0.93  # the lips' shadow, which the renderer lays over all, must not go below the photograph's black


@dataclass(frozen=True, slots=True)
class MouthArt:
    """The layers and where they lie."""

    layers: tuple[Image, Image, Image, Image]
    """cavity, tongue, lower teeth, upper teeth: RGBA"""
    place: Floats
    """(2, 3) from layer pixels to photograph pixels."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A drawing surface in units: x right of the mouth's middle, y below the lip line's level."""

    x: Floats
    y: Floats
    pixel: float
    """Units per pixel."""


def draw_mouth(face: Measures, tones: Tones, grain: Grain) -> MouthArt:
    """All layers for one face; the same photograph always gives the same drawing."""
    half = face.mouth.half / face.unit
    x0, x1, y0, y1 = -1.45 * half, 1.45 * half, -0.38, 0.34
    fine = max(face.unit * 1.5, 140.0) * _OVER  # drawing pixels per unit
    columns, rows = (int((b - a) * fine) // _OVER * _OVER for a, b in ((x0, x1), (y0, y1)))
    xs, ys = x0 + (np.arange(columns) + 0.5) / fine, y0 + (np.arange(rows) + 0.5) / fine
    x, y = np.meshgrid(xs.astype(np.float32), ys.astype(np.float32))
    sheet = _Sheet(x, y - face.sag, 1 / fine)
    curve = max(face.sag, 0.0) / half**2  # the rows of teeth follow a smile's curve, not wholly
    layers = (
        _cavity(sheet, tones),
        _tongue(sheet, tones),
        _lower_teeth(sheet, tones, half, -0.10 - 0.3 * curve),
        _upper_teeth(sheet, tones, half, -0.14 - 0.35 * curve),
    )
    along, across = face.mouth.direction()
    step = face.unit * _OVER / fine
    centre = np.array(face.mouth.centre, np.float32)
    corner = centre + (x0 * face.unit + step / 2) * along + (y0 * face.unit + step / 2) * across
    place = np.stack([along * step, across * step, corner], 1).astype(np.float32)
    shrunk = [cv2.resize(a, (columns // _OVER, rows // _OVER), interpolation=cv2.INTER_AREA) for a in layers]
    finish = _Finish(tones, grain, xs[1::_OVER].astype(np.float32), step)
    drawn = [finish.done(a) for a in shrunk]
    return MouthArt((drawn[0], drawn[1], drawn[2], drawn[3]), place)


@dataclass(frozen=True, slots=True)
class _Finish:
    """Brings a drawn layer into the photograph: its side light, its softness, its black, its grain."""

    tones: Tones
    grain: Grain
    x: Floats
    """(columns,) units right of the mouth's middle."""
    step: float
    """Photograph pixels per layer pixel."""

    def done(self, layer: Floats) -> Image:
        """Premultiplied RGBA above black -> straight RGBA as stored."""
        soft = self.grain.blur / self.step
        smooth = cv2.GaussianBlur(layer, (0, 0), soft) if soft > 0.3 else layer
        straight = _straight(np.asarray(smooth, np.float32))
        seen = straight[:, :, :3] * side_light(self.tones, self.x)[None, :, None]
        full = max(float(np.maximum(self.tones.skin - self.tones.black, 1.0) @ LUMA), 1.0)
        lit = np.sqrt(np.clip((seen @ LUMA) / full, 0.12, 1.2))[:, :, None]  # grain is weaker in the dark
        rough = grain_at(self.grain, seen.shape[:2], self.step)
        colour = self.tones.black / _LIP_SHADE + seen + rough * lit
        return np.clip(np.round(np.dstack([colour, straight[:, :, 3:]])), 0, 255).astype(np.uint8)


def side_light(tones: Tones, x: Floats) -> Floats:
    """The light at `x`, units right of the mouth's middle, between the two cheeks'; 1 is the face's own."""
    left, right = tones.sides
    return np.asarray(left + (right - left) * np.clip(0.5 + x / 1.1, 0, 1), np.float32)


def grain_at(grain: Grain, shape: tuple[int, int], step: float) -> Floats:
    """(*shape, 3) of a photograph's grain for a layer with `step` photograph pixels per pixel."""
    rough = grain.field(max(round(shape[0] * step), 1), max(round(shape[1] * step), 1))
    return np.asarray(cv2.resize(rough, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _layer(colour: Floats, alpha: Floats) -> Floats:
    """Premultiplied RGBA."""
    cover = np.clip(alpha, 0, 1)[:, :, None]
    return np.concatenate([np.clip(colour, 0, 255) * cover, cover * 255], 2).astype(np.float32)


def _over(top: Floats, below: Floats) -> Floats:
    return top + below * (1 - top[:, :, 3:] / 255)


def _straight(layer: Floats) -> Floats:
    alpha = np.maximum(layer[:, :, 3:], 1e-3) / 255
    return np.concatenate([np.where(layer[:, :, 3:] > 0.5, layer[:, :, :3] / alpha, 0), layer[:, :, 3:]], 2)


def _cavity(s: _Sheet, tones: Tones) -> Floats:
    """Warm darkness, never black: a little of the palate above, the throat's shade in the middle."""
    depth = np.exp(-((s.x / 0.24) ** 2) - ((s.y - 0.02) / 0.16) ** 2)[:, :, None]
    base = tones.of(_DEEP, max(0.66 * tones.lip, 0.2 * tones.range))
    cheek = np.clip(np.abs(s.x) / 0.3, 0, 1)[:, :, None] ** 2
    return _layer(base * (0.48 + 0.22 * cheek - 0.24 * depth), np.ones_like(s.x))


def _tongue(s: _Sheet, tones: Tones) -> Floats:
    """A low mound behind the lower teeth, lit on top, with a soft furrow; it rests as high as the lower teeth."""
    y = s.y - 0.035 - 0.9 * s.x * s.x
    top = -0.12 + 0.012 * np.exp(-((s.x / 0.03) ** 2))
    inside = np.minimum(y - top, (0.25 - np.abs(s.x)) * 0.8)
    alpha = np.clip(inside / 0.02, 0, 1)
    light = 0.58 + 0.22 * np.exp(-(((y - top - 0.06) / 0.06) ** 2)) - 0.10 * np.exp(-((s.x / 0.025) ** 2))
    light = light * (1 - 0.45 * np.clip(np.abs(s.x) / 0.27, 0, 1) ** 2)
    return _layer(light[:, :, None] * tones.of(_TONGUE, 0.83 * tones.lip), alpha * alpha * (3 - 2 * alpha))


def _enamel(tones: Tones) -> Floats:
    """Teeth in the shade of lips are not whiter than the photograph's white, and never as dark as dark skin."""
    return tones.of(_ENAMEL, float(np.clip(1.25, 0.42 * tones.range, 0.98 * tones.range)))


def _warm(tones: Tones) -> Floats:
    """Towards the roots, and from tooth to tooth, enamel is a little yellower; where colour is gone, no more."""
    return np.array([0.0, -0.05, -0.14], np.float32) * tones.colour


def _row(s: _Sheet, widths: tuple[float, ...], edge: float, height: float, sag: float, seed: int) -> tuple[Floats, ...]:
    """A row of crowns, biting edge at `edge` and roots towards +`height` (units): alpha, shade and tint maps."""
    rng = np.random.default_rng(seed)
    alpha, shade, tint = np.zeros_like(s.x), np.zeros_like(s.x), np.zeros_like(s.x)
    start = 0.0
    sign = np.sign(height)
    for number, width in enumerate(w * _MM for w in widths):
        centre = start + width / 2
        start += width
        for side in (-1.0, 1.0):
            jitter = rng.uniform(-1, 1, 4)
            lift = (0.004 * (number == 1) - 0.003 * (number == 2) + 0.0014 * jitter[0]) * sign
            cx = side * centre + 0.0018 * jitter[1]
            x = s.x - cx + 0.05 * jitter[2] * (s.y - edge)
            y = (s.y - (edge + lift + sag * centre * centre)) * sign
            half = width / 2 * (0.99 - 0.18 * np.clip(y / abs(height), 0, 1))
            corner = min(width * 0.3, 0.028)
            dx = np.maximum(np.abs(x) - (half - corner), 0)
            dy = np.maximum(corner - y, 0)
            inside = corner - np.hypot(dx, dy)
            cover = np.clip(inside / (1.6 * s.pixel * _OVER) + 0.5, 0, 1)
            round_ = np.clip(1 - (np.abs(x) / half) ** 2.6 * 0.30, 0, 1)
            long_ = 0.93 + 0.10 * np.exp(-(((y - 0.4 * abs(height)) / (0.35 * abs(height))) ** 2))
            new = cover > alpha
            shade = np.where(new, round_ * long_ * (1 + 0.035 * jitter[3]), shade)
            tint = np.where(new, 0.5 * jitter[0] + 0.6 * np.clip(y / abs(height), 0, 1), tint)
            alpha = np.maximum(alpha, cover)
    return alpha, shade, tint


def _teeth(s: _Sheet, row: tuple[Floats, ...], colour: Floats, warm: Floats, half: float, fade: float) -> Floats:
    alpha, shade, tint = row
    turn = np.exp(-((np.abs(s.x) / (fade * half)) ** 2.4))  # the arch turns into the cheek's shade
    tone = colour * (1 + tint[:, :, None] * warm)
    return _layer(tone * (shade * (0.20 + 0.80 * turn))[:, :, None], alpha)


def _gum(s: _Sheet, line: Floats, tones: Tones, sign: float) -> Floats:
    tone = tones.of(_GUM, 0.47 * tones.lip)
    wave = line + 0.006 * np.cos(s.x * 2 * np.pi / 0.11)
    alpha = np.clip((s.y - wave) * sign / 0.012 + 0.5, 0, 1)
    dim = np.exp(-((s.x / 0.3) ** 2))[:, :, None]
    return _layer(np.broadcast_to(tone, (*s.x.shape, 3)) * (0.4 + 0.6 * dim), alpha)


def _upper_teeth(s: _Sheet, tones: Tones, half: float, sag: float) -> Floats:
    edge, height = 0.002, -9.6 * _MM
    row = _row(s, _UPPER_WIDTHS, edge, height, sag, 7)
    bend = sag * s.x * s.x
    lift = _Sheet(s.x, s.y - bend, s.pixel)
    behind = _layer(np.full((*s.x.shape, 3), 0.0, np.float32) + _enamel(tones) * 0.46,
                    _strip(s, edge + bend - 0.012, -1.0) * (np.abs(s.x) < 0.36))  # fmt: skip
    teeth = _over(_teeth(s, row, _enamel(tones), _warm(tones), half, 0.80), behind)
    return _over(_gum(lift, np.full_like(s.x, edge + height), tones, -1.0), teeth)


def _lower_teeth(s: _Sheet, tones: Tones, half: float, sag: float) -> Floats:
    edge, height = 0.014, 8.2 * _MM
    row = _row(s, _LOWER_WIDTHS, edge, height, sag, 11)
    bend = sag * s.x * s.x
    lift = _Sheet(s.x, s.y - bend, s.pixel)
    behind = _layer(np.full((*s.x.shape, 3), 0.0, np.float32) + _enamel(tones) * 0.40,
                    _strip(s, edge + bend + 0.012, 1.0) * (np.abs(s.x) < 0.33))  # fmt: skip
    teeth = _over(_teeth(s, row, _enamel(tones) * 0.86, _warm(tones), half, 0.74), behind)
    return _over(_gum(lift, np.full_like(s.x, edge + height), tones, 1.0), teeth)


def _strip(s: _Sheet, line: Floats, sign: float) -> Floats:
    """The narrow gaps between crowns are dark enamel, not holes: everything rootwards of `line`."""
    return np.clip((s.y - line) * sign / 0.01 + 0.5, 0, 1)
