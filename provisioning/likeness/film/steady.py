"""A film's frames in the photograph's place and light: turned, sized and moved so that the head stands still."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from device.errors import BadInput
from provisioning.likeness.film.align import SKULL
from provisioning.likeness.film.signals import smoothed
from provisioning.likeness.geometry import measure
from provisioning.likeness.judge import Found
from provisioning.likeness.teeth import matched, similarity
from provisioning.likeness.tones import Tones, tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]

CALM_S = 0.12
"""s, standard deviation of the kernel that steadies the picture."""
_ABOVE, _BESIDE, _BELOW = 0.45, 0.3, 0.35  # of the face's size, that are shown around it


class Steady:
    """Shows frames as the photograph shows its head, `width` pixels wide."""

    def __init__(self, found: Found, width: int) -> None:
        low, high = found.points[:468, :2].min(0), found.points[:468, :2].max(0)
        reach = high - low
        self._corner = low - np.array([_BESIDE, _ABOVE]) * reach
        span = reach * (1 + np.array([2 * _BESIDE, _ABOVE + _BELOW]))
        self._scale = width / float(span[0])
        self.size = (width // 2 * 2, round(float(span[1]) * self._scale) // 2 * 2)
        """(width, height), even."""
        self._found = found

    def place(self, points: Floats) -> Floats:
        """(2, 3) from a frame with landmarks (478, 3) to what is shown."""
        fit = similarity(points[list(SKULL), :2], self._found.points[list(SKULL), :2])
        fit[:, 2] -= self._corner
        return np.asarray(fit * self._scale)

    def shown(self, picture: Image, place: Floats, theirs: Tones) -> Image:
        """`picture` through `place`, in the photograph's light."""
        method = cv2.INTER_AREA if abs(np.linalg.det(place[:, :2])) < 0.25 else cv2.INTER_LINEAR
        moved = cv2.warpAffine(picture, place, self.size, flags=method, borderMode=cv2.BORDER_REPLICATE)
        toned = matched(np.asarray(moved, np.uint8), theirs, self._found.tones)
        return np.clip(np.round(toned), 0, 255).astype(np.uint8)


def light_of(picture: Image, points: Floats) -> Tones:
    """A frame's tones at the face."""
    return tones(picture, points, measure(picture, points))


def steadied(places: Floats, rate: float) -> Floats:
    """(n, 2, 3) the same places with the camera's and the landmarks' trembling taken out."""
    return smoothed(places.reshape(len(places), -1), CALM_S * rate).reshape(places.shape)


class Clip:
    """A short film without sound being written: VP9 in WebM."""

    def __init__(self, path: Path, size: tuple[int, int], rate: float) -> None:
        """Raises BadInput where it cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Without ffmpeg's own mark and number, so that the same film gives the same bytes.
            self._file = av.open(str(path), "w", format="webm", options={"fflags": "+bitexact"})
            stream: Any = self._file.add_stream("libvpx-vp9", rate=Fraction(rate).limit_denominator(1001))
        except (OSError, FFmpegError, ValueError) as error:
            raise BadInput(str(path), expected="a clip that can be written", got=str(error)[:120]) from None
        self._stream = stream
        self._rate = rate
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {
            "crf": "24",
            "b": "0",
            "cpu-used": "5",
            "deadline": "realtime",
            "row-mt": "0",
            "flags": "+bitexact",
        }
        self._count = 0

    def add(self, picture: Image) -> None:
        """The next frame."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self._count, Fraction(1 / self._rate).limit_denominator(1001)
        self._count += 1
        self._file.mux(self._stream.encode(frame))

    def close(self) -> None:
        """The file is whole."""
        self._file.mux(self._stream.encode(None))
        self._file.close()
