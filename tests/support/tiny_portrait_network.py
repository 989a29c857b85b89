"""Six small ONNX files of LivePortrait's signature, made by arithmetic: nothing in them was learnt.

The appearance volume holds the picture itself, four by four pixels a cell. The motion extractor says how dark it is
below the lips. The generator draws the picture in its own colours, its lower lip lower by as much as the driving
keypoint lies lower than the source's, with darkness in between, and its upper lids lower by another keypoint's.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from provisioning.likeness.neural.signature import MOTION, PARTS

TINT = (0.85, 1.05, 0.95)
LIFT = 0.02
_LIP, _LID = 19, 13  # keypoints: one that goes with the lower lip, one with the lids
_MOUTH_AT, _EYES_AT = (249.0, 359.0), ((207.0, 258.0), (291.0, 258.0))  # of the demo elder in LivePortrait's framing
_PIXELS = 260.0  # by which the lower lip goes down for a keypoint that is 1 lower
_OPSET = 17

Node = onnx.NodeProto
Floats = NDArray[np.float32]


def write(folder: Path) -> Path:
    """All six files under their usual names -> `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in models().items():
        onnx.save(model, str(folder / name))
    return folder


def models() -> dict[str, onnx.ModelProto]:
    """File name -> model."""
    return {
        "appearance_feature_extractor.onnx": _appearance(),
        "motion_extractor.onnx": _motion(),
        "stitching.onnx": _linear(126, np.zeros((126, 65), np.float32)),
        "stitching_eye.onnx": _linear(66, _ratios(66, _LID)),
        "stitching_lip.onnx": _linear(65, _ratios(65, _LIP)),
        "warping_spade.onnx": _generator(),
    }


def model(
    nodes: list[Node],
    inputs: dict[str, tuple[int | str, ...]],
    outputs: dict[str, tuple[int | str, ...]],
    constants: dict[str, NDArray[np.generic]],
    kind: int = TensorProto.FLOAT,
) -> onnx.ModelProto:
    """A model of these parts; lengths may be names."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)


def _appearance() -> onnx.ModelProto:
    nodes = [
        helper.make_node("SpaceToDepth", ["img"], ["deep"], blocksize=4),
        helper.make_node("Pad", ["deep", "pads"], ["padded"]),
        helper.make_node("Reshape", ["padded", "shape"], ["feature_3d"]),
    ]
    pads = np.array([0, 0, 0, 0, 0, 512 - 48, 0, 0], np.int64)
    constants = {"pads": pads, "shape": np.array([1, 32, 16, 64, 64], np.int64)}
    return model(nodes, {"img": (1, 3, 256, 256)}, {"feature_3d": (1, 32, 16, 64, 64)}, constants)


def _motion() -> onnx.ModelProto:
    """Keypoint _LIP's expression is the mean darkness in a patch below the lips, in the picture's own 0..1."""
    look = np.zeros((3 * 32 * 32, 63), np.float32)
    patch = np.zeros((3, 32, 32), np.float32)
    patch[:, 22:24, 13:19] = -1.0 / (3 * 2 * 6)
    look[:, 3 * _LIP + 1] = patch.ravel()
    bias = np.zeros(63, np.float32)
    bias[3 * _LIP + 1] = 1.0
    nodes = [
        helper.make_node("AveragePool", ["img"], ["pooled"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Gemm", ["flat", "look", "bias"], ["exp"]),
        *(helper.make_node("Identity", [f"said_{name}"], [name]) for name in MOTION if name != "exp"),
    ]
    canonical = np.random.default_rng(3).normal(0, 0.3, (1, 63)).astype(np.float32)
    bins = {f"said_{name}": np.zeros((1, 66), np.float32) for name in ("pitch", "yaw", "roll")}
    rest = {"said_t": np.zeros((1, 3), np.float32), "said_scale": np.ones((1, 1), np.float32), "said_kp": canonical}
    outputs = dict(zip(MOTION, PARTS["motion"].outputs, strict=True))
    return model(nodes, {"img": (1, 3, 256, 256)}, {**outputs}, {"look": look, "bias": bias, **bins, **rest})


def _linear(size: int, weights: Floats) -> onnx.ModelProto:
    nodes = [helper.make_node("MatMul", ["input", "weights"], ["output"])]
    return model(nodes, {"input": (1, size)}, {"output": (1, weights.shape[1])}, {"weights": weights})


def _ratios(size: int, keypoint: int) -> Floats:
    """The wanted ratio less the own one, at one keypoint."""
    weights = np.zeros((size, 63), np.float32)
    weights[-1, 3 * keypoint + 1] = 1.0
    weights[63:-1, 3 * keypoint + 1] = -1.0 / (size - 64)
    return weights


def _fields() -> tuple[Floats, Floats, Floats]:
    """Over the generator's picture: how far below the lip line a pixel is, how much it goes with the lower lip, and
    with the upper lids."""
    y, x = np.mgrid[:512, :512].astype(np.float32)
    across = (x - _MOUTH_AT[0]) / 34
    below = y - (_MOUTH_AT[1] - 8 * across**2)
    chin = np.clip((_MOUTH_AT[1] + 62 - y) / 45, 0, 1)
    follows = np.exp(-(across**4)) / (1 + np.exp(-np.clip(below / 1.5, -30, 30))) * chin * chin * (3 - 2 * chin)
    lids = sum(np.exp(-(((x - ex) / 24) ** 4) - ((y - ey) / 12) ** 4) for ex, ey in _EYES_AT)
    return below[None, None], follows[None, None].astype(np.float32), np.asarray(lids, np.float32)[None, None]


def _taken_from(rise: Floats) -> Floats:
    """(1, 512, 512, 2): a rise in pixels as a change of GridSample's grid."""
    return np.stack([np.zeros_like(rise[0, 0]), -rise[0, 0] * 2 / 512], -1)[None].astype(np.float32)


def _generator() -> onnx.ModelProto:
    below, follows, lids = _fields()
    at = (np.arange(512, dtype=np.float32) + 0.5) / 256 - 1
    constants: dict[str, NDArray[np.generic]] = {
        "flat": np.array([1, 512, 64, 64], np.int64),
        "from": np.array([0], np.int64),
        "to": np.array([48], np.int64),
        "channel": np.array([1], np.int64),
        "tint": np.array(TINT, np.float32).reshape(1, 3, 1, 1),
        "lift": np.array([LIFT], np.float32),
        "grid": np.stack(np.meshgrid(at, at), -1)[None].astype(np.float32),
        "with_lip": _taken_from(_PIXELS * follows), "with_lids": _taken_from(-38 * lids),
        "opening": (_PIXELS / 1.5 * np.exp(-(((np.arange(512) - _MOUTH_AT[0]) / 34) ** 4))).astype(np.float32),
        "below": below / 1.5, "from_lip": below / 1.5 + 4, "night": np.array([0.8], np.float32),
        "one": np.array([1.0], np.float32),
        "lip": np.array(_LIP), "lid": np.array(_LID), "y": np.array(1),
        "roi": np.array([], np.float32), "scales": np.array([1, 1, 2, 2], np.float32),
    }  # fmt: skip
    steps = (
        ("Reshape", "feature_3d flat", "all"), ("Slice", "all from to channel", "deep"),
        ("Sub", "kp_driving kp_source", "moved"),
        ("Mul", "drop with_lip", "by_lip"), ("Mul", "shut with_lids", "by_lids"), ("Add", "grid by_lip", "half"),
        ("Add", "half by_lids", "places"), ("GridSample", "large places", "seen"),
        ("Mul", "drop opening", "edge"), ("Sub", "edge from_lip", "over"), ("Sigmoid", "below", "under_lip"),
        ("Sigmoid", "over", "over_lip"), ("Mul", "under_lip over_lip", "between"), ("Mul", "between night", "dark"),
        ("Sub", "one dark", "light"), ("Mul", "seen light", "shaded"), ("Mul", "shaded tint", "tinted"),
        ("Add", "tinted lift", "out"),
    )  # fmt: skip
    special = {
        "large": helper.make_node("Resize", ["small", "roi", "scales"], ["large"], mode="linear"),
        "small": helper.make_node("DepthToSpace", ["deep"], ["small"], blocksize=4),
        "down": helper.make_node("Gather", ["moved", "y"], ["down"], axis=2),
        "drop": helper.make_node("Gather", ["down", "lip"], ["drop"], axis=1),
        "shut": helper.make_node("Gather", ["down", "lid"], ["shut"], axis=1),
    }
    nodes = [helper.make_node(kind, given.split(), [made]) for kind, given, made in steps]
    nodes[2:2] = [special["small"], special["large"]]
    nodes[5:5] = [special["down"], special["drop"], special["shut"]]
    inputs = {"feature_3d": (1, 32, 16, 64, 64), "kp_driving": (1, 21, 3), "kp_source": (1, 21, 3)}
    return model(nodes, inputs, {"out": (1, 3, 512, 512)}, constants)
