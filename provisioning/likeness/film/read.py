"""Films that a family brings, frame by frame: any container and codec that libav reads, upright, in RGB, with times.

Only one frame is held at a time. A film that breaks off is read as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.error import FFmpegError, InvalidDataError
from numpy.typing import NDArray

from device.errors import BadInput

Image = NDArray[np.uint8]

LONGEST = 1920
"""Pixels of a frame's longer side; larger ones are reduced."""
LONGEST_S = 600.0
"""s of a film that are looked at."""
MOST_FRAMES = 18_000
"""Of a film: 10 minutes at 30 a second."""
FASTEST = 62.0
"""Frames a second; of a faster film some are left out."""
FEWEST = 12
"""Frames of the shortest film: fewer show no movement."""
SUFFIXES = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".3gp", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv",
                      ".flv", ".vob", ".dv", ".ogv"})  # fmt: skip
_PQ = 16  # SMPTE ST 2084 among ITU-T H.273's transfer characteristics
_WHOLE = 0.9  # of the length that the container claims
_HINT = "save it as MP4 (H.264) and try again"


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame."""

    number: int
    """From 0, of the frames given out."""
    t: float
    """s from the film's first frame."""
    picture: Image
    """RGB (H, W, 3)"""


@dataclass(slots=True)
class Film:
    """A file that can be read again and again; each reading gives the same frames."""

    path: Path
    seconds: float
    """By the container's own word; 0 where it does not say."""
    broken: bool = False
    """It was found to break off, by a reading that came so far."""

    def shots(self, until: int | None = None) -> Iterator[Shot]:
        """Its frames in their order; up to and without the number `until`."""
        number, last = 0, -1.0
        for t, frame, ratio in self._decoded():
            if number >= (MOST_FRAMES if until is None else min(until, MOST_FRAMES)) or t > LONGEST_S:
                return
            if last >= 0 and t - last < 1 / FASTEST:
                continue
            picture = upright(frame, ratio)
            if picture is not None:
                yield Shot(number, t, picture)
                number, last = number + 1, t
        if last < min(self.seconds, LONGEST_S) * _WHOLE - 1.0:
            self.broken = True

    def _decoded(self) -> Iterator[tuple[float, Any, float]]:
        """Time, frame, and the width of its pixels over their height."""
        first: float | None = None
        try:
            with av.open(str(self.path)) as container:
                stream = _picture_stream(container)
                if stream is None:
                    return
                ratio = float(stream.sample_aspect_ratio or 1)
                step = float(1 / (stream.average_rate or Fraction(30)))
                for count, frame in enumerate(self._frames(container, stream)):
                    t = float(frame.time) if frame.time is not None else count * step
                    first = t if first is None else first
                    yield t - first, frame, ratio
        except (FFmpegError, OSError, ValueError):
            self.broken = True

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        """All that can be decoded; what is damaged on the way is left out."""
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except InvalidDataError:
                self.broken = True


def open_film(path: Path) -> Film:
    """Looks whether it is a film. Raises BadInput, in one line, for what is none."""
    try:
        with av.open(str(path)) as container:
            if _picture_stream(container) is None:
                raise BadInput(path.name, expected="a film", got="a file without pictures", hint=_HINT)
            seconds = (container.duration or 0) / 1e6
    except (FFmpegError, OSError, ValueError) as error:
        got = getattr(error, "strerror", None) or str(error)
        raise BadInput(path.name, expected="a film", got=got, hint=_HINT) from None
    film = Film(path, seconds)
    frames = sum(1 for _ in film.shots(FEWEST))
    if frames < FEWEST:
        raise BadInput(path.name, expected="a film", got=f"{frames} frames that can be read", hint=_HINT)
    return film


def upright(frame: Any, ratio: float = 1.0) -> Image | None:
    """A decoded frame as it is meant to be seen, RGB, at most LONGEST; None for one that is too small to show anybody.

    Turned as the camera says, pixels made square by the `ratio` of their sides, of interlaced ones the upper field (the
    other one is of another moment), PQ brought to the range of a screen."""
    picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    if frame.interlaced_frame:
        picture = picture[::2]
    height, width = frame.height, round(frame.width * (ratio if 0.2 < ratio < 5 else 1))
    scale = min(LONGEST / max(height, width), 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    if min(size) < 64:
        return None
    if size != picture.shape[1::-1]:
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    if int(frame.color_trc or 0) == _PQ:
        picture = np.asarray(cv2.LUT(picture, _screened()), np.uint8)
    return np.ascontiguousarray(np.rot90(picture, round(frame.rotation / 90) % 4))


def _picture_stream(container: Any) -> Any:
    """The first stream of moving pictures; a record's cover is none."""
    moving = [s for s in container.streams.video if not int(s.disposition) & av.stream.Disposition.attached_pic]
    return moving[0] if moving else None


def _screened() -> Image:
    """(256,): PQ's values as a screen of 203 nits shows them (ITU-R BT.2100's EOTF, BT.2408's white), brighter ones
    eased into the last quarter."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = (np.arange(256) / 255) ** (1 / m2)
    nits = 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    light = (nits / 203) ** (1 / 2.2)
    eased = np.where(light < 0.75, light, 0.75 + 0.25 * (1 - np.exp(-(light - 0.75) / 0.25)))
    return np.asarray(np.rint(255 * np.clip(eased, 0, 1)), np.uint8)
