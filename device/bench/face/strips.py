"""Film strips: a movement as a row of pictures, to be looked at by people."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.curves import ease
from device.face.motion import EMOTIONS, Motion
from device.face.pose import INDEX, Pose, neutral
from device.face.render import Frame
from device.link import Mood, Speak

Render = Callable[[Pose], Frame]
Cell = tuple[str, Pose]
"""What stands under a picture, and its pose."""
FPS = 30
CELL = 240
"""Pixels, width of one picture."""
INK, PAPER = (43, 43, 43), (250, 247, 240)


def blink() -> list[Cell]:
    """From open to shut and open again, by the clock: 90 ms down, 45 ms shut, 200 ms up."""
    cells = []
    for ms in (0, 33, 67, 100, 133, 200, 267, 333):
        lid = ease(ms / 90) if ms <= 135 else 1.0 - ease((ms - 135) / 200)
        pose = neutral()
        pose[[INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]] = lid
        cells.append((f"{ms} ms", pose))
    return cells


def smile() -> list[Cell]:
    """From rest to a happy face."""
    return [(f"{share:.0%}", np.asarray(EMOTIONS["happy"] * np.float32(share))) for share in np.linspace(0, 1, 8)]


def ama() -> list[Cell]:
    """ "a", "m", "a" as they are spoken, frame by frame."""
    visemes = (("aa", 0.0, 0.16, 1.0), ("PP", 0.16, 0.26, 1.0), ("aa", 0.26, 0.42, 1.0))
    motion = Motion(1)
    motion.tell(Mood("speaking", -3.0))
    motion.pose(-3.0)
    motion.tell(Speak(1, 0, 0.0, 0.45, visemes, "", "en"))
    poses = [motion.pose(k / FPS) for k in range(-3, 12)][4:]
    return [(f"{round(1000 * (k + 1) / FPS)} ms", pose) for k, pose in enumerate(poses)][2:10]


def turn() -> list[Cell]:
    """The head from the picture's left to its right."""
    cells = []
    for degrees in (-12, -8, -4, 0, 4, 8, 12):
        pose = neutral()
        pose[INDEX["headYaw"]] = degrees
        cells.append((f"{degrees} deg", pose))
    return cells


STRIPS = {"A blink": blink, "A smile": smile, "From a to m to a": ama, "A turn of the head": turn}


def strip(render: Render, cells: Sequence[Cell], box: tuple[int, int, int, int]) -> Frame:
    """The pictures side by side, each the part `box` (x0, y0, x1, y1) of its frame, named below."""
    return np.hstack([_cell(render(pose), name, box) for name, pose in cells])


def face_box(points: NDArray[np.float32], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The head around landmarks (n, 2) of a frame of `size` (width, height): x0, y0, x1, y1."""
    low, high = points.min(0), points.max(0)
    width, height = high - low
    x0, y0 = low[0] - 0.22 * width, low[1] - 0.42 * height
    x1, y1 = high[0] + 0.22 * width, high[1] + 0.16 * height
    return max(round(x0), 0), max(round(y0), 0), min(round(x1), size[0]), min(round(y1), size[1])


def _cell(frame: Frame, name: str, box: tuple[int, int, int, int]) -> Frame:
    x0, y0, x1, y1 = box
    part = np.ascontiguousarray(frame[y0:y1, x0:x1])
    shrinks = part.shape[1] > CELL
    size = (CELL, round(part.shape[0] * CELL / part.shape[1]))
    picture = cv2.resize(part, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    label = np.full((26, CELL, 3), PAPER, np.uint8)
    cv2.putText(label, name, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)
    framed = np.vstack([np.asarray(picture, np.uint8), label])
    return np.asarray(cv2.copyMakeBorder(framed, 0, 0, 2, 2, cv2.BORDER_CONSTANT, value=PAPER), np.uint8)


def image(picture: Frame) -> str:
    """The picture as an element of a page."""
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode()}">'
