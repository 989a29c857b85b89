"""How the head and the chest move: displacement bases over the whole photograph, from the landmarks' depth.

The head turns as a solid under parallel projection, about a point between the ears; for an angle t a point at height z
over that pivot moves by sin(t) * z - (1 - cos(t)) * x. The movement fades down the neck, so the shoulders stay.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.rig import HEAD_FEATURES
from provisioning.likeness.geometry import OVAL, Measures
from provisioning.likeness.matte import fill

Image = NDArray[np.uint8]
Floats = NDArray[Any]


def grid_nodes(origin: tuple[float, float], step: float, rows: int, columns: int) -> Floats:
    """(rows, columns, 2) pixel positions of a grid's nodes."""
    x = origin[0] + (np.arange(columns) + 0.5) * step - 0.5
    y = origin[1] + (np.arange(rows) + 0.5) * step - 0.5
    return np.stack(np.meshgrid(x, y), -1).astype(np.float32)


def head_bases(points: Floats, matte: Image, face: Measures, step: float) -> Floats:
    """(len(HEAD_FEATURES), rows, columns, 2) in pixels on a grid of `step` over the photograph."""
    height, width = matte.shape
    rows, columns = int(np.ceil(height / step)), int(np.ceil(width / step))
    nodes = grid_nodes((0.0, 0.0), step, rows, columns)
    relief = _relief(points, face, nodes, step)
    pivot = _pivot(points)
    x, y = nodes[..., 0] - pivot[0], nodes[..., 1] - pivot[1]
    wide = 1.5 * face.unit  # beside the head there is nothing that turns; the shoulders below must not be flung about
    x, y = np.clip(x, -wide, wide), np.clip(y, -2.6 * face.unit, wide)
    zero = np.zeros_like(x)
    follow = (_on_head(points, face, nodes) * _edge_hold(matte, nodes))[..., None]
    fields = {
        "yawSin": np.stack([relief, zero], -1) * follow,
        "yawCos": np.stack([-x, zero], -1) * follow,
        "pitchSin": np.stack([zero, relief], -1) * follow,
        "pitchCos": np.stack([zero, -y], -1) * follow,
        "rollSin": np.stack([-y, x], -1) * follow,
        "rollCos": np.stack([-x, -y], -1) * follow,
        "breath": _breath(points, face, nodes, follow[..., 0]) * _edge_hold(matte, nodes)[..., None],
    }
    return np.stack([fields[name] for name in HEAD_FEATURES]).astype(np.float32)


def _pivot(points: Floats) -> tuple[float, float]:
    """Where the head sits on the neck: under the ears, a little above the chin."""
    ears = (points[234, :2] + points[454, :2]) / 2
    chin = points[152, :2]
    x, y = ears * 0.35 + chin * 0.65
    return float(x), float(y)


def _relief(points: Floats, face: Measures, nodes: Floats, step: float) -> Floats:
    """Height over the ears, pixels: the landmarks' inside the face, falling off behind its outline."""
    rows, columns = nodes.shape[:2]
    oval = points[list(OVAL)]
    middle = oval[:, :2].mean(0)
    ears = float((points[234, 2] + points[454, 2]) / 2)
    far = oval.copy()
    far[:, :2] = middle + (oval[:, :2] - middle) * 1.45
    far[:, 2] = ears + (oval[:, 2] - ears) * 0.35 - 0.08 * face.unit
    known = np.concatenate([points, far])
    sums = np.zeros((rows, columns, 1), np.float32)
    counts = np.zeros((rows, columns), np.float32)
    cells = np.floor((known[:, :2] + 0.5) / step).astype(int)
    for (cx, cy), z in zip(cells, known[:, 2] - ears, strict=True):
        if 0 <= cx < columns and 0 <= cy < rows:
            sums[cy, cx, 0] += z
            counts[cy, cx] += 1
    mean = sums / np.maximum(counts, 1)[..., None]
    relief = fill(mean, np.minimum(counts, 1))[..., 0]
    return cv2.GaussianBlur(relief, (0, 0), max(0.12 * face.unit / step, 0.8))


def _on_head(points: Floats, face: Measures, nodes: Floats) -> Floats:
    """1 on the head, easing to 0 between the jaw and the collar."""
    down = face.to_local(nodes)
    chin = float(face.to_local(points[152:153, :2])[0, 1])
    jaw = float(face.to_local(points[[172, 397], :2])[:, 1].mean())
    side = np.clip(np.abs(down[..., 0]) / 1.4, 0, 1) ** 2
    start = (chin + 0.02) * (1 - side) + jaw * side
    t = np.clip((down[..., 1] - start) / 1.15, 0, 1)
    return np.asarray(1 - t * t * (3 - 2 * t), np.float32)


def _edge_hold(matte: Image, nodes: Floats) -> Floats:
    """0 at a side or top border that cuts through the person, so that nothing from beyond the picture is missed."""
    width = matte.shape[1]
    hold = np.ones(nodes.shape[:2], np.float32)
    reach = 0.2 * width
    for cut, distance in (
        ((matte[:, :2] > 128).mean(), nodes[..., 0]),
        ((matte[:, -2:] > 128).mean(), width - 1 - nodes[..., 0]),
        ((matte[:2] > 128).mean(), nodes[..., 1]),
    ):
        if cut > 0.01:
            t = np.clip(distance / reach, 0, 1)
            hold *= t * t * (3 - 2 * t)
    return hold


def _breath(points: Floats, face: Measures, nodes: Floats, follow: Floats) -> Floats:
    """Chest and shoulders rise and widen a little; the head rides along by a fraction."""
    local = face.to_local(nodes)
    chin = float(face.to_local(points[152:153, :2])[0, 1])
    t = np.clip((local[..., 1] - chin + 0.1) / 1.1, 0, 1)
    torso = t * t * (3 - 2 * t)
    deep = np.clip(1.25 - 0.12 * np.maximum(local[..., 1] - chin - 1, 0), 0.4, 1)
    up = -(0.055 * torso * deep + 0.012 * follow * (1 - torso))
    out = 0.012 * torso * np.clip(local[..., 0] / 1.5, -1, 1)
    return face.to_pixels(np.stack([out, up], -1))
