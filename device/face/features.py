"""From a pose to what the fields of a rig are weighted with.

A pose is in people's terms ("the jaw is open, but the lips are pressed"); a field is linear. What is not linear between
the two (lips that stay shut whatever the jaw does, the sine of an angle) happens here and nowhere else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.face.pose import INDEX, PARAMETERS, Pose

Weights = NDArray[np.float32]

HEAD_FEATURES = (
    "yawSin",
    "yawCos",  # 1 - cos
    "pitchSin",
    "pitchCos",
    "rollSin",
    "rollCos",
    "breath",
)

FACE_FEATURES = (
    "lipDrop",  # the lower lip follows the jaw
    "jawDrop",  # chin and jaw
    "press",
    "funnel",
    "pucker",
    "stretch",
    "smileLeft",
    "smileRight",
    "frownLeft",
    "frownRight",
    "upperUp",
    "lowerDown",
    "rollLower",
    "cheekLeft",
    "cheekRight",
    "browInner",
    "browOuterLeft",
    "browOuterRight",
    "browDownLeft",
    "browDownRight",
)

LIMITS: dict[str, tuple[float, float]] = {
    "gazeX": (-1.0, 1.0),
    "gazeY": (-1.0, 1.0),
    "headYaw": (-12.0, 12.0),
    "headPitch": (-10.0, 10.0),
    "headRoll": (-10.0, 10.0),
}
"""What one photograph can show without guessing: beyond it, an ear or a nostril would have to be invented."""

_LOW = np.array([LIMITS.get(name, (0.0, 1.0))[0] for name in PARAMETERS], np.float32)
_HIGH = np.array([LIMITS.get(name, (0.0, 1.0))[1] for name in PARAMETERS], np.float32)


def limited(pose: Pose) -> Pose:
    """The pose within LIMITS (0..1 for the rest); a value that is no number counts as 0."""
    return np.clip(np.nan_to_num(np.asarray(pose, np.float32), nan=0.0), _LOW, _HIGH)


def head_weights(pose: Pose) -> Weights:
    """A limited pose -> (len(HEAD_FEATURES),)."""
    angles = np.deg2rad(pose[[INDEX["headYaw"], INDEX["headPitch"], INDEX["headRoll"]]])
    out = np.zeros(len(HEAD_FEATURES), np.float32)
    out[0:6:2] = np.sin(angles)
    out[1:6:2] = 1.0 - np.cos(angles)
    out[6] = pose[INDEX["breath"]]
    return out


def face_weights(pose: Pose) -> Weights:
    """A limited pose -> (len(FACE_FEATURES),)."""

    def of(name: str) -> float:
        return float(pose[INDEX[name]])

    press = of("mouthClose")
    part = 1.0 - press  # how far the lips may part
    funnel, pucker = of("mouthFunnel"), of("mouthPucker")
    narrow = min(1.0, 1.0 / max(funnel + pucker, 1e-6))  # together they ask for one round mouth, not for two
    jaw = of("jawOpen")
    values = (
        jaw * part,
        jaw * (1.0 - 0.5 * press),
        press,
        funnel * narrow * (0.4 + 0.6 * part),
        pucker * narrow,
        of("mouthStretch"),
        of("mouthSmileLeft"),
        of("mouthSmileRight"),
        of("mouthFrownLeft"),
        of("mouthFrownRight"),
        of("mouthUpperUp") * part,
        of("mouthLowerDown") * part,
        of("mouthRollLower") * part,
        of("cheekSquintLeft"),
        of("cheekSquintRight"),
        of("browInnerUp"),
        of("browOuterUpLeft"),
        of("browOuterUpRight"),
        of("browDownLeft"),
        of("browDownRight"),
    )
    return np.array(values, np.float32)
