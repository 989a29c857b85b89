"""What a picture is, by simple measures: a photograph, a screenshot, a written page or a drawing; and its fingerprint.

All limits were set on pictures that were looked at; a doubtful one counts as a photograph, for the family to sort out.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.letters.straighten import flattened

Image = NDArray[np.uint8]
Floats = NDArray[Any]

SIDE = 512
"""Pixels of the longer side in which cues are measured."""
NEAR = 4
"""Bits of 64 in which fingerprints of one picture in two sizes or qualities may differ."""


def fingerprint(picture: Image) -> int:
    """dHash, 64 bits: whether each of 8 x 9 cells is brighter than its right neighbour (Krawetz: "Kind of like that",
    2013)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (small[:, 1:] > small[:, :-1]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def far(a: int, b: int) -> int:
    """Bits in which two fingerprints differ."""
    return (a ^ b).bit_count()


def reduced(picture: Image) -> Image:
    """At most SIDE on the longer side."""
    scale = SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    size = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def flat(picture: Image) -> float:
    """Share of a picture (at its own size) that equals its neighbours below and to the right, bit for bit, where it is
    neither burnt out nor black: no lens leaves that, screens and drawings do."""
    own = picture[:-1, :-1].astype(np.int16)
    equal = ((own == picture[1:, :-1]) & (own == picture[:-1, 1:])).all(2)
    return float(equal.mean()) if equal.size else 1.0


def document(picture: Image) -> float:
    """0..1 that most of it is a written or printed page: bright, nearly colourless paper, with dark strokes that are
    thin, many, and spread over it."""
    small = flattened(reduced(picture))
    if min(small.shape[:2]) < 64:
        return 0.0
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2Lab).astype(np.float32)
    light = lab[..., 0]
    paper = cv2.medianBlur(cv2.dilate(light.astype(np.uint8), np.ones((9, 9), np.uint8)), 31).astype(np.float32)
    share = light / np.maximum(paper, 1)
    bare = share > 0.9
    clean = float((bare & (paper > 90)).mean())
    colour, even = _one_colour(lab[bare][:, 1:]), float(np.percentile(paper, 90) - np.percentile(paper, 10)) / 255
    strokes = _ramp(_strokes(share < 0.8), 20, 50)
    return round(_ramp(clean, 0.62, 0.8) * strokes * colour * (1 - _ramp(even, 0.45, 0.7)), 3)


def _one_colour(tints: Floats) -> float:
    """1 for paper, which has one pale colour all over; 0 for sky over a meadow. (n, 2), Lab's a and b plus 128."""
    if not len(tints):
        return 0.0
    middle = np.median(tints, axis=0)
    spread = float(np.percentile(np.hypot(*(tints - middle).T), 80))
    pale = float(np.hypot(*(middle - 128)))
    return (1 - _ramp(spread, 6, 12)) * (1 - _ramp(pale, 18, 34))


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))


def _strokes(ink: NDArray[np.bool_]) -> float:
    """How many things of the size of writing there are, over at least a third of the height; 0 where big things are."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    boxes = stats[1:]
    sides = boxes[:, 2:4].max(1) if count > 1 else np.zeros(0)
    fit = (boxes[:, 4] >= 3) & (sides >= 3) & (sides <= SIDE // 5) & (boxes[:, 3] <= SIDE // 12)
    if not fit.any():
        return 0.0
    rows = np.unique(boxes[fit, 1] // (SIDE // 32))
    spread = min(len(rows) / 6, 1.0)
    big = float(boxes[~fit, 4].sum()) / max(float(ink.sum()), 1)
    return float(fit.sum()) * spread * (1 - _ramp(big, 0.5, 0.9))


_SCREENS = (16 / 9, 18 / 9, 18.5 / 9, 19 / 9, 19.5 / 9, 19.6 / 9, 20 / 9, 20.5 / 9, 21 / 9, 16 / 10, 4 / 3, 3 / 2)


def kind(picture: Image, named: bool, lossless: bool, camera: bool) -> str:
    """photo, screenshot, document or drawing. `named`: its name says that it is a screenshot; `lossless`: stored
    without loss, as screenshots are; `camera`: a camera says that it made it."""
    if named:
        return "screenshot"
    written = document(picture)
    if camera:
        return "document" if written > 0.5 else "photo"
    smooth = flat(picture)
    tall = max(picture.shape[:2]) / max(min(picture.shape[:2]), 1)
    screen = min(abs(tall - ratio) for ratio in _SCREENS) < 0.012
    if lossless and screen and smooth > 0.45 and min(picture.shape[:2]) >= 320:
        return "screenshot"
    if written > 0.5:
        return "document"
    return "drawing" if smooth > (0.45 if lossless else 0.75) and _few_colours(picture) else "photo"


def _few_colours(picture: Image) -> bool:
    """Sixteen commonest colours make up most of it."""
    small = reduced(picture).astype(np.int32) // 8
    _, counts = np.unique(small.reshape(-1, 3) @ np.array([1024, 32, 1]), return_counts=True)
    return float(np.sort(counts)[-16:].sum()) / float(counts.sum()) > 0.6
