"""The person alone on true black, for a sheet of glass in which black is what one sees through.

The moving matte cuts them out; a soft light runs along their outline, which a dark coat needs to be seen in glass at
all; where the photograph ends they fade out instead of being cut off.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from device.config import Hologram as Settings
from device.face.pose import Pose
from device.face.render import Cutout, Frame
from device.face.scenes.portrait import Place

Grey = NDArray[np.uint8]
"""0..255, shape (height, width)."""

BOTTOM = 0.3
"""Share of the figure's height over which it fades out where the photograph ends below."""
SIDE = 0.14
"""Share of the photograph's width over which it fades out at a side that cuts through the figure."""
RIM = 0.012
"""Width (sigma) of the light along the outline, in shares of the figure's height."""
SMALL = 4
"""The outline's light is blurred at this fraction of the size: it has no detail."""
SEEN = 16
"""Less of a matte than this, of 255, is nothing that anybody sees."""
WIDEST = 0.98
"""The figure is never wider than this share of the picture, whatever size was asked for."""


def place_figure(matte: Grey, picture: tuple[int, int], size: float, x: float = 0.0, y: float = 0.0) -> Place:
    """Where a photograph lies so that the figure in its `matte` is `size` of the height of a `picture` (width, height),
    with its head in the middle and its end at the lower edge; `x`, `y` move it by shares of the picture."""
    height, width = matte.shape
    left, top, right, bottom = figure_box(matte)
    scale = min(size * picture[1] / (bottom - top), max(WIDEST, size) * picture[0] / (right - left))
    scale = max(scale, 16 / min(width, height))  # smaller than a renderer draws, nobody asks for it
    head = figure_box(matte[top : top + max(1, (bottom - top) // 3)])
    middle = (head[0] + head[2]) / 2
    return Place(
        round((0.5 + x) * picture[0] - middle * scale),
        round((1.0 + y) * picture[1] - bottom * scale),
        round(width * scale),
        round(height * scale),
    )


def figure_box(matte: Grey) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of the figure; all of the matte where it is empty."""
    ys, xs = np.flatnonzero((matte > SEEN).any(1)), np.flatnonzero((matte > SEEN).any(0))
    if not len(ys):
        return 0, 0, matte.shape[1], matte.shape[0]
    return int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1


class Hologram:
    """Composes pictures of one size from a person's cutouts."""

    def __init__(
        self,
        person: Cutout,
        matte: Grey,
        place: Place,
        picture: tuple[int, int],
        settings: Settings,
        outlined: bool = True,
    ) -> None:
        """`matte` is the figure's at rest, any size of the photograph's shape; `person.size` must be `place`'s.
        `outlined`: whether light runs along the figure's edge."""
        self._person = person
        self._picture = picture
        self._place = place
        size = (place.width, place.height)
        resting = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
        fade = _fade(resting)
        self._fade = cv2.merge([fade] * 3)
        _, top, _, bottom = figure_box(resting)
        self._sigma = max(0.6, RIM * (bottom - top) / SMALL)
        self._rim = _rim_mask(fade, top, bottom, settings.rim if outlined else 0.0)
        self._colours = _tints(settings.rim_colour)

    def frame(self, pose: Pose, shift: float = 0.0) -> Frame:
        """The whole picture, (height, width, 3) RGB, exactly 0 outside the figure; the caller's to keep. `shift` moves
        the figure to the right, pixels."""
        cut = self._person.person(pose)
        seen = np.asarray(cv2.multiply(cv2.cvtColor(cut, cv2.COLOR_RGBA2RGB), self._fade, scale=1 / 255), np.uint8)
        if self._rim is not None:
            light = self._light(np.asarray(cv2.extractChannel(cut, 3), np.uint8))
            # Added as light is to a photograph ("screen"): white hair is lit without losing its strands.
            seen = np.asarray(cv2.add(seen, cv2.multiply(light, cv2.bitwise_not(seen), scale=1 / 255)), np.uint8)
        return _pasted(_shifted(seen, shift), self._place.x, self._place.y, self._picture)

    def _light(self, alpha: Grey) -> Frame:
        """The outline's light: strong where the figure is and nearly ends."""
        assert self._rim is not None
        size = (alpha.shape[1], alpha.shape[0])
        small = cv2.resize(alpha, (max(1, size[0] // SMALL), max(1, size[1] // SMALL)), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), self._sigma, borderType=cv2.BORDER_REPLICATE)
        ends = cv2.bitwise_not(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR))
        rim = cv2.multiply(cv2.multiply(ends, alpha, scale=2 / 255), self._rim, scale=1 / 255)
        return np.asarray(cv2.LUT(cv2.cvtColor(rim, cv2.COLOR_GRAY2RGB), self._colours), np.uint8)


def _tints(colour: str) -> NDArray[np.uint8]:
    """(256, 1, 3): every brightness of a colour "#rrggbb"."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    shares = np.array([red, green, blue], np.float32) / 255
    return np.asarray(np.rint(np.arange(256)[:, None, None] * shares), np.uint8)


def _shifted(seen: Frame, shift: float) -> Frame:
    """The same moved to the right by pixels and parts of them."""
    if not shift:
        return seen
    matrix = np.array([[1.0, 0.0, shift], [0.0, 1.0, 0.0]])
    return np.asarray(cv2.warpAffine(seen, matrix, (seen.shape[1], seen.shape[0])), np.uint8)


def _pasted(seen: Frame, x: int, y: int, picture: tuple[int, int]) -> Frame:
    """`seen` with its corner at x, y of a black picture (width, height), cut where it reaches beyond."""
    width, height = picture
    out = np.zeros((height, width, 3), np.uint8)
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + seen.shape[1], width), min(y + seen.shape[0], height)
    if x0 < x1 and y0 < y1:
        out[y0:y1, x0:x1] = seen[y0 - y : y1 - y, x0 - x : x1 - x]
    return out


def _fade(matte: Grey) -> Grey:
    """255 where the figure is whole, falling to 0 at every border of the photograph that cuts through it."""
    height, width = matte.shape
    _, top, _, bottom = figure_box(matte)
    down, across = np.ones(height, np.float32), np.ones(width, np.float32)
    if (matte[-2:] > 127).any():
        down *= _ramp((height - 0.5 - np.arange(height)) / (BOTTOM * (bottom - top)))
    if (matte[:2] > 127).any():
        down *= _ramp((np.arange(height) + 0.5) / (SIDE * height))
    if (matte[:, :2] > 127).any():
        across *= _ramp((np.arange(width) + 0.5) / (SIDE * width))
    if (matte[:, -2:] > 127).any():
        across *= _ramp((width - 0.5 - np.arange(width)) / (SIDE * width))
    return np.asarray(np.rint(255 * down[:, None] * across[None, :]), np.uint8)


def _rim_mask(fade: Grey, top: int, bottom: int, strength: float) -> Grey | None:
    """How much of the outline's light is seen where: most on the shoulders, which are often dark, less on the hair."""
    if strength <= 0:
        return None
    y = np.clip((np.arange(len(fade), dtype=np.float32) - top) / max(bottom - top, 1), 0, 1)
    return np.asarray(
        np.rint(fade * (strength * (0.6 + 0.4 * np.sin(np.pi / 2 * np.minimum(2 * y, 1))))[:, None]), np.uint8
    )


def _ramp(x: NDArray[np.float64]) -> NDArray[np.float32]:
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x * x * (3 - 2 * x), np.float32)
