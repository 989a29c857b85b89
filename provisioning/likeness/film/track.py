"""The person's face through a film: landmarks in every frame, and how the lower face looks.

Faces are found every few frames and followed between; each one that is followed without a break is a stretch. Whose
face a stretch shows is judged by the shape of the head against the photograph's (no network that knows people is
among the frame's models). Alone in the picture, a face is taken to be who the family says it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from provisioning.likeness.film.align import unlikeness
from provisioning.likeness.film.read import Film, Shot
from provisioning.likeness.landmarks import Detection

Image = NDArray[np.uint8]
Floats = NDArray[Any]

LOOK_AGAIN = 10
"""Frames between two searches for faces."""
MOST_FACES = 3
"""That are followed at a time, the largest."""
PRESENT = 0.5
"""The landmark graph's certainty from which on there is a face."""
MARGIN = 1.35
"""Of two faces in one picture the other must be so many times less like the photograph."""
_JUMP = 0.6  # of the face's width: farther than that nobody moves within a frame
_SMALL = 0.35  # of the largest face's size: smaller ones are in the background
_SAMPLED = 6  # frames between two judgements of a head's shape
PATCH = 24
"""Pixels of the square picture of the lower face that is kept of every frame."""
_PATCH_POINTS = (33, 263, 168)
_PATCH_CORNERS = ((-0.65, 0.75), (0.65, 0.75), (-0.65, 2.05))  # in half distances of the outer eye corners


class Reader(Protocol):
    """What finds faces; see landmarks.FaceReader."""

    def detect(self, photo: Image) -> list[Detection]: ...

    def landmarks(self, photo: Image, face: Detection) -> tuple[NDArray[np.float32], float]: ...

    def follow(self, photo: Image, before: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]: ...


@dataclass(slots=True)
class Stretch:
    """One face, followed without a break."""

    numbers: list[int] = field(default_factory=list)
    points: list[NDArray[np.float32]] = field(default_factory=list)
    patches: list[Image] = field(default_factory=list)
    shapes: list[float] = field(default_factory=list)

    @property
    def unlike(self) -> float:
        """To the photograph's head, by the better half of what was judged: turned heads are judged worse."""
        shapes = sorted(self.shapes)
        return float(np.mean(shapes[: max(len(shapes) // 2, 1)])) if shapes else float("inf")


@dataclass(frozen=True, slots=True)
class Track:
    """The person's face in n frames."""

    t: Floats
    """(n,) s"""
    points: Floats
    """(n, 478, 3) pixels of the frame, + towards the viewer; NaN where the person is not seen."""
    patches: Image
    """(n, PATCH, PATCH, 3) the lower face, turned upright, RGB."""
    size: tuple[int, int]
    """(width, height) of the last frame."""
    unlike: float
    """See align.unlikeness."""


def follow_person(film: Film, reader: Reader, reference: Floats, tell: Callable[[float], None] | None = None) -> Track:
    """Reads the whole film. Raises BadInput where there is no face, or where it cannot be told whose is meant.

    `tell` is called with the frame's time."""
    follower = _Follower(reader, reference)
    times: list[float] = []
    size = (0, 0)
    for shot in film.shots():
        times.append(shot.t)
        size = (shot.picture.shape[1], shot.picture.shape[0])
        follower.take(shot)
        if tell is not None:
            tell(shot.t)
    own = persons(follower.stretches, film.path.name)
    points = np.full((len(times), 478, 3), np.nan, np.float32)
    patches = np.zeros((len(times), PATCH, PATCH, 3), np.uint8)
    for stretch in own:
        points[stretch.numbers] = stretch.points
        patches[stretch.numbers] = stretch.patches
    return Track(np.array(times), points, patches, size, min(one.unlike for one in own))


def persons(stretches: list[Stretch], name: str) -> list[Stretch]:
    """Those that show the person of the photograph. Raises BadInput where that cannot be told."""
    if not stretches:
        hint = "use a film that shows the face from the front, well lit"
        raise BadInput(name, expected="a face", got="none that could be found in this film", hint=hint)
    best = min(stretches, key=lambda one: one.unlike)
    at = set(best.numbers)
    beside = [one for one in stretches if one is not best and len(at & set(one.numbers)) > LOOK_AGAIN]
    if any(one.unlike < MARGIN * best.unlike for one in beside):
        hint = "cut a piece in which they are alone"
        raise BadInput(name, expected="a person who can be told from the others", got="two much alike", hint=hint)
    chosen, taken = [best], set(at)
    for one in sorted(stretches, key=lambda one: one.unlike):
        alone = one is not best and not taken & set(one.numbers)
        if alone and one.unlike < MARGIN * best.unlike + 0.01:
            chosen.append(one)
            taken |= set(one.numbers)
    return chosen


class _Follower:
    """Faces from frame to frame."""

    def __init__(self, reader: Reader, reference: Floats) -> None:
        self._reader, self._reference = reader, reference
        self._open: list[Stretch] = []
        self.stretches: list[Stretch] = []

    def take(self, shot: Shot) -> None:
        """The next frame."""
        still = []
        for stretch in self._open:
            points, presence = self._reader.follow(shot.picture, stretch.points[-1])
            if presence >= PRESENT and _follows(points, stretch.points[-1]):
                self._add(stretch, shot, points)
                still.append(stretch)
        self._open = still
        if shot.number % LOOK_AGAIN == 0 or not still:
            self._look(shot)

    def _look(self, shot: Shot) -> None:
        faces = self._reader.detect(shot.picture)
        large = [face for face in faces if face.side > _SMALL * faces[0].side][:MOST_FACES]
        for face in large:
            middle = np.array([face.box[0] + face.box[2], face.box[1] + face.box[3]]) / 2
            known = any(np.hypot(*(_middle(one.points[-1]) - middle)) < _JUMP * face.side for one in self._open)
            if known or len(self._open) >= MOST_FACES:
                continue
            points, presence = self._reader.landmarks(shot.picture, face)
            if presence >= PRESENT:
                self._open.append(stretch := Stretch())
                self.stretches.append(stretch)
                self._add(stretch, shot, points)

    def _add(self, stretch: Stretch, shot: Shot, points: NDArray[np.float32]) -> None:
        if len(stretch.numbers) % _SAMPLED == 0:
            stretch.shapes.append(unlikeness(points, self._reference))
        stretch.numbers.append(shot.number)
        stretch.points.append(points)
        stretch.patches.append(_lower_face(shot.picture, points))


def _middle(points: Floats) -> Floats:
    return np.asarray((points[:468, :2].min(0) + points[:468, :2].max(0)) / 2)


def _follows(points: Floats, before: Floats) -> bool:
    """Whether it can be the same face a frame later: a cut to another picture moves everything at once."""
    if not np.isfinite(points).all():
        return False
    width, was = (float(np.ptp(p[:468, 0])) for p in (points, before))
    return bool(np.hypot(*(_middle(points) - _middle(before))) < _JUMP * was and 0.6 < width / max(was, 1e-3) < 1.6)


def _lower_face(picture: Image, points: Floats) -> Image:
    """The mouth and what is around it, placed by eyes and bridge: a hand before the mouth must not move it."""
    left, right, bridge = (points[k, :2].astype(np.float32) for k in _PATCH_POINTS)
    along = (right - left) / 2
    down = np.array([-along[1], along[0]])
    source = np.array([bridge + a * along + b * down for a, b in _PATCH_CORNERS], np.float32)
    side = PATCH - 1
    to = np.array([[0, 0], [side, 0], [0, side]], np.float32)
    matrix = cv2.getAffineTransform(source, to)
    step = max(1, int(np.hypot(*along) * 2 / PATCH / 2))
    small = picture[::step, ::step] if step > 1 else picture
    return np.asarray(cv2.warpAffine(small, matrix @ np.diag([step, step, 1.0]), (PATCH, PATCH)), np.uint8)
