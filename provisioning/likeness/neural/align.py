"""A network's picture brought to where the rig has everything, and to the photograph's colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.remap import remap
from provisioning.likeness.geometry import BROWS, LIPS, OVAL
from provisioning.likeness.landmarks import Detection, FaceReader
from provisioning.likeness.neural.signature import OUTPUT
from provisioning.likeness.teeth import SKULL

Image = NDArray[np.uint8]
Floats = NDArray[Any]

# LivePortrait's own framing (crop_config.py of its inference code, 2.3 to 2.5 by version): a square of so many times
# the face's box, moved up by an eighth, upright along the line from the eyes to the lips.
_GROW, _UP = 2.3, 0.125
_JAW = tuple(i for i in OVAL if i not in (10, 338, 297, 332, 284, 251, 389, 162, 21, 54, 103, 67, 109))
_NEAR = 0.045  # units over which a landmark's correction reaches
_GRID = 64  # nodes of the correction's side
_GAIN = (0.6, 1.7)  # what colour correction may do: beyond it the network drew something else
_AWAY, _LIPS_AWAY = 0.16, 0.16  # units off the rig, skull and lips, beyond which a picture is not used
_LIDS_AWAY, _GAP_AWAY = 0.1, 0.07  # of an eye's height over its width, and of lips' gap over a mouth's width,
_GAP_SHARE = 0.35  # or of that share of the gap: lips that must be torn open show lip where teeth should be
_PRESENCE = 0.5
_EYES, _MOUTH = (468, 473), (61, 291)
_LIPS_GAP = (13, 14)
_LIDS_GAP = (((159, 145), (33, 133)), ((386, 374), (362, 263)))  # of each eye: its height and its width


def crop_matrix(points: Floats) -> Floats:
    """(2, 3) from pixels of the photograph to pixels of the network's picture, OUTPUT square."""
    flat = points[:, :2].astype(np.float64)
    down = flat[list(_MOUTH)].mean(0) - flat[list(_EYES)].mean(0)
    down = down / max(float(np.hypot(*down)), 1e-6)
    axes = np.stack([[down[1], -down[0]], down])
    local = flat[[*_JAW, *(i for brow in BROWS for i in brow)]] @ axes.T
    low, high = local.min(0), local.max(0)
    side = float((high - low).max()) * _GROW
    centre = (low + high) / 2 - [0, _UP * side]
    turn = axes * (OUTPUT / side)
    return np.column_stack([turn, np.full(2, OUTPUT / 2 - 0.5) - centre * (OUTPUT / side)])


def cropped(picture: Image, matrix: Floats) -> Image:
    """RGB, OUTPUT square; black beyond the photograph, as the network was taught."""
    scale = float(np.hypot(*matrix[:, 0]))
    if scale < 0.7:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / scale), np.uint8)
    return np.asarray(cv2.warpAffine(picture, matrix, (OUTPUT, OUTPUT), flags=cv2.INTER_LINEAR), np.uint8)


@dataclass(frozen=True, slots=True)
class Colour:
    """Per channel: ours = gain * theirs + offset."""

    gain: Floats
    offset: Floats

    def matched(self, picture: Floats) -> Floats:
        return np.asarray(np.clip(picture * self.gain + self.offset, 0, 255), np.float32)


def colour_of(theirs: Floats, ours: Image, points: Floats) -> Colour:
    """By least squares over the face, from two pictures (OUTPUT, OUTPUT, 3) of one pose; `points` are the face's."""
    inside = cv2.fillConvexPoly(np.zeros((OUTPUT, OUTPUT), np.uint8), _hull(points), (1,)) > 0
    gains, offsets = [], []
    for channel in range(3):
        x = theirs[..., channel][inside].astype(np.float64)
        y = ours[..., channel][inside].astype(np.float64)
        spread = float(x.var())
        slope = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread > 1 else 1.0
        gains.append(float(np.clip(slope, *_GAIN)))
        offsets.append(float(y.mean()) - gains[-1] * float(x.mean()))
    return Colour(np.array(gains, np.float32), np.array(offsets, np.float32))


class Aligner:
    """Finds the landmarks in what the network drew and pulls them to where the rig has them."""

    def __init__(self, reader: FaceReader, points: Floats) -> None:
        """`points` are the photograph's landmarks (478, 3) in the network's picture."""
        self._reader, self._points = reader, points
        self._unit = float(np.hypot(*(points[_EYES[1], :2] - points[_EYES[0], :2])))

    def aligned(self, drawn: Floats, driver: Image, lids: bool = False) -> Floats | None:
        """`drawn` with its face where `driver`'s is, both (OUTPUT, OUTPUT, 3); None where it shows something else:
        another head, lips that are parted otherwise, and where `lids`, eyes that are open otherwise."""
        theirs, sure = self._read(np.asarray(np.clip(np.rint(drawn), 0, 255), np.uint8))
        wanted, _ = self._read(driver)
        away = wanted - theirs
        if sure < _PRESENCE or self._off(away, SKULL) > _AWAY or self._off(away, LIPS) > _LIPS_AWAY:
            return None
        gap = lips_parted(wanted)
        if abs(lips_parted(theirs) - gap) > max(_GAP_AWAY, _GAP_SHARE * gap):
            return None
        if lids and np.abs(np.subtract(eyes_open(theirs), eyes_open(wanted))).max() > _LIDS_AWAY:
            return None
        x, y = np.meshgrid(np.arange(OUTPUT, dtype=np.float32), np.arange(OUTPUT, dtype=np.float32))
        return np.asarray(remap(drawn, np.stack([x, y], -1) - self._spread(wanted, away), cv2.INTER_CUBIC))

    def _read(self, picture: Image) -> tuple[Floats, float]:
        flat = self._points[:, :2]
        (x0, y0), (x1, y1) = flat.min(0), flat.max(0)
        near = Detection((float(x0), float(y0), float(x1), float(y1)), flat[list(_EYES)].astype(np.float32), 1.0)
        points, presence = self._reader.landmarks(picture, near)
        return points[:, :2], presence

    def _off(self, away: Floats, which: tuple[int, ...]) -> float:
        return float(np.hypot(*away[list(which)].T).mean()) / self._unit

    def _spread(self, places: Floats, away: Floats) -> Floats:
        """(OUTPUT, OUTPUT, 2): the landmarks' corrections, weighted by nearness, 0 far from the face."""
        step = OUTPUT / _GRID
        node = (np.arange(_GRID, dtype=np.float32) + 0.5) * step - 0.5
        wide = 2 * (_NEAR * self._unit) ** 2
        across = np.exp(-((node[:, None] - places[None, :, 0]) ** 2) / wide)  # a Gaussian is one of x times one of y
        down = np.exp(-((node[:, None] - places[None, :, 1]) ** 2) / wide)
        total = down @ across.T + 0.05
        moved = np.stack([(down * away[:, axis]) @ across.T / total for axis in (0, 1)], -1)
        return np.asarray(cv2.resize(moved.astype(np.float32), (OUTPUT, OUTPUT), interpolation=cv2.INTER_LINEAR))


def lips_parted(points: Floats) -> float:
    """Gap over the mouth's width: LivePortrait's ratio, on our landmarks."""
    return _ratio(points, _LIPS_GAP, _MOUTH)


def eyes_open(points: Floats) -> tuple[float, float]:
    """Height over width of the picture's left and right eye."""
    left, right = (_ratio(points, *eye) for eye in _LIDS_GAP)
    return left, right


def _ratio(points: Floats, gap: tuple[int, int], width: tuple[int, int]) -> float:
    one, other = (float(np.hypot(*(points[b, :2] - points[a, :2]))) for a, b in (gap, width))
    return one / max(other, 1e-6)


def _hull(points: Floats) -> NDArray[np.int32]:
    return np.asarray(np.rint(points[list(OVAL), :2]), np.int32)
