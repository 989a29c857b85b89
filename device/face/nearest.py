"""Which cells of an atlas a pose shows, and how much of each. Pure.

Between poses the two nearest are cross-faded by Franke and Little's weights ((R - d) / (R d))^2, in which R is the
distance of the third nearest ("Modified Shepard", Franke and Nielson 1980), so that nothing jumps when one takes
another's place. The photograph itself is the cell of the pose at rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.face.curves import ease
from device.face.features import LIMITS
from device.face.pose import INDEX, Pose

Floats = NDArray[np.float32]
Picks = tuple[tuple[int, float], ...]
"""Up to two (cell, share), shares 0..1; what is missing to 1 is the photograph's."""

QUIET = 0.1
"""Distance from rest up to which the photograph alone is shown; at twice that cells are let in wholly."""
_ALIKE = 0.06
"""Distances are never less, in quadrature: cells that are nearly alike share a pose instead of snatching it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a region's cells are told apart by."""

    weights: dict[str, float]
    """Parameter -> weight in the distance; degrees count as shares of their limit."""
    reach: float
    """Distance from a cell at which it is no longer shown at all."""

    def distances(self, poses: Floats, pose: Pose) -> Floats:
        """(n,) from each of the poses (n, len(PARAMETERS))."""
        columns = [INDEX[name] for name in self.weights]
        scale = np.array([w / LIMITS.get(name, (0.0, 1.0))[1] for name, w in self.weights.items()], np.float32)
        return np.asarray(np.linalg.norm((poses[:, columns] - pose[columns]) * scale, axis=1), np.float32)


_MOUTH = ("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthStretch", "mouthSmileLeft", "mouthSmileRight",
          "mouthFrownLeft", "mouthFrownRight", "mouthUpperUp", "mouthLowerDown", "mouthRollLower")  # fmt: skip
RULES = {
    "face": Rule({"headYaw": 1.0, "headPitch": 1.0, "headRoll": 1.0}, 0.8),
    # A lid half-way down is the rig's: of two lids at different heights one would see both.
    "eyeLeft": Rule({"eyeBlinkLeft": 1.0}, 0.25),
    "eyeRight": Rule({"eyeBlinkRight": 1.0}, 0.25),
    "mouth": Rule({**dict.fromkeys(_MOUTH, 1.0), "tongueUp": 0.4}, 0.6),
}


def picks(rule: Rule, poses: Floats, pose: Pose) -> Picks:
    """The cells of `poses` (n, len(PARAMETERS)) that a limited pose shows."""
    rest = rule.distances(np.zeros((1, len(pose)), np.float32), pose)
    apart = np.concatenate([rest, rule.distances(poses, pose)]).astype(np.float64)
    away = np.hypot(apart, _ALIKE)
    order = np.argsort(away, kind="stable")
    near = order[:2]
    beyond = float(away[order[2]]) if len(order) > 2 else float("inf")
    weights = np.maximum(1 / away[near] - 1 / beyond, 0.0) ** 2
    total = float(weights.sum())
    if total <= 0:  # three alike: each pair would be as good
        weights, total = np.ones(len(near)), float(len(near))
    strength = ease((float(rest[0]) - QUIET) / QUIET)
    found = []
    for index, weight in zip(near, weights, strict=True):
        share = strength * float(weight) / total * ease(1.0 - float(apart[index]) / rule.reach)
        if index > 0 and share > 0.004:  # less than one grey level
            found.append((int(index) - 1, share))
    return tuple(found)
