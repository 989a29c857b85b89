"""Eyes: white, iris, pupil and the light that makes them alive."""

from __future__ import annotations

import numpy as np

from .mesh import Floats, floats
from .noise import smoothstep, unit

_IRIS = 0.425
_PUPIL = 0.150


def _turned(rest: Floats, gaze: tuple[float, float]) -> Floats:
    """Places on the ball seen along the gaze (yaw to the sitter's left, pitch up; radians)."""
    yaw, pitch = gaze
    forward = floats([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    right = unit(np.cross(floats([0, 1, 0]), forward))
    return floats(np.stack([rest @ right, rest @ np.cross(forward, right), rest @ forward], axis=-1))


def colour(rest: Floats, gaze: tuple[float, float], seed: int) -> tuple[Floats, Floats]:
    """Colour (n, 3) and how far inside the cornea (n,) of places (n, 3) on the unit ball."""
    place = _turned(unit(rest), gaze)
    radius = np.hypot(place[:, 0], place[:, 1]) + (place[:, 2] < 0) * 9
    angle = np.arctan2(place[:, 1], place[:, 0])
    rng = np.random.default_rng(seed)
    rays = sum(
        (np.cos(k * angle + rng.uniform(0, 6.3) + 2.0 * radius) * rng.uniform(0.3, 1) for k in (9, 14, 23, 31, 47, 64)),
        np.zeros_like(angle),
    )
    inward = np.clip((radius - _PUPIL) / (_IRIS - _PUPIL), 0, 1)
    iris = floats((0.050, 0.023, 0.011)) * (1 + 0.16 * rays[:, None]) * (1.35 - 0.55 * inward[:, None])
    iris += floats((0.035, 0.017, 0.006)) * np.exp(-(((inward[:, None] - 0.25) / 0.22) ** 2))
    below = smoothstep(0.25, -0.9, place[:, 1] / _IRIS)[:, None]
    iris *= 0.75 + 1.0 * below * np.clip(inward[:, None] * 1.4, 0, 1)
    ring = smoothstep(0.80, 1.02, radius / _IRIS)[:, None]
    iris = iris * (1 - ring) + floats((0.022, 0.016, 0.014)) * ring
    halo = np.exp(-(((radius / _IRIS - 0.99) / 0.07) ** 2))[:, None]
    iris = iris + halo * 0.015 * floats((0.8, 0.95, 1.1))
    pupil = smoothstep(_PUPIL * 0.88, _PUPIL * 1.12, radius)[:, None]
    iris = iris * pupil + 0.004 * (1 - pupil)
    corner = smoothstep(0.35, 0.95, np.abs(place[:, 0]))[:, None]
    white = floats((0.60, 0.52, 0.45)) * (1 - corner) + floats((0.50, 0.30, 0.235)) * corner
    veins = np.clip(
        sum(
            (np.cos(k * place[:, 1] * 9 + 3 * np.sin(6 * place[:, 0] + k) + rng.uniform(0, 6)) for k in (3, 5, 7)),
            np.zeros_like(angle),
        )
        - 1.6,
        0,
        1,
    )
    white = white * (1 - 0.16 * veins[:, None] * corner * floats((0.2, 1, 1)))
    inside = smoothstep(1.06, 0.97, radius / _IRIS)
    return (white * (1 - inside[:, None]) + iris * inside[:, None]).astype(np.float32), inside


def lights(rest: Floats, gaze: tuple[float, float]) -> Floats:
    """The window's reflection on the cornea and the room's faint one opposite, (n,) in 0..1."""
    place = _turned(unit(rest), gaze)
    x, y = place[:, 0], place[:, 1]
    window = smoothstep(0.095, 0.035, np.abs(x + 0.140 - 0.15 * y)) * smoothstep(0.110, 0.050, np.abs(y - 0.135))
    radius = np.hypot(x, y)
    room = np.exp(-(((radius - 0.30) / 0.05) ** 2)) * smoothstep(
        0.2, 0.9, (x * 0.75 - y * 0.66) / np.maximum(radius, 1e-3)
    )
    return np.asarray(np.where(place[:, 2] > 0, window + 0.03 * room, 0), np.float32)
