"""Faces in a photograph, the small ones of a group too, and how good each is for a likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from provisioning.likeness import judge
from provisioning.likeness.geometry import LIDS, LIPS, MOUTH_CORNERS, OVAL, measure
from provisioning.likeness.grain import grain
from provisioning.likeness.landmarks import Detection, FaceReader
from provisioning.likeness.spectacles import find_spectacles
from provisioning.likeness.tones import LUMA, tones
from provisioning.photos.identity import Identity
from provisioning.photos.seen import Face

Image = NDArray[np.uint8]
Floats = NDArray[Any]

MOST = 24
"""Faces of one photograph that are looked at, the largest; a class photograph tells nothing about anybody's looks."""
_PRESENT = 0.6
_SMALLEST = 9.0  # pixels between the eyes: below, nothing can be told
_PARTS = (0.5, 0.28)  # sides of the squares in which smaller faces are looked for, in shares of the shorter side
_JUDGED = 2  # faces of a photograph that are asked for a likeness
_TELLS = 40.0  # pixels between the eyes of a face worth judging
_LEAST, _MOST = 60.0, 100.0  # pixels between the eyes in what is judged: fewer say nothing, more take long
_SMALL = 90.0  # as in `judge.weaknesses`
_TURN = 1.19  # sine of the head's turn over `judge.turn`, which has 0.42 at 30 degrees
_FINE = 64  # pixels between the eyes at which sharpness is measured
_CRISP = 0.0018  # variance of the Laplacian over the face's contrast squared that a sharp photograph has there
_OPEN, _SHUT = 0.27, 0.13  # height over width of an eye


@dataclass(frozen=True, slots=True)
class Meter:
    """What looks at faces."""

    reader: FaceReader
    identity: Identity | None

    def faces(self, picture: Image, scale: float) -> tuple[Face, ...]:
        """From left to right. `picture` is RGB; `scale`: the photograph's pixels for one of its."""
        found = []
        for detection in find(self.reader, picture)[: 2 * MOST]:
            points, presence = self.reader.landmarks(picture, detection)
            unit = float(np.hypot(*(points[473, :2] - points[468, :2])))
            if presence >= _PRESENT and unit >= _SMALLEST and _inside(points, picture):
                found.append((unit, points))
        found = _apart(sorted(found, key=lambda one: -one[0]))[:MOST]
        faces = [self._face(picture, p, scale, at < _JUDGED) for at, (_, p) in enumerate(found)]
        return tuple(sorted(faces, key=lambda face: face.box))

    def _face(self, picture: Image, points: Floats, scale: float, large: bool) -> Face:
        unit = float(np.hypot(*(points[473, :2] - points[468, :2])))
        height, width = picture.shape[:2]
        low, high = points[:468, :2].min(0), points[:468, :2].max(0)
        low[1] -= 0.25 * (high[1] - low[1])  # landmarks end below the hair
        box = np.clip(np.concatenate([low, high]) / (width, height, width, height), 0, 1)
        turned = _turned(points)
        worth = large and unit * scale >= _TELLS and turned < 35
        unfit, remarks = _judged(picture, points, unit, unit * scale) if worth else ("", ())
        return Face(
            box=(round(float(box[0]), 4), round(float(box[1]), 4), round(float(box[2]), 4), round(float(box[3]), 4)),
            eye_distance=round(unit * scale, 1),
            turned=turned,
            sharpness=_sharpness(picture, points, unit * min(scale, 1.0)),
            lit=_lit(picture, points),
            smile=_smile(points, unit),
            eyes_open=_eyes_open(points),
            embedding=self.identity.of(picture, points) if self.identity else (),
            parted=round(float(np.hypot(*(points[14, :2] - points[13, :2]))) / max(unit, 1e-3), 3),
            unfit=unfit,
            remarks=remarks,
            judged=worth,
        )


def find(reader: FaceReader, picture: Image) -> list[Detection]:
    """Largest first. The detector sees 128 x 128 pixels, so a picture is looked at in parts too."""
    height, width = picture.shape[:2]
    found = list(reader.detect(picture))
    for part in _PARTS:
        side = round(min(height, width) * part)
        if side < 64:
            continue
        for y in _starts(height, side):
            for x in _starts(width, side):
                square = np.ascontiguousarray(picture[y : y + side, x : x + side])
                found += [_moved(one, x, y) for one in reader.look(square) if _whole(one, side)]
    return _largest_first(found)


def _starts(length: int, side: int) -> list[int]:
    """Squares that overlap by a half or a little more."""
    count = max(int(np.ceil((length - side) / (side * 0.5))), 0) + 1
    return sorted({round(at) for at in np.linspace(0, length - side, count)})


def _whole(one: Detection, side: int) -> bool:
    """Not cut by the part's border, and not so large that a larger part shows it better."""
    edge = 0.02 * side
    return min(one.box) > -edge and max(one.box) < side + edge and one.side < 0.62 * side


def _moved(one: Detection, x: int, y: int) -> Detection:
    x0, y0, x1, y1 = one.box
    return Detection((x0 + x, y0 + y, x1 + x, y1 + y), one.eyes + np.array([x, y], np.float32), one.score)


def _largest_first(found: list[Detection]) -> list[Detection]:
    """Each place once, by the surest look at it."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda d: -d.score):
        middle = np.array([one.box[0] + one.box[2], one.box[1] + one.box[3]]) / 2
        if all(not _within(middle, other.box) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: -one.side)


def _within(point: Floats, box: tuple[float, float, float, float]) -> bool:
    return bool(box[0] < point[0] < box[2] and box[1] < point[1] < box[3])


def _apart(found: list[tuple[float, Floats]]) -> list[tuple[float, Floats]]:
    """Landmarks of one face that two detections led to, once; the larger first."""
    kept: list[tuple[float, Floats]] = []
    for unit, points in found:
        nose = points[1, :2]
        if all(float(np.hypot(*(nose - other[1, :2]))) > 0.7 * size for size, other in kept):
            kept.append((unit, points))
    return kept


def _inside(points: Floats, picture: Image) -> bool:
    nose, (height, width) = points[1, :2], picture.shape[:2]
    return bool(0 <= nose[0] < width and 0 <= nose[1] < height)


def _turned(points: Floats) -> float:
    sine = np.clip(abs(judge.turn(points)) * _TURN, 0, 1)
    return round(float(np.degrees(np.arcsin(sine))), 1)


def _eyes_open(points: Floats) -> float:
    """Of the eye that is less open: 0 shut, 1 open."""
    ratios = []
    for corners, upper, lower, _ in LIDS:
        height = float(np.hypot(*(points[upper[4], :2] - points[lower[4], :2])))
        ratios.append(height / max(float(np.hypot(*(points[corners[0], :2] - points[corners[1], :2]))), 1e-3))
    return round(float(np.clip((min(ratios) - _SHUT) / (_OPEN - _SHUT), 0, 1)), 3)


def _smile(points: Floats, unit: float) -> float:
    """Corners of the mouth drawn up (over the middle of the lips) and out."""
    across = points[MOUTH_CORNERS[1], :2] - points[MOUTH_CORNERS[0], :2]
    wide = float(np.hypot(*across)) / max(unit, 1e-3)
    eyes = points[473, :2] - points[468, :2]
    down = np.array([-eyes[1], eyes[0]]) / max(float(np.hypot(*eyes)), 1e-3)
    corners = points[list(MOUTH_CORNERS), :2].mean(0)
    lift = float((points[[0, 17], :2].mean(0) - corners) @ down) / max(unit, 1e-3)
    return round(float(np.clip((wide - 0.78) / 0.3, 0, 1) * 0.5 + np.clip((lift - 0.02) / 0.14, 0, 1) * 0.5), 3)


def _sharpness(picture: Image, points: Floats, unit: float) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al. 2000) of the face at a fixed size, over its contrast squared."""
    own = float(np.hypot(*(points[473, :2] - points[468, :2])))
    low, high = points[:468, :2].min(0), points[:468, :2].max(0)
    crop = _cut(picture, low, high)
    if crop.size == 0 or own <= 0:
        return 0.0
    factor = _FINE / own
    size = (max(round(crop.shape[1] * factor), 8), max(round(crop.shape[0] * factor), 8))
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    values = grey.astype(np.float32)
    edges = cv2.Laplacian(cv2.GaussianBlur(values, (0, 0), 1.0), cv2.CV_32F)  # grain is not sharpness
    contrast = max(float(np.percentile(values, 95) - np.percentile(values, 5)), 12.0)
    return round(float(np.clip(np.sqrt(float(edges.var()) / contrast**2 / _CRISP), 0, 1)), 3)


def _cut(picture: Image, low: Floats, high: Floats) -> Image:
    height, width = picture.shape[:2]
    x0, y0 = np.clip(np.floor(low), 0, (width, height)).astype(int)
    x1, y1 = np.clip(np.ceil(high), 0, (width, height)).astype(int)
    return np.ascontiguousarray(picture[y0:y1, x0:x1])


def _lit(picture: Image, points: Floats) -> float:
    """Skin neither dark nor burnt out, and both sides alike."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points[list(OVAL), :2]).astype(np.int32)], (1,))
    cv2.fillPoly(mask, [np.round(points[list(LIPS), :2]).astype(np.int32)], (0,))
    face = mask > 0
    if int(face.sum()) < 50:
        return 0.0
    light = picture.astype(np.float32) @ LUMA
    middle = float(np.median(light[face]))
    burnt = float((light[face] > 250).mean())
    along = points[454, :2] - points[234, :2]
    ys, xs = np.nonzero(face)
    share = ((np.stack([xs, ys], 1) - points[234, :2]) @ along) / max(float(along @ along), 1e-6)
    sides = [float(np.median(light[face][part])) if part.any() else 1.0 for part in (share < 0.45, share > 0.55)]
    even = min(sides) / max(*sides, 1.0)
    bright = np.clip((middle - 35) / 60, 0, 1) * np.clip((252 - middle) / 30, 0, 1)
    return round(float(bright * np.clip((even - 0.25) / 0.5, 0, 1) * (1 - min(4 * burnt, 1.0))), 3)


def _judged(picture: Image, points: Floats, unit: float, whole: float) -> tuple[str, tuple[str, ...]]:
    """Why the likeness would refuse the face, and what it would remark. `whole`: pixels between the eyes in the whole
    photograph."""
    low, high = points[:468, :2].min(0), points[:468, :2].max(0)
    reach = (high - low) * (0.8, 1.0)
    start = np.clip(np.floor(low - reach), 0, None)
    crop, moved = _cut(picture, low - reach, high + reach), points.copy()
    moved[:, :2] -= start
    if not _LEAST <= unit <= _MOST:
        factor = float(np.clip(unit, _LEAST, _MOST)) / unit
        how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        crop = np.asarray(cv2.resize(crop, None, fx=factor, fy=factor, interpolation=how), np.uint8)
        moved *= factor
    face = measure(crop, moved)
    glasses = find_spectacles(crop, moved, face)
    all_ = judge.Found("", crop, moved, 1.0, face, tones(crop, moved, face), grain(crop, moved, face), glasses)
    try:
        judge.refuse(all_)
    except BadInput as error:
        return error.got, ()
    notes = judge.weaknesses(all_, np.zeros(crop.shape[:2], np.uint8))
    codes = [note.code for note in notes if note.code != "small"]
    return "", tuple(codes if whole >= _SMALL else ["small", *codes])
