"""Mouth shapes: what each viseme of the Oculus-15 set asks of the pose parameters at full articulation.

The set and its order are Oculus LipSync's; the weights are ours, tuned by eye on rendered faces so that the shapes can
be told apart at speaking speed without ever looking shouted: a calm old voice opens its mouth little.
"""

from __future__ import annotations

VISEME_POSES: dict[str, dict[str, float]] = {
    "sil": {},
    "PP": {"mouthClose": 1.0, "mouthPucker": 0.12},
    "FF": {"mouthRollLower": 0.9, "mouthUpperUp": 0.5, "jawOpen": 0.04},
    "TH": {"jawOpen": 0.16, "tongueUp": 0.8, "mouthLowerDown": 0.12, "mouthUpperUp": 0.05},
    "DD": {"jawOpen": 0.14, "tongueUp": 0.9, "mouthLowerDown": 0.15, "mouthUpperUp": 0.05},
    "kk": {"jawOpen": 0.2, "mouthLowerDown": 0.1, "mouthUpperUp": 0.05},
    "CH": {"jawOpen": 0.1, "mouthFunnel": 0.5, "mouthUpperUp": 0.05, "mouthLowerDown": 0.1},
    "SS": {"jawOpen": 0.06, "mouthStretch": 0.3, "mouthLowerDown": 0.25, "mouthUpperUp": 0.08},
    "nn": {"jawOpen": 0.12, "tongueUp": 1.0, "mouthLowerDown": 0.1, "mouthUpperUp": 0.03},
    "RR": {"jawOpen": 0.12, "mouthFunnel": 0.35, "tongueUp": 0.3, "mouthLowerDown": 0.08},
    "aa": {"jawOpen": 0.66, "mouthLowerDown": 0.12, "mouthUpperUp": 0.12},
    "E": {"jawOpen": 0.36, "mouthStretch": 0.4, "mouthLowerDown": 0.2, "mouthUpperUp": 0.12},
    "I": {"jawOpen": 0.17, "mouthStretch": 0.6, "mouthLowerDown": 0.2, "mouthUpperUp": 0.06},
    "O": {"jawOpen": 0.42, "mouthFunnel": 0.8},
    "U": {"jawOpen": 0.14, "mouthPucker": 0.8, "mouthFunnel": 0.25},
}
"""Viseme -> parameter -> weight; parameters that are absent are zero."""
