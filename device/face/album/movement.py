"""How a photograph moves on the screen: slowly in or out and a little aside, every face in view all the time. Pure.

A camera window of the screen's shape glides over the photograph in a straight line. Whatever both its first and its
last place contain, all places between contain, so that it is enough to choose these two.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1."""

ZOOM = 1.09
"""From the wide to the close place: over 12 s it is felt rather than seen."""
DRIFT = 0.035
"""Most that the window's middle moves aside, in its own widths: people notice pictures that run away."""
KEEP = 0.6
"""Least share of a photograph that may remain when it fills the screen; below, it is shown whole."""
ROOM = 0.18
"""Kept clear around a face, in its own sizes: hair above, a chin below."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is seen of a photograph, in its pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Move:
    """A window's way."""

    first: Window
    last: Window

    def at(self, share: float) -> Window:
        """The window after `share` 0..1 of the way."""
        a, b = self.first, self.last
        mixed = (p + (q - p) * share for p, q in zip(_numbers(a), _numbers(b), strict=True))
        return Window(*mixed)

    @property
    def closest(self) -> float:
        """Width of the smallest window, pixels of the photograph."""
        return min(self.first.width, self.last.width)


def fills(photo: tuple[int, int], screen: tuple[int, int], faces: Sequence[Box]) -> bool:
    """Whether a photograph (width, height) may be cut to the screen's shape: little is lost, and no face."""
    wide = _widest(photo, screen)
    kept = wide[0] * wide[1] / (photo[0] * photo[1])
    face = around(photo, faces)
    return kept >= KEEP and face[2] - face[0] <= wide[0] and face[3] - face[1] <= wide[1]


def move(photo: tuple[int, int], screen: tuple[int, int], faces: Sequence[Box], chance: random.Random) -> Move:
    """A way for a photograph that `fills` the screen. `faces` are in shares of the photograph."""
    width, height = _widest(photo, screen)
    face = around(photo, faces)
    most = min(width / max(face[2] - face[0], 1.0), height / max(face[3] - face[1], 1.0))
    zoom = max(1.0, min(ZOOM, most))
    close = _placed(photo, (width / zoom, height / zoom), face, chance, None)
    middle = (close.x + close.width / 2, close.y + close.height / 2)
    wide = _placed(photo, (width, height), face, chance, middle)
    return Move(wide, close) if chance.random() < 0.5 else Move(close, wide)


def around(photo: tuple[int, int], faces: Sequence[Box]) -> Box:
    """All faces with some room, in pixels of the photograph; the middle, a little above, where there is none."""
    if not faces:
        x, y = photo[0] / 2, photo[1] * 0.45
        return x, y, x, y
    grown = [
        (a - ROOM * (c - a), b - 2 * ROOM * (d - b), c + ROOM * (c - a), d + ROOM * (d - b)) for a, b, c, d in faces
    ]
    x0, y0 = min(g[0] for g in grown), min(g[1] for g in grown)
    x1, y1 = max(g[2] for g in grown), max(g[3] for g in grown)
    return max(x0, 0.0) * photo[0], max(y0, 0.0) * photo[1], min(x1, 1.0) * photo[0], min(y1, 1.0) * photo[1]


def _widest(photo: tuple[int, int], screen: tuple[int, int]) -> tuple[float, float]:
    """The largest window of the screen's shape."""
    scale = min(photo[0] / screen[0], photo[1] / screen[1])
    return screen[0] * scale, screen[1] * scale


def _placed(
    photo: tuple[int, int],
    size: tuple[float, float],
    face: Box,
    chance: random.Random,
    near: tuple[float, float] | None,
) -> Window:
    """A window of `size` that contains `face`, its middle within DRIFT of `near`, or of the face's."""
    corner = []
    for axis in (0, 1):
        low, high = max(0.0, face[axis + 2] - size[axis]), min(photo[axis] - size[axis], face[axis])
        middle = near[axis] if near is not None else (face[axis] + face[axis + 2]) / 2
        wanted = middle - size[axis] / 2 + chance.uniform(-DRIFT, DRIFT) * size[axis]
        corner.append(min(max(wanted, low), max(low, high)))
    return Window(corner[0], corner[1], size[0], size[1])


def _numbers(window: Window) -> tuple[float, float, float, float]:
    return window.x, window.y, window.width, window.height
