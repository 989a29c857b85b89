"""What the landmarks see of the rig's own movements.

A photograph that is warped shows a nod less plainly than a head does, and landmarks shrink what they see. So the rig is
drawn with known movements and measured as the film is: what a film shows is then played as strongly as it must be for
the portrait to look the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.pose import posed
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig
from provisioning.likeness.film.align import align
from provisioning.likeness.film.track import Reader

Floats = NDArray[Any]

SIDE = 640
"""Pixels of the longer side of what is drawn."""
_TRIED = {"headYaw": 6.0, "headPitch": 6.0, "headRoll": 6.0}
SMILE = {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0, "cheekSquintLeft": 0.6, "cheekSquintRight": 0.6}
"""A full smile as the frame plays it (see face.motion)."""
_LEAST, _MOST = 0.6, 2.2  # times


@dataclass(frozen=True, slots=True)
class Ruler:
    """Measures of one rig."""

    gains: Floats
    """(3,) degrees of a pose for one measured degree of yaw, pitch and roll."""
    smile: Floats | None = None
    """(478, 2) pixels of the photograph that the landmarks move in SMILE."""


def ruler(rig: Rig, reader: Reader) -> Ruler:
    """Draws the rig and measures it; gains of 1 and no smile where it cannot be measured."""
    scale = SIDE / max(rig.photo.shape[:2])
    size = (max(round(rig.photo.shape[1] * scale), 16), max(round(rig.photo.shape[0] * scale), 16))
    renderer = RenderCpu(rig, size)

    def points(weights: Mapping[str, float]) -> Floats | None:
        frame = renderer.render(posed(weights))
        faces = reader.detect(frame)
        return reader.landmarks(frame, faces[0])[0] if faces else None

    rest = points({})
    gains = np.ones(3)
    if rest is None:
        return Ruler(gains)
    for axis, (name, degrees) in enumerate(_TRIED.items()):
        ends = [points({name: sign * degrees}) for sign in (-1.0, 1.0)]
        if ends[0] is None or ends[1] is None:
            continue
        low, high = align(np.stack(ends), rest).angles[:, axis]  # type: ignore[arg-type]
        if high - low > 1.0:
            gains[axis] = np.clip(2 * degrees / (high - low), _LEAST, _MOST)
    smiling = points(SMILE)
    if smiling is None:
        return Ruler(gains)
    still, moved = align(np.stack([rest, smiling]), rig.landmarks).points
    return Ruler(gains, (moved - still)[:, :2])
