"""What a portrait network is asked for: a picture each, from which one or more regions take a cell. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from device.face.viseme_poses import VISEME_POSES

INTENSITIES = (0.4, 0.7, 1.0)
"""Of each viseme; below the first the photograph itself is the better picture."""
By = Literal["driver", "lips", "eyes"]


@dataclass(frozen=True, slots=True)
class Request:
    """One picture."""

    name: str
    weights: Mapping[str, float]
    """The pose that it shows: parameter -> weight."""
    regions: tuple[str, ...]
    by: By = "driver"
    """Whose expression: that of the photograph as the rig moves it, or the photograph's own with lips or eyes closed
    by the network's own retargeting, which knows closed ones better than a photograph that has none."""
    strength: float = 1.0
    """0..1: how far lips or eyes are closed."""


_SMILE = {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0, "cheekSquintLeft": 0.6, "cheekSquintRight": 0.6}
_LAUGH = {**_SMILE, "cheekSquintLeft": 0.8, "cheekSquintRight": 0.8, "jawOpen": 0.45, "mouthUpperUp": 0.4}
_TURNS = {"yaw": ("headYaw", 8.0), "pitch": ("headPitch", 6.0)}


def plan() -> tuple[Request, ...]:
    """Every viseme but silence, which is the photograph, at each intensity; smiles, a blink, and small turns."""
    visemes = (
        Request(f"{name} {share:.0%}", _scaled(weights, share), ("mouth",), "lips" if name == "PP" else "driver", share)
        for name, weights in VISEME_POSES.items()
        for share in INTENSITIES
        if weights
    )
    smiles = (
        Request(f"{name} {share:.0%}", _scaled(weights, share), ("mouth",))
        for name, weights, shares in (("smile", _SMILE, (0.5, 1.0)), ("laugh", _LAUGH, (0.6, 1.0)))
        for share in shares
    )
    blink = Request("blink", {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, ("eyeLeft", "eyeRight"), "eyes")
    turns = (
        Request(f"{name} {sign * size:+.0f}", {parameter: sign * size}, ("face",))
        for name, (parameter, size) in _TURNS.items()
        for sign in (-1, 1)
    )
    return (*visemes, *smiles, blink, *turns)


def _scaled(weights: Mapping[str, float], share: float) -> dict[str, float]:
    return {name: share * weight for name, weight in weights.items()}
