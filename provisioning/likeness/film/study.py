"""One film, studied: a first reading finds what the face does and when, a second one fetches the pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from provisioning.likeness.film import events
from provisioning.likeness.film.events import Piece
from provisioning.likeness.film.read import LONGEST_S, Film, open_film
from provisioning.likeness.film.signals import Signals, signals
from provisioning.likeness.film.steady import Clip, Steady, light_of, steadied
from provisioning.likeness.film.track import Reader, Track, follow_person
from provisioning.likeness.judge import Found
from provisioning.likeness.tones import Tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]
Tell = Callable[[float], None]

MOUTHS = 6
"""Pictures of an open mouth that are fetched from a film."""
_OPEN = (0.06, 0.32)  # units between the lips: teeth are seen, and the mouth is not torn open
_TURNED = 12.0  # degrees: of a head turned farther the teeth do not fit
_APART_S = 0.3
_CLIP_AROUND_S = 0.6
_CLIP_WIDTH = 480
_CELL = 200
SIP = "sip.webm"


@dataclass(frozen=True, slots=True)
class Moment:
    """A picture out of the film."""

    what: str
    """rest, blink, smile, mouth, nod, lowered or sip."""
    t: float
    """s in the film."""
    picture: Image
    points: Floats


@dataclass(slots=True)
class Study:
    """All that was found in one film."""

    film: Film
    track: Track
    face: Signals
    found: dict[str, list[Piece]]
    """What -> where; blinks are in `blinks`."""
    blinks: list[events.Blink]
    moments: list[Moment] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.film.path.name

    def of(self, what: str) -> list[Moment]:
        """The pictures of something."""
        return [one for one in self.moments if one.what == what]


def study(path: Path, found: Found, reader: Reader, tell: Tell) -> Study:
    """Reads a film twice. Raises BadInput for what is none, and where the person cannot be made out in it.

    `tell` is called with 0..1."""
    film = open_film(path)
    length = min(film.seconds or LONGEST_S, LONGEST_S)
    track = follow_person(film, reader, found.points, lambda t: tell(0.85 * min(t / max(length, 1e-3), 1)))
    face = events.unblinked(signals(track, found.points))
    if face.seen.sum() < face.rate:
        hint = "use a film that shows the face from the front for some seconds"
        raise BadInput(path.name, expected="a second of the person's face", got="less", hint=hint)
    pieces = {
        "calm": events.calm(face),
        "smile": events.smiles(face),
        "nod": events.nods(face.angles[:, 1], face.rate),
        "lowered": events.lowered(face.angles[:, 1], face.rate),
        "sip": events.sips(face),
    }
    out = Study(film, track, face, pieces, events.blinks(face.lids, face.rate))
    _fetch(out, tell)
    return out


def wanted(one: Study) -> dict[int, str]:
    """Number of a frame -> what it shows."""
    face, pieces = one.face, one.found
    at: dict[int, str] = {}

    def ask(what: str, sample: int) -> None:
        at.setdefault(_number(one, sample), what)

    for what in ("smile", "nod", "lowered", "sip"):
        if pieces[what]:
            ask(what, max(pieces[what], key=lambda piece: piece.size).peak)
    if one.blinks:
        shut = events.closure(face.lids, face.rate)
        ask("blink", max(one.blinks, key=lambda blink: float(shut[blink.shut])).shut)
    if pieces["calm"]:
        ask("rest", max(pieces["calm"], key=lambda piece: piece.size).peak)
    for sample in _mouths(face):
        ask("mouth", sample)
    return at


def _number(one: Study, sample: int) -> int:
    """The frame that is nearest to a sample."""
    return int(np.argmin(np.abs(one.track.t - one.face.time(sample))))


def _mouths(face: Signals) -> list[int]:
    """Samples of an open mouth with nothing before it, the head nearly as in the photograph, smiling ones first."""
    gap = np.nan_to_num(face.gap)
    straight = np.nan_to_num(np.abs(face.angles[:, :2]).max(1), nan=90.0)
    free = np.nan_to_num(face.covered, nan=1.0) < events.COVERED / 2
    possible = (gap > _OPEN[0]) & (gap < _OPEN[1]) & (straight < _TURNED) & free
    worth = np.where(possible, np.nan_to_num(face.corners.mean(1)) / 0.1 - straight / _TURNED, -np.inf)
    chosen: list[int] = []
    for sample in np.argsort(-worth, kind="stable"):
        if not possible[sample] or len(chosen) == MOUTHS:
            break
        if all(abs(sample - other) > _APART_S * face.rate for other in chosen):
            chosen.append(int(sample))
    return chosen


def _fetch(one: Study, tell: Tell) -> None:
    at = wanted(one)
    last = max(at, default=-1) + 1
    for shot in one.film.shots(last):
        points = one.track.points[shot.number]
        if shot.number in at and np.isfinite(points).all():
            one.moments.append(Moment(at[shot.number], shot.t, shot.picture.copy(), points))
        tell(0.85 + 0.15 * shot.number / last)
    mouths = sorted(one.of("mouth"), key=lambda moment: -_sharp(moment))
    one.moments = [moment for moment in one.moments if moment.what != "mouth"] + mouths


def _sharp(moment: Moment) -> float:
    """Variance of the Laplacian around the mouth (Pech-Pacheco and others 2000), at the face's own scale."""
    low, high = moment.points[[61, 0, 291, 17], :2].min(0), moment.points[[61, 0, 291, 17], :2].max(0)
    (x0, y0), (x1, y1) = np.maximum(low, 0).astype(int), np.maximum(high, 0).astype(int) + 1
    cut = moment.picture[y0:y1, x0:x1]
    if min(cut.shape[:2]) < 4:
        return 0.0
    grey = cv2.cvtColor(np.ascontiguousarray(cut), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())


def picture_of(moment: Moment, found: Found, width: int = _CELL) -> Image:
    """The moment as the photograph shows the head."""
    steady = Steady(found, width)
    light = light_of(moment.picture, moment.points)
    return steady.shown(moment.picture, steady.place(moment.points), light)


def cut_sip(one: Study, found: Found, folder: Path) -> Path | None:
    """The plainest sip as a clip in `folder`, the head where the photograph has it; None where there is none."""
    if not one.found["sip"]:
        return None
    piece = max(one.found["sip"], key=lambda p: p.size)
    around = _CLIP_AROUND_S * one.face.rate
    first, last = (_number(one, round(sample)) for sample in (piece.start - around, piece.end + around))
    numbers = [n for n in range(max(first, 0), last + 1) if np.isfinite(one.track.points[n]).all()]
    if len(numbers) < 2:
        return None
    steady = Steady(found, _CLIP_WIDTH)
    places = steadied(np.stack([steady.place(one.track.points[n]) for n in numbers]), one.face.rate)
    path = folder / SIP
    clip, light = Clip(path, steady.size, one.face.rate), None
    by_number = dict(zip(numbers, places, strict=True))
    for shot in one.film.shots(last + 1):
        if shot.number in by_number:
            light = light or _light(one, shot.picture, shot.number)
            clip.add(steady.shown(shot.picture, by_number[shot.number], light))
    clip.close()
    return path


def _light(one: Study, picture: Image, number: int) -> Tones:
    return light_of(picture, one.track.points[number])
