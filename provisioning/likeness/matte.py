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
Floats = NDArray[Any]

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
    guide = cv2.cvtColor(photo, cv2.COLOR_RGB2Lab).astype(np.float32) / 255.0
    fine = _guided(guide, first, radius, 1e-3, 3 if radius >= 6 else 1)
    sharp = np.clip((fine - 0.22) / 0.56, 0.0, 1.0)
    smooth = sharp * sharp * (3 - 2 * sharp)
    return np.round(_largest(smooth) * 255).astype(np.uint8)


def background_behind(photo: Image, matte: Image) -> tuple[Image, Image]:
    """The photograph with the person filled in from what surrounds them (pull-push, Gortler et al. 1996), and the
    matte with the fine things beside the person that belong to them: wisps of hair, the tip of a collar."""
    longest = max(photo.shape[:2])
    near, far = max(2, round(longest / 160)), max(4, round(longest / 28))
    ring = (_grown(matte, far) == 0) & (_grown(matte, 2 * far) > 0)
    unlike = np.abs(photo.astype(np.float32) - _filled_beyond(photo, matte, 2 * far)).max(2)
    if not ring.any() or float(np.percentile(unlike[ring], 75)) > 26:  # a busy background: what is beside is its own
        behind = _joined(photo, _filled_beyond(photo, matte, near), _grown(matte, near))
        return behind, np.maximum(
            matte, np.where(matte > 0, _least_cover(photo, behind.astype(np.float32)), 0).astype(np.uint8)
        )
    away = np.abs(photo.astype(np.float32) - _filled_beyond(photo, matte, far)).max(2)
    strong = np.clip((away - 18) / 24, 0, 1) * (_grown(matte, far) > 0)
    others = np.where(strong > 0, 255, _grown(matte, near)).astype(np.uint8)
    calm = _filled_beyond(photo, others, 2)
    edge = _grown(matte, 2) > 0
    share = cv2.GaussianBlur(np.where(edge, 1.0, strong).astype(np.float32), (0, 0), 1.0)
    share = np.where(edge, 1.0, share)[:, :, None]
    behind = calm * share + photo * (1 - share)
    away = np.abs(photo - calm).max(2)
    wisps = np.where((away * share[:, :, 0] > 10) & (share[:, :, 0] > 0.02), _least_cover(photo, behind), 0)
    return np.clip(np.round(behind), 0, 255).astype(np.uint8), np.maximum(matte, wisps.astype(np.uint8))


def _least_cover(photo: Image, behind: Floats) -> Floats:
    """0..255: the least that the person covers of each pixel, if this background and any person make the photograph."""
    lighter = (photo - behind) / np.maximum(255.0 - behind, 1)
    darker = (behind - photo) / np.maximum(behind, 1.0)
    return np.asarray(np.ceil(np.clip(np.maximum(lighter, darker).max(2), 0, 1) * 255), np.float32)


def _grown(matte: Image, reach: int) -> Image:
    """255 on the person and up to `reach` pixels beside them."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate((matte > 6).astype(np.uint8) * 255, kernel), np.uint8)


def _filled_beyond(photo: Image, matte: Image, reach: int) -> Floats:
    known = (_grown(matte, reach) == 0).astype(np.float32)
    if known.mean() < 0.01:  # nothing of the background is seen: a calm one of the picture's own colour
        known = np.full_like(known, 1e-3)
    return fill(photo.astype(np.float32), known)


def _joined(photo: Image, filled: Floats, person: Image) -> Image:
    known = (person == 0).astype(np.float32)
    soft = cv2.GaussianBlur(known, (0, 0), 1.5)[:, :, None] * known[:, :, None]
    return np.asarray(np.clip(np.round(photo * soft + filled * (1 - soft)), 0, 255), np.uint8)


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
    return np.asarray(values * known[:, :, None] + up * (1 - known[:, :, None]), np.float32)


def _guided(guide: Floats, target: Floats, radius: int, eps: float, part: int) -> Floats:
    """The colour guided filter: `target` (H, W) as a local linear function of `guide` (H, W, 3), whose coefficients
    are smooth and therefore found at 1/`part` of the size (He, Sun: "Fast Guided Filter", 2015)."""
    whole = (guide.shape[1], guide.shape[0])
    small = (max(whole[0] // part, 1), max(whole[1] // part, 1))
    slope, offset = _local_line(
        cv2.resize(guide, small, interpolation=cv2.INTER_AREA),
        cv2.resize(target, small, interpolation=cv2.INTER_AREA),
        2 * (radius // part) + 1,
        eps,
    )
    slope = cv2.resize(slope, whole, interpolation=cv2.INTER_LINEAR)
    return np.asarray((slope * guide).sum(-1) + cv2.resize(offset, whole, interpolation=cv2.INTER_LINEAR))


def _local_line(guide: Floats, target: Floats, side: int, eps: float) -> tuple[Floats, Floats]:
    """Slope (h, w, 3) and offset (h, w) of the line that fits `target` best in each square of `side` pixels."""

    def mean(a: Floats) -> Floats:
        return np.asarray(cv2.blur(a, (side, side)), np.float32)

    centre = mean(guide)
    cross = mean(guide * target[:, :, None]) - centre * mean(target)[:, :, None]
    second = np.empty((*target.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(3):
            second[:, :, i, j] = mean(guide[:, :, i] * guide[:, :, j]) - centre[:, :, i] * centre[:, :, j]
    second += eps * np.eye(3, dtype=np.float32)
    slope = np.linalg.solve(second, cross[..., None])[..., 0].astype(np.float32)
    return mean(slope), mean(mean(target) - (slope * centre).sum(-1))


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
