"""One eye at the frame's size: the iris moves in the white, the lids slide over it.

The lids move along the eye's own vertical only, so turning their movement around is a matter of one number a pixel.
The skin above the upper lid stretches down as one piece up to the brow, so a closed eye shows the person's real lid.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.canvas import Fit
from device.face.pose import INDEX, Pose
from device.face.remap import remap
from device.face.rig import Eye, Slit

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

_MEET = 0.86  # where the lids meet, in shares of the opening from the upper lid's rest down to the lower one's
_LOOK = (0.64, 0.42)  # iris travel in iris radii at gaze 1: 12 mm * sin(25 degrees) over 5.9 mm, a little less
_LID_LIGHT = 0.8  # of the light on the skin below the eye, that a closed lid has at least
_FOLLOW_DOWN, _FOLLOW_UP, _WIDE = 0.42, 0.12, 0.16


@dataclass(frozen=True, slots=True)
class Lids:
    """How far the lids have come from their rest, in openings."""

    upper: float
    """0 rest, 1 met; below 0 wider than in the photograph."""
    lower: float
    """0 rest, 1 met; below 0 lowered."""


def lids_of(pose: Pose, side: str) -> Lids:
    """The lids that a limited pose asks for; `side` is the person's, "Left" or "Right"."""
    blink, wide = float(pose[INDEX["eyeBlink" + side]]), float(pose[INDEX["eyeWide" + side]])
    down = float(pose[INDEX["gazeY"]])
    follow = _FOLLOW_DOWN * down if down > 0 else _FOLLOW_UP * down
    smile = 0.16 * float(pose[INDEX["cheekSquint" + side]]) + 0.1 * float(pose[INDEX["mouthSmile" + side]])
    open_lid = follow - _WIDE * wide
    upper = blink + (1 - blink) * open_lid
    lower = blink + (1 - blink) * (smile / (1 - _MEET) * 0.6 - 0.6 * max(down, 0.0) - 0.3 * wide)
    return Lids(upper, lower)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The opening's geometry at each pixel of the patch, frame pixels along the eye's own vertical."""

    v: Floats
    upper: Floats
    lower: Floats
    meet: Floats
    """Where the lids meet when they close."""
    arch: Floats
    """1 over the eye, easing to 0 at its corners."""
    own: Floats
    """(h, w, 2): the pixels' own places in the patch."""
    across: Floats
    """(2,): the eye's vertical in the picture."""
    half: float
    reach: tuple[float, float]

    @property
    def gap(self) -> float:
        return float((self.lower - self.upper).max())


@dataclass(frozen=True, slots=True)
class Globe:
    """The eyeball: its white, and the iris (premultiplied) that travels over it."""

    ball: Floats
    iris: Floats
    alpha: Floats
    travel: Floats
    """(2,): pixels at gaze 1."""


class EyePatch:
    """Draws one eye into a picture of the frame's size."""

    def __init__(self, eye: Eye, place: Fit, side: str, photo: Image) -> None:
        self.side = side
        """The person's: "Left" or "Right"."""
        self._drawn_last = (Lids(0.0, 0.0), (0.0, 0.0))
        self.slit = slit = eye.slit.scaled(place.scale, place.dx, place.dy)
        self.rect = _patch_rect(eye, place, slit.half)
        x0, y0, x1, y1 = self.rect
        self.reach = (eye.reach[0] * place.scale, eye.reach[1] * place.scale)
        self._shape = _shape(slit, self.rect, self.reach)
        self.photo = photo[y0:y1, x0:x1].copy()
        self.calm = _calm_lid(self.photo, self._shape)
        self.globe = _globe(eye, place, self.rect)
        self.lash = np.percentile(self.photo.reshape(-1, 3), 4, axis=0).astype(np.float32) * np.float32(0.6)

    def draw(self, pose: Pose, picture: Image) -> None:
        """Overwrites the eye's place in `picture`, the one picture that is given on every call and otherwise holds the
        photograph at the frame's size."""
        lids = lids_of(pose, self.side)
        look = (float(pose[INDEX["gazeX"]]), float(pose[INDEX["gazeY"]]))
        x0, y0, x1, y1 = self.rect
        if (lids, look) == self._drawn_last:
            return  # eyes rest between movements, and what was drawn is still there
        self._drawn_last = (lids, look)
        if lids == Lids(0.0, 0.0) and look == (0.0, 0.0):
            picture[y0:y1, x0:x1, :3] = self.photo
            return
        picture[y0:y1, x0:x1, :3] = self._drawn(lids, look)

    def strained(self, lids: Lids) -> tuple[float, float]:
        """How far the upper lid has come at its middle, pixels, and the share 0..1 of its streaks to smooth away."""
        shape = self._shape
        move = lids.upper * _MEET * shape.gap
        return move, float(np.clip((2 * move / shape.reach[0] - 1.1) / 1.4, 0, 1))

    def _drawn(self, lids: Lids, look: tuple[float, float]) -> Image:
        shape = self._shape
        from_upper = self._came_from(lids.upper * (shape.meet - shape.upper), shape.upper, shape.reach[0], -1.0)
        from_lower = self._came_from(lids.lower * (shape.meet - shape.lower), shape.lower, shape.reach[1], 1.0)
        upper, lower, ball = self._open(from_upper, from_lower)
        out = self._eyeball(look)
        below = shape.v - from_upper - shape.upper  # how far under the upper lid's edge
        shade = 1 - 0.4 * min(max(lids.upper, 0.0), 1.0) * np.exp(-np.maximum(below, 0) / (0.22 * shape.half))
        out *= (shade * ball)[:, :, None]
        out += self._moved(self.photo, from_lower) * lower[:, :, None]
        out += self._upper_lid(lids, from_upper) * (self._lid_light(lids, below) * upper)[:, :, None]
        self._draw_lashes(out, lids, below)
        return np.clip(np.round(out), 0, 255).astype(np.uint8)

    def _came_from(self, move: Floats, edge: Floats, reach: float, outward: float) -> Floats:
        """How far each pixel's skin has moved along the eye's vertical: `move` at the lid's edge, farther out with the
        square of the remaining share of `reach`; that quadratic is solved for where the pixel came from."""
        shape = self._shape
        up = -outward
        depth, m = up * (edge - shape.v), up * move
        root = np.sqrt(np.maximum(reach * reach + 4 * m * (reach - depth), 0.01 * reach * reach))
        share = np.clip(2 * (reach - depth) / (reach + root), 0, 1)
        return np.asarray(move * share * share, np.float32)

    def _open(self, from_upper: Floats, from_lower: Floats) -> tuple[Floats, Floats, Floats]:
        """Coverage 0..1 of upper lid, lower lid and eyeball; the upper lid lies over the lower one."""
        shape = self._shape
        upper = np.clip(0.5 - (shape.v - from_upper - shape.upper), 0, 1)
        lower = np.clip(0.5 + (shape.v - from_lower - shape.lower), 0, 1)
        lower = np.minimum(lower, 1 - upper)
        return upper, lower, 1 - upper - lower

    def _upper_lid(self, lids: Lids, from_upper: Floats) -> Floats:
        """The stretched lid. Where little skin has to reach far (behind spectacles) its streaks are smoothed away."""
        shape = self._shape
        skin = self._moved(self.photo, from_upper)
        move, share = self.strained(lids)
        if share <= 0:
            return skin
        here = np.clip(2 * from_upper / move, 0, 1) * shape.arch * share
        return np.asarray(skin + (self._moved(self.calm, from_upper) - skin) * here[:, :, None], np.float32)

    def _moved(self, skin: Image, back: Floats) -> Floats:
        shape = self._shape
        source = shape.own - back[:, :, None] * shape.across
        return remap(skin, source, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE).astype(np.float32)

    def _eyeball(self, look: tuple[float, float]) -> Floats:
        shape = self._shape
        globe = self.globe
        shift = np.array(look, np.float32) * globe.travel
        if not shift.any():
            return np.asarray(globe.iris + (1 - globe.alpha) * globe.ball, np.float32)
        source = shape.own - shift
        iris = remap(globe.iris, source, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
        alpha = remap(globe.alpha, source, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
        return iris + (1 - alpha[:, :, None]) * globe.ball

    def _lid_light(self, lids: Lids, below: Floats) -> Floats:
        """A closed lid is round over the eye: a little darker towards its edge."""
        shape = self._shape
        shut = float(np.clip(lids.upper, 0, 1))
        edge = np.exp(-(((below + 0.10 * shape.half) / (0.16 * shape.half)) ** 2))
        return np.asarray(1 - 0.10 * shut * edge * shape.arch, np.float32)

    def _draw_lashes(self, out: Floats, lids: Lids, below: Floats) -> None:
        shape = self._shape
        shut = float(np.clip(lids.upper * 1.6, 0, 1))
        width = max(0.045 * shape.half, 0.7)
        line = np.exp(-(((below + 0.1 * width) / width) ** 2)) * shape.arch * (0.62 * shut)
        out *= (1 - line)[:, :, None]
        out += line[:, :, None] * self.lash


def _calm_lid(photo: Image, shape: _Shape) -> Image:
    """The lid's skin without its streaks. What lies in the shade of a spectacle rim is lit as the skin below the eye
    is, for a closing lid comes out of that shade."""
    calm = cv2.GaussianBlur(photo, (0, 0), max(0.12 * shape.half, 0.5), sigmaY=0.5)
    over = shape.arch > 0.5
    lid = over & (shape.v < shape.upper - 1) & (shape.v > shape.upper - max(shape.reach[0], 2))
    cheek = over & (shape.v > shape.lower + 0.15 * shape.half) & (shape.v < shape.lower + max(shape.reach[1], 3))
    if not lid.any() or not cheek.any():
        return np.asarray(calm, np.uint8)
    shaded, lit = np.median(photo[lid], axis=0), np.median(photo[cheek], axis=0)
    gain = np.clip(_LID_LIGHT * lit / np.maximum(shaded, 1), 1.0, 2.5)
    return np.asarray(np.clip(np.round(calm * gain), 0, 255), np.uint8)


def _patch_rect(eye: Eye, place: Fit, half: float) -> tuple[int, int, int, int]:
    """The part of the frame that the eye's layers cover."""
    x, y, width, height = eye.rect
    low = place.to_frame(np.array([x, y], np.float32))
    high = place.to_frame(np.array([x + width, y + height], np.float32))
    frame_width, frame_height = place.frame
    x0, y0 = (int(np.clip(c, 0, m - 4)) for c, m in zip(np.floor(low), (frame_width, frame_height), strict=True))
    x1, y1 = (int(np.clip(c, 4, m)) for c, m in zip(np.ceil(high), (frame_width, frame_height), strict=True))
    return x0, y0, max(x1, x0 + 4), max(y1, y0 + 4)


def _shape(slit: Slit, rect: tuple[int, int, int, int], reach: tuple[float, float]) -> _Shape:
    x0, y0, x1, y1 = rect
    xs, ys = np.meshgrid(np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32))
    u, v = slit.local(xs, ys)
    arch = np.clip((1 - u * u) * 2.5, 0, 1).astype(np.float32)
    own = np.stack([xs - x0, ys - y0], -1)
    upper, lower = slit.curve(slit.upper, u), slit.curve(slit.lower, u)
    return _Shape(v, upper, lower, slit.curve(meeting(slit), u), arch, own, slit.direction()[1], slit.half, reach)


def meeting(slit: Slit) -> Floats:
    """(SAMPLES,) Where closing lids meet: one arc from corner to corner, whatever waves the open lids' edges have."""
    x = np.linspace(-1, 1, len(slit.upper))
    line = slit.upper + _MEET * (slit.lower - slit.upper)
    arc = np.polyval(np.polyfit(x, line, 2), x)
    return np.asarray(line + (arc - line) * np.clip((1 - np.abs(x)) * 5, 0, 1), np.float32)


def _globe(eye: Eye, place: Fit, rect: tuple[int, int, int, int]) -> Globe:
    """The eye's layers at the frame's scale, cut to the patch."""
    x0, y0, x1, y1 = rect
    first = place.to_frame(np.array([eye.rect[0], eye.rect[1]], np.float32))
    matrix = np.array([[place.scale, 0, first[0] - x0], [0, place.scale, first[1] - y0]], np.float64)
    method, size = (cv2.INTER_AREA if place.scale < 0.7 else cv2.INTER_LINEAR), (x1 - x0, y1 - y0)
    ball = cv2.warpAffine(eye.ball, matrix, size, flags=method, borderMode=cv2.BORDER_REPLICATE)
    disc = cv2.warpAffine(eye.disc, matrix, size, flags=method, borderMode=cv2.BORDER_CONSTANT)
    alpha = np.asarray(disc[:, :, 3:], np.float32) / np.float32(255)
    iris = np.asarray(disc[:, :, :3], np.float32) * alpha
    travel = np.array(_LOOK, np.float32) * np.float32(eye.iris[2] * place.scale)
    return Globe(np.asarray(ball, np.float32), iris, alpha, travel)
