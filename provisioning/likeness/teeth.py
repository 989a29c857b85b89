"""Teeth from another photograph of the same person: cut out, laid where they are in the skull, matched in colour.

Whether it is the same person is the family's word; no network here would know.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.mouth import lip_shade
from device.face.rig import SAMPLES, Slit
from provisioning.likeness.geometry import PARTED, Measures, measure
from provisioning.likeness.judge import Found
from provisioning.likeness.mouth_art import MouthArt, grain_at, side_light
from provisioning.likeness.tones import LUMA, Tones, tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]

SKULL = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 98, 327)
"""Eye corners and nose: what a smile does not move."""
_AWAY = 0.05  # units of misfit of the skull: a head turned otherwise
_COARSE = 0.55  # of the portrait's own resolution
_ENAMEL = 0.42  # of the skin's light: darker is gap, gum or tongue
_PALE = 0.6  # of the skin's red over green: redder is lip, gum or tongue
_COLOUR = 0.5
_WIDE = 0.5  # units: a row of six teeth; fewer would stand out of the drawn ones
_ASIDE = 0.12  # units that the row may be off the middle of the lips
_MIN_UNIT = 75.0  # pixels between the irises: below it a tooth is three pixels wide
_SOLID = 0.7
_LEAST_SHADE = 0.62  # darker borders are left so, or they would shine once the lips move away
_SHADE = 0.012  # of the layer's width: the upper lip's own shadow, above which the crowns are continued
_FEATHER = 0.012  # units


def borrowed(art: MouthArt, found: Found, picture: Image, points: Floats) -> MouthArt | None:
    """`art` with the upper teeth that `picture` shows; None where it shows none that fit."""
    face = measure(picture, points)
    fit = similarity(points[list(SKULL), :2], found.points[list(SKULL), :2])
    misfit = points[list(SKULL), :2] @ fit[:, :2].T + fit[:, 2] - found.points[list(SKULL), :2]
    off = float(np.sqrt((misfit**2).sum(1).mean())) / found.face.unit
    own = picture is found.picture  # a smile's own teeth must not change when it begins to speak, however few they are
    if face.gap < PARTED or off > _AWAY or (not own and face.unit < max(_COARSE * found.face.unit, _MIN_UNIT)):
        return None
    theirs = tones(picture, points, face)
    mask = _enamel(picture, face, theirs, 0.0 if own else _WIDE)
    if mask is None:
        return None
    upper = art.layers[3]
    size = (upper.shape[1], upper.shape[0])
    into = cv2.invertAffineTransform(art.place.astype(np.float64)) @ np.vstack([fit, [0, 0, 1]])
    seen = cv2.warpAffine(matched(picture, theirs, found.tones), into, size, flags=cv2.INTER_CUBIC)
    share = np.clip(cv2.warpAffine(mask, into, size, flags=cv2.INTER_LINEAR), 0, 1)
    if not (share > _SOLID).any():
        return None
    step = float(np.hypot(*art.place[:, 0]))
    x = (np.arange(size[0]) - size[0] / 2) * step / found.face.unit
    light = side_light(found.tones, x) / np.maximum(side_light(theirs, x), 0.1)
    seen = found.tones.black + (seen - found.tones.black) * light[None, :, None]
    seen = _unshaded(seen, art, found) if own else seen + grain_at(found.grain, upper.shape[:2], step)
    return MouthArt((*art.layers[:3], _laid(upper, np.asarray(seen, np.float32), share)), art.place)


def _unshaded(seen: Floats, art: MouthArt, found: Found) -> Floats:
    """Teeth without the lips' shadow, which the renderer lays over them: at rest they come out as in the photograph."""
    rows, columns = seen.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    at = np.stack([x, y], -1) @ art.place[:, :2].T + art.place[:, 2]
    mouth = found.face.mouth
    upper, lower = mouth.distances(at[..., 0], at[..., 1])
    along = mouth.local(at[..., 0], at[..., 1])[0]
    shade = np.maximum(lip_shade(mouth.half, upper, -lower, along), _LEAST_SHADE)
    return np.asarray(found.tones.black + (seen - found.tones.black) / shade[:, :, None], np.float32)


def similarity(source: Floats, target: Floats) -> Floats:
    """(2, 3): turn, size and place that bring `source` onto `target` with the least squares (Umeyama 1991)."""
    a, b = source - source.mean(0), target - target.mean(0)
    power = float((a * a).sum())
    cos = float((a * b).sum()) / power
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / power
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, target.mean(0) - turn @ source.mean(0)])


def _enamel(picture: Image, face: Measures, theirs: Tones, wide: float) -> Floats | None:
    """0..1 where upper teeth are seen: bright and pale beside skin, in the opening of the lips. None for too
    little of them, and for a picture without the colours that would tell teeth from lips."""
    if theirs.colour < _COLOUR:
        return None
    unit = face.unit
    inside = _opening(picture, face.mouth)
    above = cv2.GaussianBlur(picture, (0, 0), max(0.006 * unit, 0.5)).astype(np.float32) - theirs.black
    skin = np.maximum(theirs.skin - theirs.black, 1.0)
    light = above @ LUMA
    red, skin_red = above[:, :, 0] - above[:, :, 1], float((skin[0] - skin[1]) / (skin @ LUMA))
    enamel = (light > _ENAMEL * float(skin @ LUMA)) & (red < _PALE * skin_red * light) & (inside > 0)
    closed = cv2.morphologyEx(enamel.astype(np.uint8), cv2.MORPH_CLOSE, _square(0.03 * unit))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    x, width = stats[largest, cv2.CC_STAT_LEFT], stats[largest, cv2.CC_STAT_WIDTH]
    if abs(x + width / 2 - face.mouth.centre[0]) > _ASIDE * unit:
        return None
    if width < wide * unit or stats[largest, cv2.CC_STAT_AREA] < 0.4 * inside.sum():
        return None
    inner = cv2.erode((labels == largest).astype(np.float32), _square(0.004 * unit))
    smooth = cv2.GaussianBlur(inner, (0, 0), max(_FEATHER * unit, 1.0))  # an edge without the pixels' steps
    return np.asarray(np.clip((smooth - 0.5) * 2.5 + 0.5, 0, 1), np.float32)


def _opening(picture: Image, mouth: Slit) -> Image:
    """1 between the lips' edges."""
    along, across = mouth.direction()
    middle = np.array(mouth.centre) + np.linspace(-1, 1, SAMPLES)[:, None] * mouth.half * along
    upper, lower = (middle + curve[:, None] * across for curve in (mouth.upper, mouth.lower))
    ring = np.concatenate([upper, lower[::-1]])
    inside = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.round(ring).astype(np.int32)], (1,))
    return inside


def _square(reach: float) -> Image:
    side = 2 * max(round(reach), 1) + 1
    return np.ones((side, side), np.uint8)


def matched(picture: Image, theirs: Tones, ours: Tones) -> Floats:
    """Their picture in our photograph's light: black to black, skin to skin, no more colour than is left in ours."""
    above = np.maximum(picture.astype(np.float32) - theirs.black, 0)
    gain = np.maximum(ours.skin - ours.black, 1) / np.maximum(theirs.skin - theirs.black, 1)
    seen = above * gain
    if ours.colour < theirs.colour:
        own = np.maximum(ours.skin - ours.black, 1.0)
        grey = (above @ LUMA)[:, :, None] * float(gain @ LUMA) * own / float(own @ LUMA)
        keep = ours.colour / theirs.colour
        seen = keep * seen + (1 - keep) * grey
    return np.asarray(np.minimum(ours.black + seen, ours.white), np.float32)


def _laid(drawn: Image, seen: Floats, share: Floats) -> Image:
    """The seen teeth over the drawn ones. Where a lip covered them above, each column of them is continued; below
    them nothing of the drawn ones stays."""
    out = drawn.astype(np.float32)
    solid = share > _SOLID
    there: NDArray[np.bool_] = np.isin(np.arange(share.shape[1]), np.nonzero(solid)[1])
    rows = np.arange(share.shape[0])[:, None]
    shade = round(_SHADE * share.shape[1])
    first = np.where(there, np.minimum(solid.argmax(0) + shade, share.shape[0] - 1), 0)
    last = np.where(there, share.shape[0] - 1 - solid[::-1].argmax(0), 0)
    first = np.minimum(first, last)
    above = (rows < first[None]) & there[None]
    roots = cv2.GaussianBlur(np.take_along_axis(seen, first[None, :, None], 0), (0, 0), 1.0)
    seen = np.where(above[:, :, None], roots, seen)
    column = np.arange(len(there))
    inwards = np.minimum(column - column[there].min(), column[there].max() - column)
    edge = np.clip(inwards / (0.05 * len(there)), 0, 1)[None]
    share = np.where(above, 1.0, share) * edge
    out[:, :, 3] *= 1 - ((rows > last[None]) & there[None]) * edge
    alpha = out[:, :, 3] / 255
    total = share + alpha * (1 - share)
    mixed = seen * share[:, :, None] + out[:, :, :3] * (alpha * (1 - share))[:, :, None]
    out[:, :, :3] = np.where(total[:, :, None] > 1e-3, mixed / np.maximum(total, 1e-3)[:, :, None], out[:, :, :3])
    out[:, :, 3] = 255 * total
    return np.clip(np.round(out), 0, 255).astype(np.uint8)
