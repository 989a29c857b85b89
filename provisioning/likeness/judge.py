"""Which photographs cannot become a likeness, and what is weak in the others. All limits were set on pictures that were
looked at; what cannot be told soundly (a hand before the mouth, a painting) is not refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from provisioning.likeness.geometry import LIDS, LIPS, OVAL, PARTED, Measures, eye_slit
from provisioning.likeness.grain import Grain
from provisioning.likeness.notes import Note, note
from provisioning.likeness.spectacles import Spectacles
from provisioning.likeness.tones import LUMA, Tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]

_MIN_UNIT = 40.0  # pixels between the irises: below it a mouth is a smudge
_MOST_TURN = 0.42  # nose off the middle of the cheeks, in half widths of the face: about 30 degrees
_SHUT, _NARROW = (
    0.17,
    0.24,
)  # height over width of an eye by its landmarks, which have 0.3 and more open
_FLAT, _FEW = 0.45, 0.6  # share of a face that equals its neighbours bit for bit, and of its eight commonest colours
_DARK = 0.45  # of the skin's light
_MASKED = 25.0  # Lab chroma between the cheeks and what covers the mouth


@dataclass(frozen=True, slots=True)
class Found:
    """All that was measured in a photograph before anything is made of it."""

    name: str
    picture: Image
    points: Floats
    """(478, 3)"""
    presence: float
    face: Measures
    tones: Tones
    grain: Grain
    glasses: Spectacles | None


def refuse(found: Found) -> None:
    """Raises BadInput, with a hint, where no good likeness can come of it."""
    inside = found.points[:468, :2]
    high = np.array(found.picture.shape[1::-1])
    if (inside.min(0) < -4).any() or (inside.max(0) > high + 4).any():
        raise _no(found, "the whole face", "a face cut off by the border", "some room around the head")
    if found.face.unit < _MIN_UNIT:
        raise BadInput(found.name, expected=f"{_MIN_UNIT:.0f} pixels between the eyes", got=f"{found.face.unit:.0f}",
                       hint="scan the print at a higher resolution, or use a closer photograph")  # fmt: skip
    if _is_flat(found):
        raise _no(found, "a photograph", "a drawing in flat colours", "a real face")
    if abs(turn(found.points)) > _MOST_TURN:
        raise _no(found, "a face seen from the front", "one turned far aside", "both eyes and both cheeks in view")
    light = (found.picture.astype(np.float32) - found.tones.black) @ LUMA
    light /= max(float((found.tones.skin - found.tones.black) @ LUMA), 1.0)
    if all(_dark_lens(found, light, side) for side in (0, 1)):
        raise _no(found, "eyes", "dark glasses", "the eyes in view")
    if max(_openings(found.points)) < _SHUT:
        raise _no(found, "open eyes", "closed ones", "open eyes")
    covered = _covered(found, light)
    if covered:
        raise _no(found, "a mouth", covered, "nothing in front of the mouth")


def _no(found: Found, expected: str, got: str, wanted: str) -> BadInput:
    return BadInput(found.name, expected=expected, got=got, hint=f"use a photograph with {wanted}")


def turn(points: Floats) -> float:
    """The nose's place between the cheeks, -1..1 (1 lies on the nose, 234 and 454 before the ears)."""
    left, right, nose = points[234, :2], points[454, :2], points[1, :2]
    along = right - left
    share = float((nose - left) @ along / max(float(along @ along), 1e-6))
    return 2 * share - 1


def eyes_open(found: Found) -> float:
    """Height over width of the eyes' openings, their mean."""
    slits = [eye_slit(found.picture, found.points, side) for side in (0, 1)]
    return float(np.mean([(s.lower - s.upper).max() / (2 * s.half) for s in slits]))


def _openings(points: Floats) -> list[float]:
    """The same by the landmarks alone, which know a closed eye better than any edge does."""
    ratios = []
    for corners, upper, lower, _ in LIDS:
        height = np.hypot(*(points[upper[4], :2] - points[lower[4], :2]))
        ratios.append(float(height / max(np.hypot(*(points[corners[0], :2] - points[corners[1], :2])), 1e-3)))
    return ratios


def _inside(found: Found, landmarks: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(found.picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(found.points[list(landmarks), :2]).astype(np.int32)], (1,))
    return mask > 0


def _is_flat(found: Found) -> bool:
    """Areas of one colour to the last bit, in few colours: no lens and no brush leaves them. Burnt-out white and
    drowned black do not count."""
    picture = found.picture
    own = picture[:-1, :-1]
    equal = ((own == picture[1:, :-1]) & (own == picture[:-1, 1:])).all(2)
    face = _inside(found, OVAL)[:-1, :-1] & (own.max(2) < 252) & (own.min(2) > 3)
    if face.sum() < 100 or float(equal[face].mean()) < _FLAT:
        return False
    counts = np.unique(own[face].astype(np.int32) // 4 @ np.array([4096, 64, 1]), return_counts=True)[1]
    return float(np.sort(counts)[-8:].sum() / counts.sum()) > _FEW


def _dark_lens(found: Found, light: Floats, side: int) -> bool:
    """Eye and the skin around it are all dark."""
    mask = np.zeros(light.shape, np.uint8)
    unit = found.face.unit
    x, y = found.points[LIDS[side][3], :2] + found.face.to_pixels(np.array([0.0, 0.08]))
    cv2.ellipse(mask, (round(x), round(y)), (int(0.26 * unit), int(0.22 * unit)), np.degrees(found.face.angle), 0, 360,
                (1,), -1)  # fmt: skip
    here = light[mask > 0]
    return bool(here.size) and float((here < _DARK).mean()) > 0.88 and float(np.median(here)) < 0.36


def _covered(found: Found, light: Floats) -> str:
    """What is before the mouth, "" for nothing that could be told: a dark thing over all of the lips, or one thing of
    another colour than the cheeks over the lips and what is around them. A beard leaves lips, red lips leave skin."""
    lips, ring = _lips_and_ring(found)
    if not lips.any() or not ring.any():
        return ""
    if float((light[lips] < _DARK).mean()) > 0.9:
        return "something dark in front of it"
    soft = cv2.GaussianBlur(found.picture, (0, 0), max(found.face.unit / 40, 0.5)).astype(np.float32) / 255
    lab = cv2.cvtColor(soft, cv2.COLOR_RGB2Lab)
    y, x = np.clip(found.points[[50, 280, 195], 1::-1].round().astype(int), 0, np.array(lab.shape[:2]) - 1).T
    cheek, mouth, around = (np.median(part, axis=0) for part in (lab[y, x], lab[lips], lab[ring]))
    one_thing = float(np.linalg.norm(mouth - around)) < 5
    unlike = min(float(np.linalg.norm((part - cheek)[1:])) for part in (mouth, around)) > _MASKED
    return "something of another colour in front of it" if one_thing and unlike else ""


def _lips_and_ring(found: Found) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The lips, and what is around them."""
    lips = _inside(found, LIPS)
    side = 2 * max(round(0.1 * found.face.unit), 2) + 1
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return lips, (cv2.dilate(lips.astype(np.uint8), near) > 0) & ~lips


def weaknesses(found: Found, matte: Image) -> list[Note]:
    """What will be less good than it could be."""
    face, tones = found.face, found.tones
    skin = float(tones.skin @ LUMA)
    open_ = _openings(found.points)
    across = float((tones.white - tones.black) @ LUMA)
    codes = {
        "small": face.unit < 90,
        "turned": abs(turn(found.points)) > 0.22,
        "one eye closed": min(open_) < _SHUT,
        "narrow eyes": _SHUT <= min(open_) < _NARROW,
        "lips parted": face.gap > PARTED,
        "dark": skin < 70,
        "faded": across < 150 and skin >= 70,
        "grainy": found.grain.strength > 0.025 * across,
        "blurred": found.grain.blur > 0.02 * face.unit,
        "side light": max(tones.sides) / min(tones.sides) > 2.2,
        "cut hair": bool((matte[0] > 128).any() or (matte[: matte.shape[0] // 3, [0, -1]] > 128).any()),
        "spectacles": found.glasses is not None,
        "lids in shade": _shaded_lids(found),
        "mouth hidden": _no_lips(found),
    }
    return [note(code) for code, true in codes.items() if true]


def _shaded_lids(found: Found) -> bool:
    if found.glasses is None:
        return False
    slits = [eye_slit(found.picture, found.points, side) for side in (0, 1)]
    return min(found.glasses.room(slit, side)[0] for side, slit in enumerate(slits)) < 0.12 * found.face.unit


def _no_lips(found: Found) -> bool:
    lips, ring = _lips_and_ring(found)
    if not lips.any() or not ring.any():
        return True
    away = np.median(found.picture[lips], axis=0) - np.median(found.picture[ring], axis=0)
    return float(np.abs(away).max()) < 0.015 * float((found.tones.white - found.tones.black) @ LUMA)
