"""The photograph that is talked about, as a print beside the portrait: a light border with the family's words below the
picture, where they hide nobody, and a soft shadow."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from device.face.album.label import written
from device.face.album.slide import Size, read
from device.face.render import Frame
from device.face.scenes.captions import Text
from device.persona.album import Photo

MAT = 0.010
"""Width of the print's border, in the screen's shorter sides."""
PAPER, INK = (243, 239, 230), (52, 48, 44)
LETTERS = 0.024
"""Size of the words', in the same."""
LEAST = 0.25
"""Narrowest picture that has words, in the same."""
SHADOW = 0.028
"""Reach of the shadow, in the same."""


def room(screen: Size, shifted: int) -> tuple[int, int, int, int]:
    """x, y, width, height of the place for a print, beside a portrait that moved aside by so many pixels: to its right,
    on a tall screen above it; smaller where the portrait could not give way."""
    width, height = screen
    if width >= height:
        left = 0.53 if shifted >= 0.15 * width else 0.66
        return round(left * width), round(0.06 * height), round((0.97 - left) * width), round(0.62 * height)
    low = 0.36 if shifted >= 0.1 * height else 0.24
    return round(0.06 * width), round(0.03 * height), round(0.88 * width), round((low - 0.03) * height)


class Card:
    """Drawn once; a frame costs a multiplication and an addition of bytes."""

    def __init__(self, photo: Photo, picture: Frame, screen: Size, shifted: int, language: str = "") -> None:
        """`picture` RGB, any size; `language` of the words on it."""
        unit = min(screen)
        mat, soft = max(2, round(MAT * unit)), max(3, round(SHADOW * unit))
        x, y, width, height = room(screen, shifted)
        across, down = width - 2 * (mat + soft), height - 2 * (mat + soft)
        size, texts = _fitted(picture, photo, (across, down), screen, language)
        method = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_CUBIC
        print_size = (size[0] + 2 * mat, size[1] + 2 * mat + sum(text.height for text in texts))
        whole = (print_size[0] + 2 * soft, print_size[1] + 2 * soft)
        colours = np.zeros((whole[1], whole[0], 3), np.uint8)
        inside = colours[soft : soft + print_size[1], soft : soft + print_size[0]]
        inside[:] = PAPER
        inside[mat : mat + size[1], mat : mat + size[0]] = cv2.resize(picture, size, interpolation=method)
        row = 2 * mat + size[1]
        for text in texts:
            _ink(inside[row : row + text.height, mat : mat + size[0]], text.letters)
            row += text.height
        self._added = colours
        self._alpha = _alpha(whole, soft, print_size)
        left, top = x + (width - whole[0]) // 2, y + (height - whole[1]) // 2
        self._where = (slice(top, top + whole[1]), slice(left, left + whole[0]))

    def draw(self, frame: Frame, strength: float) -> None:
        """Onto a frame of the screen's size, in place; `strength` 0..1."""
        part = frame[self._where]
        kept = cv2.convertScaleAbs(self._alpha, alpha=strength)
        shown = self._added if strength >= 1.0 else cv2.convertScaleAbs(self._added, alpha=strength)
        part[:] = cv2.add(cv2.multiply(part, 255 - kept, scale=1 / 255), shown)


def load(folder: Path, photo: Photo, screen: Size, shifted: int, language: str = "") -> Card:
    """Reads the photograph from the album's `folder`. Raises BadInput."""
    return Card(photo, read(folder / photo.file, min(room(screen, shifted)[2:])), screen, shifted, language)


def _fitted(
    picture: Frame, photo: Photo, room: Size, screen: Size, language: str
) -> tuple[tuple[int, int], list[Text]]:
    """The largest size at which the picture and its words, as wide as it is, fit into `room`; and the words. Half of
    the room at least is the picture's: without words where they would take more."""
    foot, texts = 0, list[Text]()
    for _ in range(3):  # a smaller picture needs more lines, which leave less room for it
        scale = min(room[0] / picture.shape[1], (room[1] - foot) / picture.shape[0])
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        texts = written(photo, size[0], screen, "", language, LETTERS)
        tall = sum(text.height for text in texts)
        if tall <= foot:
            return size, texts
        if size[0] < LEAST * min(screen) or tall > room[1] // 2:
            break
        foot = tall
    scale = min(room[0] / picture.shape[1], room[1] / picture.shape[0])
    return (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))), []


def _ink(paper: Frame, letters: Frame) -> None:
    """Writes onto the paper, in place."""
    share = letters[: paper.shape[0], : paper.shape[1], None].astype(np.float32) / 255
    paper[:] = np.rint(paper * (1 - share) + np.array(INK, np.float32) * share).astype(np.uint8)


def _alpha(whole: Size, soft: int, print_size: Size) -> Frame:
    """255 on the print, fading with its shadow to 0; three channels alike."""
    shade = np.zeros((whole[1], whole[0]), np.uint8)
    low = soft + soft // 3  # the light comes from above
    shade[low : low + print_size[1] - soft // 3, soft : soft + print_size[0]] = 150
    shade = np.asarray(cv2.GaussianBlur(shade, (0, 0), soft / 2.6), np.uint8)
    shade[soft : soft + print_size[1], soft : soft + print_size[0]] = 255
    return np.asarray(cv2.merge([shade] * 3), np.uint8)
