"""Whether the picture is sound whatever the pose: no fold in the fields, no hole in the face, no restless pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.features import limited
from device.face.fields import Fields
from device.face.pose import Pose, neutral
from device.face.prepared import Prepared
from device.face.render import Frame, Rgba
from device.face.rig import Rig
from device.face.warp import sample

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

SOLID = 250
"""Alpha from which nothing of the background is seen."""
INSET = 0.04
"""Of the face's height: so far within the landmarks' outline holes are looked for; the outline itself is soft."""


def jacobian(forward: Floats, step: float) -> Floats:
    """For every cell of a forward field (rows, columns, 2) on a grid of `step` pixels, the least determinant of the
    movement's derivative at its four corners, (rows - 1, columns - 1): 1 where nothing moves, 0 where an area becomes a
    line, negative where it is turned over. Within a bilinear cell the determinant is nowhere less."""
    across, down = np.diff(forward, axis=1) / np.float32(step), np.diff(forward, axis=0) / np.float32(step)
    least = np.full((forward.shape[0] - 1, forward.shape[1] - 1), np.inf, np.float32)
    for x in (across[:-1], across[1:]):
        for y in (down[:, :-1], down[:, 1:]):
            least = np.minimum(least, (1 + x[..., 0]) * (1 + y[..., 1]) - x[..., 1] * y[..., 0])
    return least


def folds(fields: Fields, poses: Iterable[Pose]) -> dict[str, Any]:
    """The least determinant of the head's field and of both copies of the face's, each on its own side of the lip line,
    over all poses; "folded" counts poses with one that is not above 0."""
    upper_side, lower_side = sides(fields)
    least: dict[str, float] = {"head": 1.0, "upper": 1.0, "lower": 1.0}
    folded = count = 0
    for pose in poses:
        moved = fields.moved(limited(pose))
        found = {
            "head": float(jacobian(moved.head_forward, fields.head_grid.step).min()),
            "upper": float(jacobian(moved.upper_forward, fields.step)[upper_side].min()),
            "lower": float(jacobian(moved.lower_forward, fields.step)[lower_side].min()),
        }
        least = {name: min(least[name], found[name]) for name in least}
        folded += min(found.values()) <= 0.0
        count += 1
    return {"poses": count, "folded": folded, "least": {name: round(value, 3) for name, value in least.items()}}


def sides(fields: Fields) -> tuple[Mask, Mask]:
    """Cells of the face's grid that lie, with any corner, above and below the lip line."""
    nodes = fields.face_grid.nodes()
    upper, lower = fields.slit.distances(nodes[..., 0], nodes[..., 1])
    below = (upper + lower) / 2 > 0
    corners = np.stack([below[:-1, :-1], below[:-1, 1:], below[1:, :-1], below[1:, 1:]])
    return np.asarray(~corners.all(0)), np.asarray(corners.any(0))


def holes(rig: Rig, parts: Prepared, person: Callable[[Pose], Rgba], poses: Mapping[str, Pose]) -> dict[str, Any]:
    """Pixels within the face's outline, where the pose has moved it, through which the background is seen: the most in
    any pose beyond those of the photograph itself, and in which pose."""
    before = _see_through(rig, parts, person, neutral())
    counts = {name: _see_through(rig, parts, person, pose) - before for name, pose in poses.items()}
    worst = max(counts, key=lambda name: counts[name])
    return {"poses": len(counts), "pixels": max(counts[worst], 0), "worst": worst if counts[worst] > 0 else None}


def _see_through(rig: Rig, parts: Prepared, person: Callable[[Pose], Rgba], pose: Pose) -> int:
    alpha = person(pose)[..., 3]
    return int((alpha[face_mask(rig, parts, pose)] < SOLID).sum())


def face_mask(rig: Rig, parts: Prepared, pose: Pose) -> Mask:
    """The pixels of the face in a pose: the landmarks' outline, a little smaller, carried along by the head."""
    points = parts.place.to_frame(rig.landmarks[:, :2])
    moved = parts.fields.moved(limited(pose))
    points = points + sample(moved.head_forward, parts.fields.head_grid.index(points[None]), cv2.BORDER_REPLICATE)[0]
    mask = np.zeros(parts.base.shape[:2], np.uint8)
    outline = cv2.convexHull(np.rint(points).astype(np.int32))
    cv2.fillConvexPoly(mask, outline, 255)
    inset = 2 * round(INSET * float(np.ptp(points[:, 1]))) + 1
    return np.asarray(cv2.erode(mask, np.ones((inset, inset), np.uint8)) > 0)


def stillness(render: Callable[[Pose], Frame], poses: Mapping[str, Pose]) -> dict[str, Any]:
    """Each pose drawn, the next one drawn, and the first again: pixels that are not what they were, over all poses."""
    chosen = list(poses.values())
    changed = 0
    for pose, between in zip(chosen, [*chosen[1:], chosen[0]], strict=True):
        first = render(pose).copy()
        render(between)
        changed += int((render(pose) != first).any(-1).sum())
    return {"poses": len(chosen), "changed_pixels": changed}
