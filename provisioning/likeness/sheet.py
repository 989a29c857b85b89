"""A contact sheet: one likeness in many expressions, to be looked at by people."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.pose import INDEX, neutral
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig

Image = NDArray[np.uint8]
Draw = Callable[[dict[str, float]], Image]
"""Parameter weights -> RGB frame."""

EXPRESSIONS: dict[str, dict[str, float]] = {
    "neutral": {},
    "blink half": {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "smile": {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8, "cheekSquintLeft": 0.6, "cheekSquintRight": 0.6},
    "laugh": {
        "mouthSmileLeft": 0.8,
        "mouthSmileRight": 0.8,
        "cheekSquintLeft": 0.8,
        "cheekSquintRight": 0.8,
        "jawOpen": 0.45,
        "mouthUpperUp": 0.4,
    },
    "sad": {"mouthFrownLeft": 0.8, "mouthFrownRight": 0.8, "browInnerUp": 0.7},
    "gaze left": {"gazeX": -0.8},
    "gaze right": {"gazeX": 0.8},
    "gaze up": {"gazeY": -0.8},
    "gaze down": {"gazeY": 0.8},
    "wide": {"eyeWideLeft": 1.0, "eyeWideRight": 1.0, "browOuterUpLeft": 0.6, "browOuterUpRight": 0.6},
    "brows up": {"browInnerUp": 1.0, "browOuterUpLeft": 1.0, "browOuterUpRight": 1.0},
    "brows down": {"browDownLeft": 1.0, "browDownRight": 1.0},
    "yaw -8": {"headYaw": -8.0},
    "yaw +8": {"headYaw": 8.0},
    "pitch -6": {"headPitch": -6.0},
    "pitch +6": {"headPitch": 6.0},
    "roll -5": {"headRoll": -5.0},
    "roll +5": {"headRoll": 5.0},
    "breath": {"breath": 1.0},
}


def head_drawer(rig: Rig, width: int) -> Draw:
    """Draws the head with its hair, about `width` pixels wide and a quarter more high."""
    height, whole = rig.photo.shape[:2]
    low, high = rig.landmarks[:, :2].min(0), rig.landmarks[:, :2].max(0)
    scale = float(width / (1.5 * (high[0] - low[0])))
    renderer = RenderCpu(rig, (round(whole * scale), round(height * scale)))
    x, y = (int(v) for v in np.round(renderer.place.to_frame((low + high) / 2)))
    x0, y0 = max(x - width // 2, 0), max(y - round(0.65 * width), 0)

    def draw(weights: dict[str, float]) -> Image:
        pose = neutral()
        for name, weight in weights.items():
            pose[INDEX[name]] = np.float32(weight)
        return np.ascontiguousarray(renderer.render(pose)[y0 : y + round(0.6 * width), x0 : x + width // 2])

    return draw


def contact_sheet(draw: Draw, visemes: dict[str, dict[str, float]], cell: int, columns: int = 6) -> Image:
    """Every expression and viseme, named, `cell` pixels wide each."""
    poses = {**EXPRESSIONS, **{f"viseme {name}": weights for name, weights in visemes.items()}}
    cells = [labelled(draw(weights), name, cell) for name, weights in poses.items()]
    blank = np.full_like(cells[0], 24)
    cells += [blank] * (-len(cells) % columns)
    return np.vstack([np.hstack(cells[i : i + columns]) for i in range(0, len(cells), columns)])


def labelled(frame: Image, name: str, width: int) -> Image:
    """The frame at a width, with its name above."""
    height = round(frame.shape[0] * width / frame.shape[1])
    method = cv2.INTER_AREA if width < frame.shape[1] else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(frame, (width, height), interpolation=method), np.uint8)
    label = np.full((22, width, 3), 24, np.uint8)
    cv2.putText(label, name, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (230, 230, 230), 1, cv2.LINE_AA)
    return np.vstack([label, small])
