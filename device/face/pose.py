"""The parameters that move a face: one flat vector, the language between motion and every renderer.

Names follow ARKit's blend shapes where one exists; weights are 0..1 unless a range is given.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Pose = NDArray[np.float32]
"""Shape (len(PARAMETERS),)."""

PARAMETERS = (
    "jawOpen",
    "mouthClose",  # lips pressed shut whatever the jaw does (p b m)
    "mouthFunnel",  # lips forward and open (O)
    "mouthPucker",  # lips forward and closed (U, w)
    "mouthStretch",  # corners apart (E, I)
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthUpperUp",
    "mouthLowerDown",
    "mouthRollLower",  # lower lip to the upper teeth (f v)
    "tongueUp",  # tongue tip behind the upper teeth (TH DD nn)
    "cheekSquintLeft",
    "cheekSquintRight",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeWideLeft",
    "eyeWideRight",
    "gazeX",  # -1..1, + is the picture's right; 1 is about 25 degrees
    "gazeY",  # -1..1, + is down
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "browDownLeft",
    "browDownRight",
    "headYaw",  # degrees, + turns towards the picture's right
    "headPitch",  # degrees, + nods down
    "headRoll",  # degrees, + tilts clockwise in the picture
    "breath",  # 0..1 of a full breath: chest and shoulders rise
)

INDEX = {name: i for i, name in enumerate(PARAMETERS)}


def opening(poses: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far the mouth is open in poses of shape (..., parameters), about 0..1."""
    jaw, shut = poses[..., INDEX["jawOpen"]], poses[..., INDEX["mouthClose"]]
    upper, lower = poses[..., INDEX["mouthUpperUp"]], poses[..., INDEX["mouthLowerDown"]]
    return np.asarray((jaw + lower + 0.3 * upper + 0.5 * poses[..., INDEX["mouthFunnel"]]) * (1.0 - shut), np.float64)


def neutral() -> Pose:
    """The photograph itself: every parameter zero."""
    return np.zeros(len(PARAMETERS), np.float32)


def posed(weights: Mapping[str, float]) -> Pose:
    """A pose from parameter names; unknown names are a KeyError."""
    pose = neutral()
    for name, weight in weights.items():
        pose[INDEX[name]] = weight
    return pose
