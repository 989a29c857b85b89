"""Which cells of an atlas a pose shows, and how much of each. Pure.

Between poses the two nearest are cross-faded by Franke and Little's weights ((R - d) / (R d))^2, in which R is the
distance of the third nearest ("Modified Shepard", Franke and Nielson 1980), so that nothing jumps when one takes
another's place. Together they have all of the region, or what is between the lips would be half the network's and half
the rig's; only towards rest, and where no cell is near, do they give way to the photograph.
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
_LEAST = 0.004  # less than one grey level
_ALIKE = 0.06
"""Distances are never less, in quadrature: cells that are nearly alike share a pose instead of snatching it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a region's cells are told apart by."""

    weights: dict[str, float]
    """Parameter -> weight in the distance; degrees count as shares of their limit."""
    whole: float
    """Distance of the nearest cell up to which cells have all of the region,"""
    reach: float
    """and from which on they have nothing of it."""

    def distances(self, poses: Floats, pose: Pose) -> Floats:
        """(n,) from each of the poses (n, len(PARAMETERS))."""
        columns = [INDEX[name] for name in self.weights]
        scale = np.array([w / LIMITS.get(name, (0.0, 1.0))[1] for name, w in self.weights.items()], np.float32)
        return np.asarray(np.linalg.norm((poses[:, columns] - pose[columns]) * scale, axis=1), np.float32)


_MOUTH = ("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthStretch", "mouthSmileLeft", "mouthSmileRight",
          "mouthFrownLeft", "mouthFrownRight", "mouthUpperUp", "mouthLowerDown", "mouthRollLower")  # fmt: skip
RULES = {
    "face": Rule({"headYaw": 1.0, "headPitch": 1.0, "headRoll": 1.0}, 0.3, 0.8),
    # A lid half-way down is the rig's: of two lids at different heights one would see both.
    "eyeLeft": Rule({"eyeBlinkLeft": 1.0}, 0.02, 0.25),
    "eyeRight": Rule({"eyeBlinkRight": 1.0}, 0.02, 0.25),
    "mouth": Rule({**dict.fromkeys(_MOUTH, 1.0), "tongueUp": 0.4}, 0.3, 0.6),
}


def picks(rule: Rule, poses: Floats, pose: Pose) -> Picks:
    """The cells of `poses` (n, len(PARAMETERS)) that a limited pose shows."""
    rest = float(rule.distances(np.zeros((1, len(pose)), np.float32), pose)[0])
    if rest <= QUIET:
        return ()
    apart = rule.distances(poses, pose).astype(np.float64)
    order = np.argsort(apart, kind="stable")
    nearest = float(apart[order[0]])
    strength = ease((rest - QUIET) / QUIET) * ease(2.0 * (1.0 - nearest / rest))
    strength *= ease((rule.reach - nearest) / (rule.reach - rule.whole))
    away = np.hypot(apart[order[:3]], _ALIKE)
    beyond = float(away[2]) if len(away) > 2 else float("inf")
    weights = np.maximum(1 / away[:2] - 1 / beyond, 0.0) ** 2
    total = float(weights.sum())
    if total <= 0:  # three alike: each pair would be as good
        weights, total = np.ones(len(weights)), float(len(weights))
    shares = strength * weights / total
    return tuple((int(i), float(share)) for i, share in zip(order[:2], shares, strict=True) if share > _LEAST)
