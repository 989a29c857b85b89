"""Films of a likeness made by its own rig: what happens in them, and when, is known to the frame."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.curves import ease, noise
from device.face.pose import posed
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig

Image = NDArray[np.uint8]
Knots = Sequence[tuple[float, float]]
"""(s, value), eased between."""


@dataclass(frozen=True)
class Camera:
    """What a hand-held camera in bad light does to a picture."""

    shake: float = 0.0
    """Pixels."""
    tilt: float = 0.0
    """Degrees."""
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    grain: float = 0.0


@dataclass(frozen=True)
class Scene:
    """A film's script."""

    seconds: float
    weights: Mapping[str, Knots] = field(default_factory=dict)
    """Pose parameter -> its course."""
    cup: tuple[float, float] | None = None
    """s from and to which a cup is before the mouth."""
    camera: Camera = field(default_factory=Camera)
    fps: int = 30


def along(knots: Knots, t: float) -> float:
    """The course's value at `t`."""
    value = knots[0][1]
    for (start, before), (end, after) in itertools.pairwise(knots):
        if t >= start:
            value = before + (after - before) * ease((t - start) / max(end - start, 1e-6))
    return value


def blink(*starts: float, closing: float = 0.1, held: float = 0.05, opening: float = 0.2) -> dict[str, Knots]:
    """Both lids, at each of `starts`."""
    knots: list[tuple[float, float]] = [(0.0, 0.0)]
    for start in starts:
        shut, opens = start + closing, start + closing + held
        knots += [(start, 0.0), (shut, 1.0), (opens, 1.0), (opens + opening, 0.0)]
    return {"eyeBlinkLeft": knots, "eyeBlinkRight": knots}


def hump(start: float, rise: float, hold: float, fall: float, height: float) -> Knots:
    """Up, there, and down again."""
    return [(0.0, 0.0), (start, 0.0), (start + rise, height), (start + rise + hold, height),
            (start + rise + hold + fall, 0.0)]  # fmt: skip


def nod(start: float, times: int, degrees: float, period: float = 0.6) -> Knots:
    """Down and up again, `times` times."""
    knots: list[tuple[float, float]] = [(0.0, 0.0)]
    for k in range(times):
        begin = start + k * period
        knots += [(begin, 0.0), (begin + period / 2, degrees), (begin + period, 0.0)]
    return knots


def pictures(rig: Rig, scene: Scene, size: tuple[int, int]) -> Iterator[Image]:
    """RGB frames of `size` (width, height)."""
    renderer = RenderCpu(rig, size)
    rng = np.random.default_rng(3)
    for k in range(round(scene.seconds * scene.fps)):
        t = k / scene.fps
        frame = renderer.render(posed({name: along(knots, t) for name, knots in scene.weights.items()}))
        if scene.cup and scene.cup[0] <= t < scene.cup[1]:
            frame = _with_cup(frame, renderer, rig)
        yield _filmed(frame, scene.camera, t, rng)


def _with_cup(frame: Image, renderer: RenderCpu, rig: Rig) -> Image:
    """A blue cup and the fingers that hold it."""
    x, y = renderer.place.to_frame(rig.landmarks[13, :2])
    wide = float(np.hypot(*(rig.landmarks[473, :2] - rig.landmarks[468, :2]))) * renderer.place.scale
    out = frame.copy()
    low, high = (int(x - 0.55 * wide), int(y - 0.25 * wide)), (int(x + 0.55 * wide), int(y + 0.9 * wide))
    cv2.rectangle(out, low, high, (60, 90, 150), -1)
    for k in range(3):
        place = (int(x + 0.5 * wide), int(y + (0.1 + 0.24 * k) * wide))
        cv2.ellipse(out, place, (int(0.3 * wide), int(0.1 * wide)), 0, 0, 360, (196, 150, 118), -1, cv2.LINE_AA)
    return out


def _filmed(frame: Image, camera: Camera, t: float, rng: np.random.Generator) -> Image:
    height, width = frame.shape[:2]
    if camera.shake or camera.tilt:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), camera.tilt * noise(5, t, 0.7), 1.0)
        matrix[:, 2] += camera.shake * np.array([noise(6, t, 0.3), noise(7, t, 0.3)])
        frame = np.asarray(cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101), np.uint8)
    seen = frame * np.array(camera.cast, np.float32)
    if camera.grain:
        seen = seen + rng.normal(0, camera.grain, frame.shape)
    return np.clip(np.round(seen), 0, 255).astype(np.uint8)


def write(path: Path, frames: Iterator[Image], fps: int = 30, codec: str = "libx264", **options: Any) -> Path:
    """A film without sound. `turned`: degrees by which a player has to turn it, 90 or 270; `pixels`: its format;
    `times`: the frames' own times in ms."""
    turned, times = options.get("turned", 0), options.get("times")
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=fps)
        stream.pix_fmt = options.get("pixels", "yuv420p")
        stream.options = {"crf": "14", "preset": "ultrafast"} if codec == "libx264" else {}
        stream.codec_context.time_base = Fraction(1, 1000)
        for k, picture in enumerate(frames):
            upright = np.rot90(picture, turned // 90)
            if k == 0:
                stream.height, stream.width = upright.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(upright), format="rgb24")
            frame.pts, frame.time_base = times[k] if times else round(1000 * k / fps), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if turned:
        _turn(path, turned)
    return path


def _turn(path: Path, degrees: int) -> None:
    """Writes the matrix of ISO 14496-12's track header, as a telephone does that is held upright."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    one = 1 << 16
    matrix = {90: (0, one, 0, -one & 0xFFFFFFFF, 0, 0), 270: (0, -one & 0xFFFFFFFF, 0, one, 0, 0)}[degrees]
    content[at : at + 24] = b"".join(value.to_bytes(4, "big") for value in matrix)
    path.write_bytes(content)
