"""One picture of a page -> what is written on it, for a person to look over beside the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.letters.order import is_vertical, lines
from provisioning.letters.page import Line, Page
from provisioning.letters.reader import Reader, Word
from provisioning.letters.straighten import straighten

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_POOR = 0.75  # mean certainty below which the page is looked at from its other sides too
_LEAST = 0.3  # certainty below which what was read is a stain
_COLUMNS, _SIGNS = 4, 6  # longest columns, and signs of each, by which it is told whether a page lies on its side
_NOTHING = "no writing was found"


def read(picture: Image, reader: Reader, path: str, sha256: str) -> tuple[Page, Image]:
    """The page and the straightened picture in which its boxes lie. `picture` is RGB, upright as its camera says."""
    sheet = straighten(picture)
    words, turn = _best_side(sheet, reader)
    sheet = _turned(sheet, turn)
    words = [word for word in words if word.sure >= _LEAST]
    vertical = is_vertical(words)
    size = (sheet.shape[1], sheet.shape[0])
    found: tuple[Line, ...] = lines(words, size, vertical) if words else ()
    return Page(path, sha256, found, vertical and bool(found), "" if found else _NOTHING, turn), sheet


def _best_side(sheet: Image, reader: Reader) -> tuple[list[Word], int]:
    """Words, and degrees by which the sheet was turned to the right for them."""
    words, turn = reader.words(sheet), 0
    if is_vertical(words):
        turn = _lying(sheet, words, reader)
        if turn:
            words = reader.words(_turned(sheet, turn))
    elif _on_its_head(words):
        turn = 180
        words = reader.words(_turned(sheet, turn))
    if _certainty(words) >= _POOR or not _inked(sheet):
        return words, turn
    best, at = words, turn
    for other in {90, 180, 270} - {turn}:
        again = reader.words(_turned(sheet, other))
        if _worth(again) > 1.25 * _worth(best):
            best, at = again, other
    return best, at


def _on_its_head(words: Sequence[Word]) -> bool:
    return 2 * sum(len(word.text) for word in words if word.flipped) > sum(len(word.text) for word in words)


def _certainty(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.sure * len(word.text) for word in words) / letters if letters else 0.0


def _worth(words: Sequence[Word]) -> float:
    return sum(word.sure**2 * len(word.text) for word in words)


def _inked(sheet: Image) -> bool:
    return float((cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY) < 150).mean()) > 0.001


def _turned(sheet: Image, degrees: int) -> Image:
    return np.ascontiguousarray(np.rot90(sheet, -degrees // 90)) if degrees else sheet


def _lying(sheet: Image, words: Sequence[Word], reader: Reader) -> int:
    """Degrees to the right that bring a sideways page upright; 0 for true columns. Latin letters never stand in
    columns; Chinese signs are read one by one, turned each way, to see how they stand. The reader knows signs that
    stand and, from columns, signs that lie to the left, but none that lie to the right."""
    columns = sorted((word for word in words if word.upright), key=lambda word: -len(word.text))
    if not any("\u2e80" <= sign <= "\u9fff" for word in columns for sign in word.text):
        return 90 if _on_its_head(columns) else 270  # a tall line is turned to the left to be read
    pieces = [piece for word in columns[:_COLUMNS] for piece in _signs_of(sheet, word)]
    if not pieces:
        return 0
    sums = {turn: sum(reader.signs([_turned(piece, turn) for piece in pieces])) for turn in (0, 90, 180, 270)}
    return max((0, 90, 270), key=lambda turn: sums[turn] + sums[(turn + 270) % 360] - sums[(turn + 90) % 360])


def _signs_of(sheet: Image, word: Word) -> list[Image]:
    """Squares from the beginning of a column, as many as it has signs."""
    x0, y0, x1, y1 = (round(v) for v in word.box)
    pitch = (y1 - y0) / len(word.text)
    found = []
    for number in range(min(len(word.text), _SIGNS)):
        top, bottom = max(round(y0 + (number - 0.08) * pitch), 0), round(y0 + (number + 1.08) * pitch)
        piece = sheet[top:bottom, max(x0, 0) : x1]
        if min(piece.shape[:2]) >= 8:
            found.append(np.ascontiguousarray(piece))
    return found
