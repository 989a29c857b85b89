"""Person and background: a soft matte from the selfie segmentation graph, and what lies behind the person.

The graph takes (1, 256, 256, 3) in 0..1 and gives the probability of "person" at 256 x 256; a guided filter
(He, Sun, Tang: "Guided Image Filtering", 2010) brings its edge onto the photograph's own edge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from device.errors import Broken

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SIDE = 256


def person_matte(photo: Image, model: Path) -> Image:
    """RGB (H, W, 3) -> (H, W), 255 where the person is, soft at the edge."""
    try:
        graph: Any = Interpreter(model_path=str(model), num_threads=1)
        graph.allocate_tensors()
    except (OSError, ValueError, RuntimeError) as error:
        raise Broken(
            str(model), expected="the selfie segmentation graph", got=str(error), hint="fetch the models again"
        ) from error
    small = cv2.resize(photo, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    graph.set_tensor(graph.get_input_details()[0]["index"], small[None])
    graph.invoke()
    coarse = graph.get_tensor(graph.get_output_details()[0]["index"])[0, :, :, 0]
    height, width = photo.shape[:2]
    first = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    radius = max(2, round(max(height, width) / 110))
    fine = _guided(cv2.cvtColor(photo, cv2.COLOR_RGB2Lab).astype(np.float32) / 255.0, first, radius, 1e-3)
    sharp = np.clip((fine - 0.22) / 0.56, 0.0, 1.0)
    smooth = sharp * sharp * (3 - 2 * sharp)
    return np.round(_largest(smooth) * 255).astype(np.uint8)


def background_behind(photo: Image, matte: Image) -> Image:
    """The photograph with the person filled in from what surrounds them (pull-push, Gortler et al. 1996)."""
    reach = max(2, round(max(photo.shape[:2]) / 160))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    person = cv2.dilate((matte > 6).astype(np.uint8), kernel)
    known = (1 - person).astype(np.float32)
    if known.mean() < 0.01:  # nothing of the background is seen: a calm dark one of the picture's own colour
        known = np.full_like(known, 1e-3)
    filled = fill(photo.astype(np.float32), known)
    soft = cv2.GaussianBlur(known, (0, 0), reach / 2)[:, :, None] * known[:, :, None]
    out = photo * soft + filled * (1 - soft)
    return np.clip(np.round(out), 0, 255).astype(np.uint8)


def fill(values: Floats, known: Floats) -> Floats:
    """Smoothly continues `values` (H, W, C) into where `known` (H, W) is 0; weights between 0 and 1 count in part."""
    if min(values.shape[:2]) <= 2:
        total = max(float(known.sum()), 1e-6)
        mean = (values * known[:, :, None]).sum((0, 1)) / total
        return np.where(known[:, :, None] > 0, values, mean).astype(np.float32)
    half = ((values.shape[1] + 1) // 2, (values.shape[0] + 1) // 2)
    weight = cv2.resize(known, half, interpolation=cv2.INTER_AREA)
    product = cv2.resize(values * known[:, :, None], half, interpolation=cv2.INTER_AREA).reshape(half[1], half[0], -1)
    below = fill(product / np.maximum(weight, 1e-6)[:, :, None], np.minimum(weight * 4, 1).astype(np.float32))
    up = cv2.resize(below, (values.shape[1], values.shape[0]), interpolation=cv2.INTER_LINEAR)
    up = up.reshape(values.shape)
    return (values * known[:, :, None] + up * (1 - known[:, :, None])).astype(np.float32)


def _guided(guide: Floats, target: Floats, radius: int, eps: float) -> Floats:
    """The colour guided filter: `target` (H, W) as a local linear function of `guide` (H, W, 3)."""
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(a: Floats) -> Floats:
        return np.asarray(cv2.blur(a, size), np.float32)

    centre = mean(guide)
    cross = mean(guide * target[:, :, None]) - centre * mean(target)[:, :, None]
    second = np.empty((*target.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(3):
            second[:, :, i, j] = mean(guide[:, :, i] * guide[:, :, j]) - centre[:, :, i] * centre[:, :, j]
    second += eps * np.eye(3, dtype=np.float32)
    slope = np.linalg.solve(second, cross[..., None])[..., 0].astype(np.float32)
    offset = mean(target) - (slope * centre).sum(-1)
    return np.asarray((mean(slope) * guide).sum(-1) + mean(offset), np.float32)


def _largest(matte: Floats) -> Floats:
    """Keeps the largest person and closes holes in them."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((matte > 0.1).astype(np.uint8))
    if count < 2:
        return matte
    keep = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    person = np.where(labels == keep, matte, 0.0).astype(np.float32)
    _, holes, sizes, _ = cv2.connectedComponentsWithStats((person < 0.5).astype(np.uint8), connectivity=4)
    limit = matte.size * 0.004
    for i in range(1, len(sizes)):
        if sizes[i, cv2.CC_STAT_AREA] < limit:
            person[holes == i] = np.maximum(person[holes == i], 1.0)
    return person
