"""How a face's skin moves: one displacement basis per face feature, drawn on a grid from the face's own measures.

Everything is in units of the distance of the irises (63 mm in adults on average), x to the picture's right and y down
from the middle of the lip line; `u` is x in half widths of the mouth, `v` is y from the lip line itself. The sizes of
the movements follow anatomy: speech opens the teeth by up to about 20 mm, a smile draws a corner some 8 mm up and out,
a raised brow rises about 7 mm. What lies above and what lies below the lip line have their own copy of each basis,
and the copies agree beyond its ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.rig import FACE_FEATURES
from provisioning.likeness.geometry import BROWS, LIDS, Measures

Floats = NDArray[Any]

DROP = 0.34
"""Units that the lower lip goes down at jawOpen 1: about 21 mm."""


@dataclass(frozen=True, slots=True)
class Place:
    """The grid's nodes in the face's own coordinates."""

    x: Floats
    """Units right of the lip line's middle."""
    y: Floats
    """Units below it."""
    u: Floats
    """Half mouth widths along the mouth."""
    v: Floats
    """Units below the lip line; the line goes on level beyond the corners."""
    width: float
    """Half the mouth's width, units."""
    face: Measures
    eyes: Floats
    """(2, 2) eye centres, units."""
    brows: Floats
    """(2, 3, 2): inner, middle and outer end of each brow, units."""


Basis = Callable[[Place, bool], tuple[Floats, Floats]]
"""(place, lower copy?) -> dx, dy in units."""


def place_of(face: Measures, points: Floats, nodes: Floats) -> Place:
    """`nodes` (rows, columns, 2) in pixels -> where they lie in the face."""
    local = face.to_local(nodes)
    u, v = face.mouth.local(nodes[..., 0], nodes[..., 1])
    line = (face.mouth.curve(face.mouth.upper, u) + face.mouth.curve(face.mouth.lower, u)) / 2
    eyes = face.to_local(np.stack([points[LIDS[i][3], :2] for i in (0, 1)]))
    ends = [[b[4], b[2], b[0]] if i == 0 else [b[0], b[2], b[4]] for i, b in enumerate(BROWS)]
    brows = face.to_local(points[np.array(ends)][..., :2])
    return Place(
        local[..., 0], local[..., 1], u, (v - line) / face.unit, face.mouth.half / face.unit, face, eyes, brows
    )


def bases(place: Place) -> tuple[Floats, Floats]:
    """(features, rows, columns, 2) for the upper and for the lower copy, in units."""
    copies = []
    for lower in (False, True):
        fields = [np.stack(_BASES[name](place, lower), -1) for name in FACE_FEATURES]
        copies.append(np.stack(fields).astype(np.float32))
    return copies[0], copies[1]


def border_hold(rows: int, columns: int, width: int = 5) -> Floats:
    """(rows, columns) 1, easing to 0 over the outer `width` nodes: nothing moves at a grid's border."""

    def ramp(count: int) -> Floats:
        distance = np.minimum(np.arange(count), np.arange(count)[::-1])
        t = np.clip(distance / width, 0, 1)
        return np.asarray(t * t * (3 - 2 * t), np.float32)

    return np.outer(ramp(rows), ramp(columns)).astype(np.float32)


def _smooth(low: float, high: float, t: Floats) -> Floats:
    s = np.clip((t - low) / (high - low), 0.0, 1.0)
    return s * s * (3 - 2 * s)


def _bell(t: Floats, width: float) -> Floats:
    return np.exp(-((t / width) ** 2))


def _arch(u: Floats, power: float = 0.8) -> Floats:
    """1 in the middle of the mouth, 0 at its corners and beyond."""
    return np.asarray(np.maximum(0.0, 1 - u * u) ** power)


def _opening(u: Floats, power: float = 0.75) -> Floats:
    """The arch of parting lips: round in the middle, narrow towards the corners, where lips stay together."""
    shut = 1 - _smooth(0.66, 0.88, np.abs(u))  # without it the grid would leave a thin black line at the corners
    return np.maximum(0.0, 1 - np.abs(u / 0.88) ** 2.2) ** power * (0.35 + 0.65 * shut)


def _corner(u: Floats, side: float, fade: float = 1.1) -> Floats:
    """1 at one corner of the mouth, easing to 0 at its middle and far out on the cheek."""
    t = u * side
    inner = np.clip(t, 0, 1) ** 2 * (3 - np.clip(t, 0, 1)) / 2
    return np.where(t < 1, inner, np.exp(-(((np.maximum(t, 1) - 1) / fade) ** 2)))


def _fade_from_lips(p: Place, above: float, below: float) -> Floats:
    """1 on the lips, 0 at `above` and `below` units from the line."""
    return np.where(p.v < 0, 1 - _smooth(0.0, above, -p.v), 1 - _smooth(0.0, below, p.v))


def _jaw_shape(p: Place) -> Floats:
    """The chin and jaw as one bone: full at the chin, nothing at the jaw's angles, easing out down the neck."""
    reach = 1.25 * p.face.jaw
    wide = np.cos(np.pi / 2 * np.clip(np.abs(p.x) / reach, 0, 1)) ** 2
    neck = 1 - _smooth(p.face.chin * 0.95, p.face.chin + 0.62, p.v)  # a collar stays where it is
    return np.asarray(wide * neck)


def _flatten(p: Place, lower: bool, corners: float, middle: float) -> Floats:
    """A smiling lip line straightens as the mouth opens: its corners come down and the upper lip's middle rises by
    these shares of the line's sag."""
    sag = float(np.clip(p.face.sag, 0.0, 0.2))
    down = corners * sag * (_corner(p.u, 1) + _corner(p.u, -1)) * _fade_from_lips(p, 0.4, 0.5)
    if lower:
        return down
    return np.asarray(down - middle * sag * _opening(p.u) * (1 - _smooth(0.0, p.face.nose, -p.v)))


def _lip_drop(p: Place, lower: bool) -> tuple[Floats, Floats]:
    inward = -0.18 * p.width * (_corner(p.u, 1) - _corner(p.u, -1)) * _fade_from_lips(p, 0.45, 0.5)
    corners = 0.2 * DROP * (_corner(p.u, 1) + _corner(p.u, -1)) * _fade_from_lips(p, 0.4, 0.5)
    down = corners + _flatten(p, lower, 0.8, 0.55)
    if not lower:
        return inward, down - 0.02 * _opening(p.u) * (1 - _smooth(0.0, p.face.nose, -p.v))
    lip = DROP * _opening(p.u) * (1 - _smooth(p.face.lower_lip * 0.6, p.face.chin * 0.9, p.v))
    return inward, down + lip


def _jaw_drop(p: Place, lower: bool) -> tuple[Floats, Floats]:
    start = _smooth(p.face.lower_lip * 0.6, p.face.chin * 0.9, p.v)
    outside = 1.0 if lower else _smooth(0.6, 1.0, np.abs(p.u))
    down = 0.82 * DROP * _jaw_shape(p) * start * outside
    hollow = -0.05 * np.sign(p.x) * _bell(np.abs(p.x) - p.face.jaw * 0.85, 0.3) * _bell(p.v - 0.1, 0.45)
    return 0.5 * hollow, down


def _press(p: Place, lower: bool) -> tuple[Floats, Floats]:
    mouth = p.face.mouth
    gap = mouth.curve(mouth.lower - mouth.upper, p.u) / p.face.unit
    near = _arch(p.u, 0.6) * _fade_from_lips(p, 0.25, 0.3)
    move = -(0.012 + 0.6 * gap) if lower else 0.010 + 0.4 * gap
    thin = -0.018 * np.sign(p.v) * _bell(np.abs(p.v) - (p.face.lower_lip if lower else p.face.upper_lip), 0.09)
    return np.zeros_like(p.u), near * move + thin * _arch(p.u, 0.6)


def _thicker(p: Place, amount: float) -> Floats:
    """Lips that come forward look fuller: their outer borders move away from the line."""
    border = np.where(p.v < 0, p.face.upper_lip, p.face.lower_lip)
    grown = np.clip(p.v / border, -1, 1) * amount
    return np.asarray(grown * _arch(p.u, 0.7) * (1 - _smooth(1.0, 3.2, np.abs(p.v) / border)))


def _narrow(p: Place, amount: float) -> Floats:
    pull = _corner(p.u, 1, 1.5) - _corner(p.u, -1, 1.5)
    return -amount * p.width * pull * _fade_from_lips(p, 0.42, 0.5)


def _funnel(p: Place, lower: bool) -> tuple[Floats, Floats]:
    part = (0.07 if lower else -0.02) * _opening(p.u, 0.7) * _fade_from_lips(p, 0.3, 0.45)
    return _narrow(p, 0.28), part + _thicker(p, 0.03) + _flatten(p, lower, 0.7, 0.25)


def _pucker(p: Place, lower: bool) -> tuple[Floats, Floats]:
    part = (0.03 if lower else -0.006) * _arch(p.u / 0.8, 0.7) * _fade_from_lips(p, 0.3, 0.4)
    return _narrow(p, 0.32), part + _thicker(p, 0.03) + _flatten(p, lower, 0.6, 0.15)


def _stretch(p: Place, lower: bool) -> tuple[Floats, Floats]:
    out = _narrow(p, -0.13)
    return out, _thicker(p, -0.012) - 0.01 * (_corner(p.u, 1) + _corner(p.u, -1)) * _fade_from_lips(p, 0.3, 0.3)


def _smile(side: float) -> Basis:
    def basis(p: Place, lower: bool) -> tuple[Floats, Floats]:
        corner = _corner(p.u, side) * _fade_from_lips(p, 0.62, 0.5)
        eye = p.eyes[0 if side < 0 else 1]
        cheek = _bell(p.x - side * 0.56, 0.36) * _bell(p.y - (eye[1] * 0.48), 0.28)
        dx = side * (0.075 * corner + 0.03 * cheek)
        dy = -0.085 * corner - 0.055 * cheek + 0.012 * _arch(p.u) * _fade_from_lips(p, 0.2, 0.3)
        return dx, dy

    return basis


def _frown(side: float) -> Basis:
    def basis(p: Place, lower: bool) -> tuple[Floats, Floats]:
        corner = _corner(p.u, side) * _fade_from_lips(p, 0.4, 0.5)
        return side * 0.012 * corner, 0.065 * corner

    return basis


def _upper_up(p: Place, lower: bool) -> tuple[Floats, Floats]:
    if lower:
        return np.zeros_like(p.u), np.zeros_like(p.u)
    fade = np.where(p.v < 0, 1 - _smooth(0.0, p.face.nose * 1.15, -p.v), 1.0)
    return np.zeros_like(p.u), -0.075 * _opening(p.u) * fade


def _lower_down(p: Place, lower: bool) -> tuple[Floats, Floats]:
    if not lower:
        return np.zeros_like(p.u), np.zeros_like(p.u)
    fade = np.where(p.v > 0, 1 - _smooth(0.0, p.face.chin, p.v), 1.0)
    return np.zeros_like(p.u), 0.085 * _opening(p.u) * fade


def _roll_lower(p: Place, lower: bool) -> tuple[Floats, Floats]:
    """The lower lip draws in and up: its red grows narrow while the skin below follows."""
    if not lower:
        return np.zeros_like(p.u), np.zeros_like(p.u)
    lip = p.face.lower_lip
    rise = -0.35 * lip * np.clip(p.v / lip, 0, 1) * (1 - _smooth(lip, lip + 0.35, p.v))
    return np.zeros_like(p.u), (rise - 0.006 * _fade_from_lips(p, 0.2, 0.4)) * _arch(p.u, 0.5)


def _cheek(side: float) -> Basis:
    def basis(p: Place, lower: bool) -> tuple[Floats, Floats]:
        eye = p.eyes[0 if side < 0 else 1]
        bump = _bell(p.x - eye[0] * 1.12, 0.34) * _bell(p.y - (eye[1] + 0.36), 0.2)
        return np.zeros_like(p.u), -0.05 * bump

    return basis


def _brow(side: int, ends: tuple[float, float, float], lift: float, inward: float = 0.0) -> Basis:
    """Lifts (or lowers) inner, middle and outer end of a brow by the given shares of `lift`."""

    def basis(p: Place, lower: bool) -> tuple[Floats, Floats]:
        weight = np.zeros_like(p.x)
        for share, (bx, by) in zip(ends, p.brows[side], strict=True):
            up = np.where(p.y < by, _bell(p.y - by, 0.42), _bell(p.y - by, 0.17))
            weight = weight + share * _bell(p.x - bx, 0.24) * up
        sign = -1.0 if side == 0 else 1.0
        return -sign * inward * weight, -lift * weight

    return basis


def _both(one: Basis, other: Basis) -> Basis:
    def basis(p: Place, lower: bool) -> tuple[Floats, Floats]:
        first, second = one(p, lower), other(p, lower)
        return first[0] + second[0], first[1] + second[1]

    return basis


_LEFT, _RIGHT = 1, 0  # the person's left is the picture's right
_BASES: dict[str, Basis] = {
    "lipDrop": _lip_drop,
    "jawDrop": _jaw_drop,
    "press": _press,
    "funnel": _funnel,
    "pucker": _pucker,
    "stretch": _stretch,
    "smileLeft": _smile(1.0),
    "smileRight": _smile(-1.0),
    "frownLeft": _frown(1.0),
    "frownRight": _frown(-1.0),
    "upperUp": _upper_up,
    "lowerDown": _lower_down,
    "rollLower": _roll_lower,
    "cheekLeft": _cheek(1.0),
    "cheekRight": _cheek(-1.0),
    "browInner": _both(_brow(_LEFT, (0.9, 0.25, 0.0), 0.075), _brow(_RIGHT, (0.9, 0.25, 0.0), 0.075)),
    "browOuterLeft": _brow(_LEFT, (0.0, 0.6, 0.7), 0.075),
    "browOuterRight": _brow(_RIGHT, (0.0, 0.6, 0.7), 0.075),
    "browDownLeft": _brow(_LEFT, (0.8, 0.5, 0.1), -0.05, 0.03),
    "browDownRight": _brow(_RIGHT, (0.8, 0.5, 0.1), -0.05, 0.03),
}
