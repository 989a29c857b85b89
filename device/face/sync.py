"""How well the lips fit the sound, measured on finished frames.

The mouth's opening is taken from the pictures (landmarks where a finder is at hand, else the darkness of the mouth),
the command from the visemes' audio times through the same co-articulation; both are brought to ten times the frame rate
and cross-correlated. A positive offset means: the picture is ahead of the sound. ITU-R BT.1359 and ATSC IS-191 give
what people accept; ours is -15..+45 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.coarticulation import Mouth
from device.face.pose import opening
from device.face.render import Frame
from device.link import Speak

Series = NDArray[np.float64]
Landmarks = Callable[[Frame], NDArray[np.float32] | None]
"""A frame to the 478 points of the face mesh, (478, >=2) in pixels; None where no face is found."""

FINER = 10
"""Samples made of one frame."""
FARTHEST = 0.4
"""s, the largest offset looked for."""
INNER_UPPER, INNER_LOWER, FOREHEAD, CHIN = 13, 14, 10, 152
"""Points of the face mesh: the inner lips' middles, and two that give the face's height."""


@dataclass(frozen=True)
class Sync:
    """What was found."""

    offset_ms: float
    """+: the picture is ahead of the sound."""
    r: float
    """Correlation at that offset, -1..1; below about 0.5 the offset means little."""


def opening_command(speaks: Sequence[Speak], times: Series) -> Series:
    """How far the mouth should be open when the sound of each time is heard, about 0..1."""
    mouth = Mouth()
    ordered = sorted(speaks, key=lambda s: s.t0)
    for speak in ordered:
        mouth.add(speak, ordered[0].t0 - 5.0)  # one moment for all: a mouth forgets what is over
    return opening(np.array([mouth.at(float(t)) for t in times]).reshape(len(times), -1))


def lip_gaps(frames: Iterable[Frame], landmarks: Landmarks) -> Series:
    """The inner lips' gap of each frame as a share of the face's height; gaps in the finding are bridged.

    Raises BadInput where a face is found in fewer than half of the frames."""
    gaps = np.array([_gap(landmarks(frame)) for frame in frames], np.float64)
    good = np.isfinite(gaps)
    if good.sum() < max(2, 0.5 * len(gaps)):
        raise BadInput("frames", expected="a face in most of them", got=f"one in {int(good.sum())} of {len(gaps)}")
    return np.interp(np.arange(len(gaps)), np.flatnonzero(good), gaps[good])


def _gap(points: NDArray[np.float32] | None) -> float:
    if points is None or len(points) <= CHIN:
        return float("nan")
    height = float(np.linalg.norm(points[FOREHEAD, :2] - points[CHIN, :2]))
    return float(np.linalg.norm(points[INNER_UPPER, :2] - points[INNER_LOWER, :2])) / max(height, 1e-6)


def mouth_darkness(frames: Iterable[Frame], box: tuple[int, int, int, int]) -> Series:
    """Without landmarks: the share of dark pixels in `box` (x, y, width, height) around the mouth.

    Dark is below 60 % of the box's median brightness over the first frame, which is the skin's."""
    x, y, width, height = box
    shares, limit = [], 0.0
    for frame in frames:
        grey = cv2.cvtColor(np.ascontiguousarray(frame[y : y + height, x : x + width]), cv2.COLOR_RGB2GRAY)
        limit = limit or 0.6 * float(np.median(grey))
        shares.append(float((grey < limit).mean()))
    return np.array(shares, np.float64)


def measure(times: Series, opening: Series, speaks: Sequence[Speak]) -> Sync:
    """`opening` as seen at `times` (s, rising, the recording's clock) against what the clauses ask for.

    Raises BadInput for too little or for motionless material."""
    if len(times) < 15 or len(times) != len(opening) or not speaks:
        raise BadInput("frames", expected="half a second of speech at least", got=f"{len(times)} frames")
    step = float(np.median(np.diff(times))) / FINER
    fine = np.arange(times[0], times[-1], step)
    seen = _spread(np.interp(fine, times, opening))
    around = round(FARTHEST / step)
    wide = np.arange(-around, len(fine) + around) * step + fine[0]
    asked = opening_command(speaks, wide)
    scores = np.array([_correlation(seen, asked[k : k + len(fine)]) for k in range(2 * around + 1)])
    best = int(np.argmax(scores))
    # seen(t) = asked(t + lead): a picture that is ahead shows what the sound does later
    return Sync((best - around + _peak(scores, best)) * step * 1000.0, float(scores[best]))


def _spread(values: Series) -> Series:
    if float(values.std()) < 1e-9:
        raise BadInput("frames", expected="a mouth that moves", got="one that does not")
    return values


def _correlation(a: Series, b: Series) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / scale if scale > 1e-12 else 0.0


def _peak(scores: Series, i: int) -> float:
    """Where between the samples the parabola through the best three has its top, -0.5..0.5."""
    if not 0 < i < len(scores) - 1:
        return 0.0
    left, middle, right = scores[i - 1], scores[i], scores[i + 1]
    bend = left - 2 * middle + right
    return float(0.5 * (left - right) / bend) if bend < 0 else 0.0
