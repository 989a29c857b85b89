"""The portrait: geometry, light and skin put together into one linear picture, before it is painted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from . import eyes, garment, hair, skin
from .mesh import Floats, floats, hollows
from .noise import blurred, cloud, smoothstep, unit
from .sitter import CLOTH, EYE_LEFT, EYE_RIGHT, GRANDFATHER, SHIRT, SKIN, TEETH, TONGUE, Build, posed
from .studio import Light, Part, Seen, Studio, View

KEY = (-0.58, 0.56, 0.64)
RIM = (0.82, 0.42, -0.45)


@dataclass(frozen=True)
class Picture:
    """Linear light (h, w, 3), what each pixel shows, and the relief that brush strokes follow."""

    light: Floats
    seen: Seen


@dataclass(frozen=True)
class Setting:
    """Pixels of the finished picture, how many samples a side each gets, and how finely things are made."""

    width: int = 1200
    height: int = 1500
    samples: int = 2
    levels: int = 2
    strands: int = 26000
    lamps: int = 14
    turn: float = 3.5
    """Degrees by which the camera stands aside"""


@dataclass(frozen=True)
class Looks:
    """Who sits: shape, skin, hair and brows (dark and light, linear), and the jacket's colour."""

    build: Build = GRANDFATHER
    traits: skin.Traits = skin.HIS
    cut: hair.Cut = hair.SHORT
    hair: tuple[tuple[float, float, float], tuple[float, float, float]] = ((0.14, 0.128, 0.115), (0.74, 0.71, 0.66))
    brow: tuple[tuple[float, float, float], tuple[float, float, float]] = ((0.15, 0.135, 0.12), (0.62, 0.58, 0.52))
    brow_strands: int = 680
    scalp: tuple[float, float, float] = (0.34, 0.31, 0.28)
    jacket: tuple[float, float, float] = (0.011, 0.018, 0.036)


HIMSELF = Looks()


def view(setting: Setting) -> View:
    """The camera: head and shoulders from about two metres."""
    wide, high = setting.width * setting.samples, setting.height * setting.samples
    return View(wide, high, (0.0, 6.24, 0.6), 4.35, 20.0, setting.turn)


def _lamps(count: int, seed: int) -> tuple[list[Light], list[Light]]:
    """A large soft window on the upper left; and the room: a little sky, a warm wall on the right, a rim."""
    rng = np.random.default_rng(seed)
    key, room = [], []
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    disc = 0.42 * np.sqrt((np.arange(count) + 0.5) / count)
    for angle, far in zip(turn, disc, strict=True):
        side, up = floats((0.61, 0.0, 0.79)), floats((0.46, 0.81, -0.36))
        way = unit(unit(floats(KEY)) + far * (np.cos(angle) * side + np.sin(angle) * up))
        key.append(Light(tuple(way.tolist()), tuple((floats((1.32, 1.13, 0.90)) * 1.78 / count).tolist())))
    for k, angle in enumerate(turn):
        rise = 1.0 - 1.55 * (k + 0.5) / count
        ring = np.sqrt(max(1 - rise * rise, 0.0))
        way = unit(floats((ring * np.cos(angle), rise, abs(ring * np.sin(angle)) + 0.15)))
        tint = (
            floats((0.188, 0.188, 0.193))
            + floats((0.07, 0.08, 0.10)) * max(float(way[0]), 0)
            + floats((0.12, 0.07, 0.03)) * max(-float(way[1]), 0)
        )
        room.append(Light(tuple(way.tolist()), tuple((tint * 1.15 / count).tolist())))
    for _ in range(max(count // 5, 2)):
        way = unit(floats(RIM) + rng.normal(0, 0.10, 3).astype(np.float32))
        room.append(Light(tuple(way.tolist()), tuple((floats((0.95, 0.80, 0.62)) * 0.9 / max(count // 5, 2)).tolist())))
    return key, room


def _bumped(seen: Seen, height: Floats, step: float, where: npt.NDArray[np.bool_], strength: float) -> Floats:
    """Normals tilted by a height (h, w) seen through the picture; `step` is a pixel's size in decimetres."""
    rise = (
        cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / (8 * step),
        -cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / (8 * step),
    )
    slope = np.stack([rise[0], rise[1], np.zeros_like(height)], axis=2) * strength
    slope = np.clip(slope, -0.9, 0.9)
    tilted = unit(seen.normal - (slope - seen.normal * (slope * seen.normal).sum(axis=2, keepdims=True)))
    return floats(np.where(where[..., None], tilted, seen.normal))


def _spread(light: Floats, where: npt.NDArray[np.bool_], sigmas: tuple[float, float, float]) -> Floats:
    """Light scattered beneath the skin: each channel blurred by its own reach, only within the skin."""
    weight = where.astype(np.float32)
    out = light.copy()
    for k, sigma in enumerate(sigmas):
        near = blurred(light[..., k] * weight, sigma) / np.maximum(blurred(weight, sigma), 1e-3)
        out[..., k] = np.where(where, 0.45 * light[..., k] + 0.55 * near, light[..., k])
    return out


def _gloss(normal: Floats, towards: Floats, way: tuple[float, float, float], power: float) -> Floats:
    half = unit(towards + floats(way) / np.linalg.norm(way))
    return np.asarray(np.clip((normal * half).sum(axis=2), 0, 1) ** power, np.float32)


def scene(data: Path, expression: dict[str, float], setting: Setting, looks: Looks = HIMSELF) -> list[Part]:
    """The sitter with hair and clothes."""
    sitter = posed(data, expression, setting.levels, looks.build)
    head = sitter.parts[0]
    head.masks[:, 2] = hair.growth(head, looks.cut)
    centre = floats((0, 6.9, 0.1))
    locks = hair.head_hair(head, setting.strands, 31, looks.cut)
    head.masks[:, 1] *= 0.2 + hollows(head.points, head.quads)
    brows = hair.ribbons(hair.BROW, hair.brows(head, looks.brow_strands, 32), centre - floats((0, 0, 2)))
    parts = [
        *sitter.parts,
        *garment.garment(),
        hair.ribbons(hair.HAIR, locks, centre),
        brows,
        hair.ribbons(hair.HAIR, hair.thinned(locks, 4), centre, shadow=True),
    ]
    return parts


def rendered(
    data: Path,
    expression: dict[str, float],
    setting: Setting,
    gaze: tuple[float, float] = (0.06, 0.0),
    looks: Looks = HIMSELF,
) -> Picture:
    """The whole picture in linear light."""
    camera = view(setting)
    parts = scene(data, expression, setting, looks)
    studio = Studio(camera, parts)
    seen = studio.look()
    step = camera.span / camera.width
    is_skin = seen.part == SKIN
    sheets = skin.painted(traits=looks.traits)
    height = skin.sampled(sheets.height, seen.rest, sheets.scale)
    normal = _bumped(seen, np.where(is_skin, height, 0), step, is_skin, 1.0)
    normal = _cloth_normal(seen, normal, step)
    key_lamps, room_lamps = _lamps(setting.lamps, 41)
    key = studio.irradiance(seen, normal, key_lamps, (0.15, 0.09, 0.06))
    room = studio.irradiance(seen, normal, room_lamps, (0.15, 0.09, 0.06))
    studio.close()
    reach = 1 / step
    diffuse = _spread(key + room, is_skin, (0.040 * reach, 0.016 * reach, 0.009 * reach))
    towards = unit(floats((np.sin(np.radians(camera.turn)) * 20, 6.24, 20)) - seen.point)
    open_sky = np.clip(key[..., 1] / (np.clip((normal * floats(KEY)).sum(axis=2), 0.05, 1) * 1.9), 0, 1.1)
    picture = np.zeros_like(key)
    _paint_skin(picture, seen, sheets, diffuse, normal, towards, open_sky, looks.scalp)
    _paint_mouth(picture, seen, diffuse, normal, towards, open_sky)
    _paint_cloth(picture, seen, key + 0.6 * room, normal, towards, open_sky, looks.jacket)
    _paint_hair(picture, seen, key, room, towards, looks)
    for number, side in ((EYE_LEFT, 0), (EYE_RIGHT, 1)):
        _paint_eye(picture, seen, number, diffuse, towards, gaze, step, side)
    return Picture(picture, Seen(seen.point, seen.part, normal, seen.rest, seen.mask))


def _paint_skin(
    picture: Floats,
    seen: Seen,
    sheets: skin.Sheets,
    diffuse: Floats,
    normal: Floats,
    towards: Floats,
    sky: Floats,
    scalp: tuple[float, float, float],
) -> None:
    at = seen.part == SKIN
    colour = skin.sampled(sheets.colour, seen.rest, sheets.scale)
    lips, ears, grown, inside = (seen.mask[..., k : k + 1] for k in range(4))
    colour = colour * (1 - lips * floats((0.24, 0.42, 0.38)))
    colour = colour * (1 - np.clip(ears, 0, 1) * floats((0.42, 0.66, 0.68)))
    colour = colour * (1 - np.clip(inside * 1.2, 0, 1) * floats((0.55, 0.85, 0.85)))
    colour = colour * (1 - grown * 0.9) + grown * 0.9 * floats(scalp)
    gloss = skin.sampled(sheets.gloss, seen.rest, sheets.scale) * (1 + 0.5 * lips[..., 0])
    facing = np.clip((normal * towards).sum(axis=2), 0, 1)
    fresnel = 0.03 + 0.5 * (1 - facing) ** 5
    shine = (0.055 * _gloss(normal, towards, KEY, 14) + 0.15 * _gloss(normal, towards, KEY, 60)) * gloss * sky
    shine += 0.10 * fresnel * _gloss(normal, towards, RIM, 8)
    lit = colour * diffuse + shine[..., None] * floats((1.3, 1.15, 0.95))
    lit = lit * (1 - 0.80 * _seam(seen)[..., None] * floats((0.88, 1.0, 1.0)))
    picture[at] = lit[at]


def _seam(seen: Seen) -> Floats:
    """The line between closed lips: where the place at rest jumps from one pixel to the next within the lips."""
    y = seen.rest[..., 1]
    step = np.median(np.abs(np.diff(y[seen.mask[..., 0] > 0.5]))[:2000]) if (seen.mask[..., 0] > 0.5).any() else 0.0
    jump = np.zeros_like(y)
    jump[1:] = y[:-1] - y[1:]
    pixel = abs(float(seen.point[..., 1].max() - seen.point[..., 1].min())) / y.shape[0]
    line = (
        (jump > max(3.0 * pixel, 3.0 * float(step)))
        & (seen.mask[..., 0] > 0.5)
        & (np.roll(seen.part, 1, axis=0) == SKIN)
    )
    wide = 0.0045 / pixel
    return floats(
        np.clip(
            blurred(line.astype(np.float32), wide) * 2.5 * wide
            + 0.5 * blurred(line.astype(np.float32), 3 * wide) * 2.5 * 3 * wide,
            0,
            1,
        )
    )


def _paint_mouth(picture: Floats, seen: Seen, diffuse: Floats, normal: Floats, towards: Floats, sky: Floats) -> None:
    wet = _gloss(normal, towards, KEY, 90)[..., None] * np.clip(sky, 0, 1)[..., None]
    corner = 1 - 0.8 * smoothstep(0.10, 0.26, np.abs(seen.rest[..., 0]))
    deep = (smoothstep(0.55, 1.15, seen.point[..., 2]) * corner)[..., None]
    for number, colour, shine in ((TEETH, (0.68, 0.59, 0.44), 0.25), (TONGUE, (0.42, 0.13, 0.12), 0.12)):
        at = seen.part == number
        tone = _tooth_shape(seen) * floats(colour) if number == TEETH else floats(colour)
        lit = tone * (diffuse * 0.8 + 0.30 * deep) + shine * wet * deep + floats((0.030, 0.010, 0.008))
        if at.mean() < 6e-4:  # a closed mouth's corners: shadow between the lips, neither a hole nor a tooth
            lit = np.broadcast_to(floats((0.27, 0.115, 0.066)), lit.shape)
        picture[at] = lit[at]


def _tooth_shape(seen: Seen) -> Floats:
    """Shade (h, w, 3) of the tooth bands: the gaps between teeth, their rounding, and the gums."""
    across, edges = np.abs(seen.rest[..., 0]), np.array([0.0, 0.088, 0.158, 0.226, 0.286, 0.335, 0.375])
    upper = seen.mask[..., 0] > 0.5
    squeezed = np.where(upper, across, across * 1.35)
    near = np.abs(squeezed[..., None] - edges).min(axis=-1)
    low = smoothstep(0.35, 0.0, seen.mask[..., 1]) * upper
    gap = np.exp(-((near / (0.006 + 0.010 * low)) ** 2))
    gum = np.where(upper, smoothstep(0.62, 0.72, seen.mask[..., 1] - 1.2 * near), 0.0)[..., None]
    tooth = (1 - 0.45 * gap - 0.10 * np.exp(-near / 0.012))[..., None]
    return floats(tooth * (1 - gum * floats((0.30, 0.62, 0.55))))


def _cloth_normal(seen: Seen, normal: Floats, step: float) -> Floats:
    at = seen.part == CLOTH
    size = at.shape
    weave = (
        0.0010 * cloud(size, 0.010 / step, 51, 1, 2.0)
        + 0.0010 * cloud(size, 0.010 / step, 52, 1, 0.5)
        + 0.004 * cloud(size, 0.14 / step, 53, 2)
    )
    x, y = seen.rest[..., 0], seen.rest[..., 1]
    body = at & (seen.mask[..., 0] < 0.5)
    opening = -0.02 * np.exp(-(((x - 0.012) / 0.010) ** 2)) + 0.018 * smoothstep(0.012, 0.03, x) * smoothstep(
        0.30, 0.24, x
    )
    opening += 0.045 * garment.knots(x, y)
    return _bumped(
        Seen(seen.point, seen.part, normal, seen.rest, seen.mask),
        np.where(at, weave, 0) + np.where(body, opening, 0).astype(np.float32),
        step,
        at,
        1.0,
    )


def _paint_cloth(
    picture: Floats,
    seen: Seen,
    light: Floats,
    normal: Floats,
    towards: Floats,
    sky: Floats,
    jacket: tuple[float, float, float],
) -> None:
    facing = np.clip((normal * towards).sum(axis=2), 0, 1)[..., None]
    sheen = 0.025 * (1 - facing) ** 3 + 0.012 * _gloss(normal, towards, KEY, 10)[..., None] * sky[..., None]
    for number, colour in ((CLOTH, jacket), (SHIRT, (0.62, 0.58, 0.50))):
        at = seen.part == number
        knots = 1 + 1.6 * garment.knots(seen.rest[..., 0], seen.rest[..., 1])[..., None] * (
            (number == CLOTH) & (seen.mask[..., :1] < 0.5)
        )
        picture[at] = (floats(colour) * knots * light + sheen * light * floats((0.55, 0.6, 0.7)))[at]


def _paint_hair(picture: Floats, seen: Seen, key: Floats, room: Floats, towards: Floats, looks: Looks) -> None:
    for number, (dark, light) in ((hair.HAIR, looks.hair), (hair.BROW, looks.brow)):
        at = seen.part == number
        if not at.any():
            continue
        way, along, shade = unit(seen.rest[at]), seen.mask[at][:, :1], seen.mask[at][:, 1:2]
        half = unit(towards[at] + unit(floats(KEY)))
        sine = np.sqrt(np.clip(1 - (way * half).sum(axis=1, keepdims=True) ** 2, 0, 1))
        colour = floats(dark) * (1 - shade) + floats(light) * shade
        glint = 0.22 * sine**30 * key[at] * (0.3 + shade)
        picture[at] = (
            colour * (0.90 * key[at] + room[at] + floats((0.055, 0.052, 0.048))) * (0.72 + 0.28 * along) + glint
        )


def _paint_eye(
    picture: Floats,
    seen: Seen,
    number: int,
    light: Floats,
    towards: Floats,
    gaze: tuple[float, float],
    step: float,
    side: int,
) -> None:
    at = seen.part == number
    if at.sum() < 20:
        return
    rows, columns = np.nonzero(at)
    top, bottom, left, right = rows.min() - 8, rows.max() + 9, columns.min() - 8, columns.max() + 9
    box = (slice(top, bottom), slice(left, right))
    shape = at[box]
    rest = seen.rest[box][shape]
    colour, _ = eyes.colour(rest, gaze, 61 + side)
    lid = _from_above(shape)[shape] * step
    edge = cv2.distanceTransform(np.pad(shape.astype(np.uint8), 1), cv2.DIST_L2, 5)[1:-1, 1:-1][shape] * step
    occlusion = (1 - 0.62 * np.exp(-lid / 0.028)) * (1 - 0.35 * np.exp(-edge / 0.012))
    lit = colour * (0.55 * light[box][shape] + 0.45 * light[box][shape].mean(axis=0)) * occlusion[:, None]
    spark = eyes.lights(rest, gaze) * (0.15 + 0.85 * smoothstep(0.002, 0.014, lid))
    tear = np.exp(-(((_from_above(shape[::-1])[::-1][shape] * step - 0.006) / 0.005) ** 2))
    lit += spark[:, None] * floats((1.1, 1.04, 0.95)) + tear[:, None] * 0.10 * light[box][shape]
    patch = picture[box]
    patch[shape] = lit
    _lashes(picture, seen, box, shape, step)


def _from_above(shape: npt.NDArray[np.bool_]) -> Floats:
    """How many pixels each pixel of the eye lies below the upper lid's edge."""
    run = np.zeros(shape.shape, np.float32)
    for row in range(1, len(shape)):
        run[row] = np.where(shape[row], run[row - 1] + 1, 0)
    return run


def _lashes(picture: Floats, seen: Seen, box: tuple[slice, slice], shape: npt.NDArray[np.bool_], step: float) -> None:
    """A soft dark line where the upper lashes stand, a faint one below."""
    flag = shape.astype(np.float32)
    up = max(round(0.010 / step), 1)
    above = np.clip(np.roll(flag, -up, axis=0) - flag, 0, 1)
    below = np.clip(np.roll(flag, up, axis=0) - flag, 0, 1)
    dark = 1.05 * blurred(above, 0.004 / step) + 0.30 * blurred(below, 0.005 / step)
    picture[box] *= (1 - np.clip(dark, 0, 0.88))[..., None] ** floats((0.9, 1.0, 1.05))
