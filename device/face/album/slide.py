"""Photographs made ready for the screen, once each: read no larger than needed, laid into the part they fill.

Then a frame costs one affine warp a photograph.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from device.errors import BadInput
from device.face.album.movement import Box, Move, fills, move
from device.face.render import Frame
from device.persona.album import Photo
from device.persona.store import opening

MOST_PIXELS = 16 << 20
"""Of a photograph as it is decoded: 48 MB. The builder makes them smaller than that."""
GAP = 0.006
"""Between two photographs, in widths of the screen."""
DIM = 0.42
"""Brightness of a photograph's own colours around it, where it is shown whole."""
BORDER = 0.035
"""Least room around one that is shown whole, in the shorter sides of its pane."""
SHADOW, COARSE = 0.6, 8
"""Of a photograph on its backdrop, and the pixels in one of the grid it is drawn on."""

Size = tuple[int, int]
"""(width, height), pixels."""


@dataclass(frozen=True, slots=True)
class Pane:
    """A part of the screen with one photograph."""

    x: int
    y: int
    size: Size
    picture: Frame
    """(h, w, 3) RGB, large enough for the closest window of the move."""
    move: Move
    photo: Photo

    def draw(self, frame: Frame, share: float) -> None:
        """Onto a frame of the screen's size, after `share` 0..1 of the move."""
        window, (width, height) = self.move.at(share), self.size
        scale = window.width / width
        # Pixel centres lie at whole numbers in both.
        matrix = np.array(
            [[scale, 0, window.x + 0.5 * scale - 0.5], [0, scale, window.y + 0.5 * scale - 0.5]], np.float64
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(self.picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        frame[self.y : self.y + height, self.x : self.x + width] = seen


def panes(pictures: Sequence[tuple[Photo, Frame]], screen: Size, seed: int) -> tuple[Pane, ...]:
    """At most two photographs, each read with the size that `wanted` says, in the parts of the screen they fill."""
    chance = random.Random(seed)
    return tuple(
        _pane(picture, photo, place, chance)
        for (photo, picture), place in zip(pictures, places(len(pictures), screen), strict=True)
    )


def wanted(count: int, screen: Size) -> int:
    """Pixels on its shorter side that a photograph of a slide of `count` has a use for."""
    return max(round(1.15 * max(width, height)) for _, _, width, height in places(count, screen))


def places(count: int, screen: Size) -> tuple[tuple[int, int, int, int], ...]:
    """x, y, width, height of at most two panes: side by side, on a tall screen one above the other."""
    width, height = screen
    if count < 1:
        return ()
    if count == 1:
        return ((0, 0, width, height),)
    gap = max(2, round(GAP * width))
    if width >= height:
        half = (width - gap) // 2
        return (0, 0, half, height), (width - half, 0, half, height)
    half = (height - gap) // 2
    return (0, 0, width, half), (0, height - half, width, half)


def read(path: Path, shorter: int) -> Frame:
    """RGB, upright; where the format allows it no larger than needed for `shorter` pixels on its shorter side.

    Raises BadInput."""
    try:
        with Image.open(io.BytesIO(opening.read_file(path))) as image:
            if image.format == "JPEG":
                shrink = min(image.size) / max(shorter, 1)
                image.draft("RGB", (max(1, int(image.width / shrink)), max(1, int(image.height / shrink))))
            if image.width * image.height > MOST_PIXELS:
                got = f"{image.width} x {image.height}"
                raise BadInput(str(path), expected=f"at most {MOST_PIXELS} pixels", got=got, hint="build it again")
            return np.ascontiguousarray(np.asarray(ImageOps.exif_transpose(image).convert("RGB"), np.uint8))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(str(path), expected="a photograph", got=str(error) or type(error).__name__) from None


def _pane(picture: Frame, photo: Photo, place: tuple[int, int, int, int], chance: random.Random) -> Pane:
    x, y, width, height = place
    size = (picture.shape[1], picture.shape[0])
    faces: tuple[Box, ...] = photo.faces
    if not fills(size, (width, height), faces):
        picture, faces = _whole(picture, (width, height), faces)
        size = (picture.shape[1], picture.shape[0])
    way = move(size, (width, height), faces, chance)
    shrink = min(1.0, 1.02 * width / way.closest)
    if shrink < 1.0:  # once here and well, so that a frame only has to move it
        small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        picture = np.asarray(small, np.uint8)
        way = move((picture.shape[1], picture.shape[0]), (width, height), faces, chance)
    return Pane(x, y, (width, height), picture, way, photo)


def _whole(picture: Frame, pane: Size, faces: tuple[Box, ...]) -> tuple[Frame, tuple[Box, ...]]:
    """The whole photograph on its own colours, blurred and dimmed, in the pane's shape; and where its faces then
    are."""
    height, width = picture.shape[:2]
    inset = 1 - 2 * BORDER
    scale = min(pane[0] * inset / width, pane[1] * inset / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    left, top = (pane[0] - size[0]) // 2, (pane[1] - size[1]) // 2
    out = _backdrop(picture, pane, (left, top, *size))
    out[top : top + size[1], left : left + size[0]] = cv2.resize(picture, size, interpolation=method)
    moved = tuple(
        (
            (left + a * size[0]) / pane[0],
            (top + b * size[1]) / pane[1],
            (left + c * size[0]) / pane[0],
            (top + d * size[1]) / pane[1],
        )
        for a, b, c, d in faces
    )
    return out, moved


def _backdrop(picture: Frame, pane: Size, place: tuple[int, int, int, int]) -> Frame:
    """The photograph's colours over the whole pane, too soft to be read, with a shadow around its `place`."""
    small: NDArray[np.uint8] = np.asarray(cv2.resize(picture, (48, 48), interpolation=cv2.INTER_AREA), np.uint8)
    soft = cv2.GaussianBlur(small, (0, 0), 6.0, borderType=cv2.BORDER_REFLECT)
    wide = cv2.resize(soft.astype(np.float32) * np.float32(DIM), pane, interpolation=cv2.INTER_CUBIC)
    x, y, width, height = (side // COARSE for side in place)
    lit = np.ones((pane[1] // COARSE + 1, pane[0] // COARSE + 1), np.float32)
    lit[y : y + height + 2, x : x + width + 1] = 1 - SHADOW
    shade = cv2.GaussianBlur(lit, (0, 0), 0.012 * max(pane) / COARSE + 0.5, borderType=cv2.BORDER_REPLICATE)
    shade = cv2.resize(shade, pane, interpolation=cv2.INTER_LINEAR)
    grain = np.random.default_rng(1).normal(0.0, 0.7, (pane[1], pane[0], 1)).astype(np.float32)  # against banding
    return np.asarray(np.clip(wide * shade[:, :, None] + grain, 0, 255), np.uint8)
