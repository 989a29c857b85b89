"""From linear light to a painting in oil: tone, backdrop, strokes, detail where a painter would put it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from . import garment, hair
from .mesh import Floats, floats
from .noise import blurred, cloud, smoothstep
from .paint import Brush, Canvas, backdrop, flow, mixed, relief, smoothed_along, soft_mask, varnish
from .portrait import Picture
from .sitter import CLOTH, EYE_LEFT, EYE_RIGHT, SKIN


def toned(light: Floats, exposure: float) -> Floats:
    """Display values of linear light by a filmic curve (Hejl and Burgess-Dawson 2010), the display's gamma included."""
    x = np.maximum(light * exposure - 0.004, 0)
    return floats(np.clip((x * (6.2 * x + 0.5)) / (x * (6.2 * x + 1.7) + 0.06), 0, 1))


def _detail(picture: Picture, size: tuple[int, int]) -> Floats:
    """Where the brush must be finest: eyes and mouth, (h, w) in 0..1."""
    rest, part = picture.seen.rest, picture.seen.part
    x, y = np.abs(rest[..., 0]), rest[..., 1]
    eyes = np.exp(-(((x - 0.30) / 0.24) ** 4) - ((y - 6.80) / 0.15) ** 4)
    mouth = np.exp(-((x / 0.36) ** 4) - ((y - 6.11) / 0.15) ** 4)
    nose = 0.6 * np.exp(-((x / 0.25) ** 4) - ((y - 6.42) / 0.16) ** 4)
    sewn = np.where(
        (part == CLOTH) & (picture.seen.mask[..., 0] < 0.5), garment.knots(rest[..., 0], rest[..., 1]) > 0.05, 0.0
    )
    skin = np.where(
        part == SKIN,
        np.maximum(np.maximum(eyes, mouth), nose),
        np.maximum((part == EYE_LEFT) | (part == EYE_RIGHT), sewn),
    )
    return blurred(floats(cv2.resize(skin.astype(np.float32), size, interpolation=cv2.INTER_AREA)), size[0] / 250)


@dataclass(frozen=True)
class _Pass:
    """One going-over: where, with which brush, in the colours of which model, along which flow."""

    chance: Floats
    brush: Brush
    model: Floats
    angle: Floats


def painted(picture: Picture, size: tuple[int, int], seed: int) -> Floats:
    """The finished painting, display values (h, w, 3) of `size` (width, height)."""
    scale = size[0] / 1200
    part = picture.seen.part
    figure = soft_mask(part > 0, size)
    light = floats(cv2.resize(picture.light * (part > 0)[..., None], size, interpolation=cv2.INTER_AREA))
    face, cloth = soft_mask(part == SKIN, size), soft_mask(part == CLOTH, size)
    locks = soft_mask((part == hair.HAIR) | (part == hair.BROW), size)
    detail = _detail(picture, size)
    wall = Canvas(backdrop((size[1], size[0]), seed))
    _cover_wall(wall, scale, seed)
    model = mixed(wall.picture, toned(light / np.maximum(figure, 1e-3)[..., None], 0.78), figure)
    angle, drape = flow(model, 4.0 * scale), flow(blurred(model, 8 * scale), 16.0 * scale)
    canvas = Canvas(mixed(model, smoothed_along(model, angle, int(5 * scale) + 1), np.clip(0.8 - detail, 0, 1)))
    canvas.thick = floats(wall.thick * (1 - figure))
    broad = blurred(model, 3.0 * scale)
    robe, flesh = cloth * (1 - detail), np.clip(face - 0.35, 0, 1) * (1 - detail)
    layers = (
        (
            cloth,
            [
                _Pass(np.clip(robe - 0.1, 0, 1), Brush(15, 62, 5200, 0.45, 0.006), broad, drape),
                _Pass(np.clip(robe - 0.3, 0, 1), Brush(7, 34, 5000, 0.32, 0.006), model, drape),
            ],
        ),
        (
            face,
            [
                _Pass(flesh, Brush(11, 30, 4200, 0.30, 0.012), broad, angle),
                _Pass(flesh, Brush(5, 17, 9000, 0.36, 0.014), model, angle),
                _Pass(face * detail, Brush(2.6, 8, 6000, 0.22, 0.010), model, angle),
            ],
        ),
        (
            locks,
            [
                _Pass(np.clip(locks - 0.3, 0, 1), Brush(4.5, 30, 4200, 0.40, 0.030), model, angle),
                _Pass(np.clip(locks - 0.2, 0, 1), Brush(2.4, 26, 5200, 0.40, 0.040), model, angle),
            ],
        ),
    )
    base = Canvas(canvas.picture)
    for number, (cover, passes) in enumerate(layers):
        _work_up(canvas, base, _ragged(cover, scale, seed), passes, scale, seed + 10 * number)
    keep = np.clip(0.85 * detail + 0.15 * face + 0.42 * locks, 0, 0.92) * figure
    result = mixed(canvas.picture, model, keep)
    result = relief(result, canvas.thick * (1 - 0.8 * detail) * (1 - 0.55 * face), 0.010, 0.20, seed + 6)
    return varnish(result, (0.5, 0.42), 0.36)


def _work_up(canvas: Canvas, base: Canvas, share: Floats, passes: list[_Pass], scale: float, seed: int) -> None:
    """Paint one part of the picture on its own and lay it into the canvas by its cover."""
    layer = Canvas(base.picture)
    for step, each in enumerate(passes):
        if float(each.chance.sum()) > 10:
            layer.stroke_all(each.model, each.chance, each.angle, _sized(each.brush, scale), seed + step + 1)
    canvas.picture = mixed(canvas.picture, layer.picture, share)
    canvas.thick = floats(canvas.thick * (1 - share) + layer.thick * share)


def _sized(brush: Brush, scale: float) -> Brush:
    return replace(brush, width=brush.width * scale, length=brush.length * scale)


def _cover_wall(wall: Canvas, scale: float, seed: int) -> None:
    height, width = wall.picture.shape[:2]
    everywhere = np.ones((height, width), np.float32)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    turn = floats(0.9 + 0.7 * np.sin(x / (190 * scale)) * np.cos(y / (230 * scale)))
    model = wall.picture.copy()
    for brush, step in ((Brush(54, 170, 2600, 0.55, 0.016), 11), (Brush(30, 110, 2600, 0.50, 0.014), 12)):
        wall.stroke_all(model, everywhere, turn, _sized(brush, scale), seed + step)


def _ragged(cover: Floats, scale: float, seed: int) -> Floats:
    """A part's outline as a brush leaves it: soft and a little uneven."""
    wobble = 0.16 * cloud((cover.shape[0], cover.shape[1]), 9 * scale, seed + 21, 2)
    return smoothstep(0.30, 0.70, blurred(cover, 1.6 * scale) + wobble * (cover > 0.01))
