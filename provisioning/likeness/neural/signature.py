"""What the ONNX files of a portrait network must take and give: LivePortrait's signature, checked as a file is opened.

File names are those usual for exports of it; where tensors have no telling names their order decides, as those exports
have it. A dimension that a file leaves open is checked on what it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.errors import BadInput
from provisioning.likeness.neural.keypoints import BINS, COUNT

Shape = tuple[int, ...]

CROP = 256
"""Pixels of the side of what the extractors look at."""
OUTPUT = 512
"""Pixels of the side of what the generator draws."""
_VOLUME: Shape = (1, 32, 16, 64, 64)
_POINTS = 3 * COUNT
MOTION = ("pitch", "yaw", "roll", "t", "exp", "scale", "kp")
"""The motion extractor's outputs in their usual order."""
HINT = "export it as float32 for one picture with LivePortrait's signature; the README names the files"


@dataclass(frozen=True, slots=True)
class Part:
    """One file."""

    names: tuple[str, ...]
    """Usual names of the file, the first one first."""
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]


PARTS = {
    "appearance": Part(("appearance_feature_extractor.onnx",), ((1, 3, CROP, CROP),), (_VOLUME,)),
    "motion": Part(
        ("motion_extractor.onnx",),
        ((1, 3, CROP, CROP),),
        ((1, BINS), (1, BINS), (1, BINS), (1, 3), (1, _POINTS), (1, 1), (1, _POINTS)),
    ),
    "stitching": Part(("stitching.onnx",), ((1, 2 * _POINTS),), ((1, _POINTS + 2),)),
    "eyes": Part(("stitching_eye.onnx", "eye_retargeting.onnx"), ((1, _POINTS + 3),), ((1, _POINTS),)),
    "lips": Part(("stitching_lip.onnx", "lip_retargeting.onnx"), ((1, _POINTS + 2),), ((1, _POINTS),)),
    "generator": Part(
        ("warping_spade.onnx", "warping_spade-fix.onnx"),
        (_VOLUME, (1, COUNT, 3), (1, COUNT, 3)),
        ((1, 3, OUTPUT, OUTPUT),),
    ),
}


def check(path: Path, part: Part, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    """`inputs` and `outputs` are onnxruntime's NodeArgs. Raises BadInput with the first thing that is otherwise."""
    wanted = outputs_of(part, [node.name for node in outputs])
    for kind, shapes, nodes in (("input", part.inputs, inputs), ("output", wanted, outputs)):
        if len(nodes) != len(shapes):
            expected = f"{len(shapes)} {kind}{'s' if len(shapes) > 1 else ''}"
            raise BadInput(str(path), expected=expected, got=f"{len(nodes)}", hint=HINT)
        for node, shape in zip(nodes, shapes, strict=True):
            if node.type != "tensor(float)":
                raise BadInput(str(path), expected=f"{kind} {node.name} as float32", got=str(node.type), hint=HINT)
            if not fits(node.shape, shape):
                expected = f"{kind} {node.name} of {written(shape)}"
                raise BadInput(str(path), expected=expected, got=written(node.shape), hint=HINT)


def outputs_of(part: Part, names: Sequence[str]) -> tuple[Shape, ...]:
    """The outputs' shapes in a file's own order: with names, the motion extractor's may come in any."""
    if part is PARTS["motion"] and sorted(names) == sorted(MOTION):
        return tuple(part.outputs[MOTION.index(name)] for name in names)
    return part.outputs


def fits(have: Sequence[Any], want: Shape) -> bool:
    """Whether a shape is `want`, where text or None stand for any length."""
    return len(have) == len(want) and all(not isinstance(a, int) or a == b for a, b in zip(have, want, strict=True))


def written(shape: Sequence[Any]) -> str:
    """1 x 3 x 256 x 256"""
    return " x ".join(str(side) for side in shape) or "a single number"
