"""Photographs that cannot become a likeness, made by arithmetic; the other half of likeness_inputs."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from tests.support.likeness_inputs import HOPPER, PHOTOS, Image, Make, elder, read, turned

CLOSED_EYES = PHOTOS.parents[2] / "tests" / "data" / "face" / "eyes_closed.jpg"
_SCALE = 4


def _painted(picture: Image, shapes: list[tuple[Any, ...]]) -> Image:
    """Filled ellipses (x, y, half width, half height, angle, colour) in four times the size, softened back."""
    big = cv2.resize(picture, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC)
    for x, y, width, height, angle, colour in shapes:
        centre, axes = (round(x * _SCALE), round(y * _SCALE)), (round(width * _SCALE), round(height * _SCALE))
        cv2.ellipse(big, centre, axes, angle, 0, 360, colour, -1, cv2.LINE_AA)
    return np.asarray(cv2.resize(big, picture.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)


def sunglasses() -> Image:
    dark, glare = (22, 22, 26), (58, 60, 66)
    lenses = [(x, 297, 36, 29, 0, dark) for x in (249, 352)] + [(300, 285, 20, 4, 0, dark)]
    return _painted(elder(), lenses + [(x - 14, 286, 6, 3, -30, glare) for x in (249, 352)])


def sunglasses_in_colour() -> Image:
    """On the other portrait, brown and a little seen through."""
    picture = read(HOPPER)
    lenses = [(x, 196, 38, 30, 0, (44, 26, 18)) for x in (220, 308)]
    return np.asarray(cv2.addWeighted(_painted(picture, lenses), 0.9, picture, 0.1, 0), np.uint8)


def cartoon() -> Image:
    """Flat colours and outlines, as in a children's book."""
    paper = np.full((600, 500, 3), (196, 226, 240), np.uint8)
    skin, ink, white, red = (250, 214, 180), (40, 30, 30), (255, 255, 255), (210, 80, 80)
    head = [(250, 280, 134, 164, 0, ink), (250, 280, 130, 160, 0, skin), (250, 160, 120, 60, 0, (90, 60, 40))]
    eyes = [shape for x in (195, 305) for shape in ((x, 265, 26, 17, 0, ink), (x, 265, 24, 15, 0, white),
            (x, 265, 11, 11, 0, ink), (x, 228, 28, 5, 0, ink))]  # fmt: skip
    return _painted(paper, [*head, *eyes, (250, 310, 12, 24, 0, (236, 190, 150)), (250, 375, 46, 14, 0, red),
                            (250, 371, 44, 3, 0, ink)])  # fmt: skip


def posterised() -> Image:
    """A photograph made into a comic: few colours, hard outlines."""
    picture = elder()
    for _ in range(6):
        picture = np.asarray(cv2.bilateralFilter(picture, 9, 40, 9), np.uint8)
    flat = (picture // 40) * 40 + 20
    lines = cv2.Canny(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 40, 90)
    flat[cv2.dilate(lines, np.ones((2, 2), np.uint8)) > 0] = 20
    return np.asarray(flat, np.uint8)


def microphone() -> Image:
    return _painted(elder(), [(292, 470, 12, 100, 0, (18, 18, 20)), (292, 398, 44, 42, 0, (30, 30, 34))])


def hand() -> Image:
    """Four fingers over the mouth."""
    skin, edge = (206, 158, 122), (150, 96, 66)
    fingers = [(300 + 4 * k, 378 + 21 * k, 78, n, -8, c) for k in range(4) for n, c in ((12, edge), (10.5, skin))]
    return _painted(elder(), fingers)


def mask() -> Image:
    return _painted(elder(), [(294, 398, 84, 62, 0, (150, 196, 214))])


def profile() -> Image:
    return turned(42)


def half_a_face() -> Image:
    return np.ascontiguousarray(elder()[:, 285:])


def two_faces() -> Image:
    return np.hstack([elder(), elder()[:, ::-1]])


def tiny_face() -> Image:
    return np.asarray(cv2.resize(elder(), (240, 300), interpolation=cv2.INTER_AREA), np.uint8)


def no_face() -> Image:
    return read(PHOTOS / "river-ferry.jpg")


def closed_eyes() -> Image:
    return read(CLOSED_EYES)


BAD: dict[str, Make] = {
    "sunglasses": sunglasses,
    "sunglasses in colour": sunglasses_in_colour,
    "cartoon": cartoon,
    "posterised": posterised,
    "microphone": microphone,
    "hand": hand,
    "mask": mask,
    "profile": profile,
    "half a face": half_a_face,
    "two faces": two_faces,
    "tiny face": tiny_face,
    "no face": no_face,
    "closed eyes": closed_eyes,
}
