"""Resemblyzer's weights as an ONNX graph, without PyTorch and without unpickling: the catalog pins the checkpoint's
SHA-256, so where each tensor lies in it is known, and nothing else of it is read.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from device.errors import BadInput

Weights = dict[str, NDArray[np.float32]]

SIZE = 17_090_379
"""Bytes"""
HIDDEN = 256
TENSORS: dict[str, tuple[int, tuple[int, ...]]] = {
    "W0": (269_883, (4 * HIDDEN, 40)),
    "R0": (433_723, (4 * HIDDEN, HIDDEN)),
    "Wb0": (5_676_603, (4 * HIDDEN,)),
    "Rb0": (5_680_699, (4 * HIDDEN,)),
    "W1": (1_482_299, (4 * HIDDEN, HIDDEN)),
    "R1": (2_530_875, (4 * HIDDEN, HIDDEN)),
    "Wb1": (5_684_795, (4 * HIDDEN,)),
    "Rb1": (5_688_891, (4 * HIDDEN,)),
    "W2": (3_579_451, (4 * HIDDEN, HIDDEN)),
    "R2": (4_628_027, (4 * HIDDEN, HIDDEN)),
    "Wb2": (5_692_987, (4 * HIDDEN,)),
    "Rb2": (5_697_083, (4 * HIDDEN,)),
    "linear": (7_731, (HIDDEN, HIDDEN)),
    "bias": (6_699, (HIDDEN,)),
}
"""Name -> first byte and shape; float32, little endian. The rest of the file is the optimizer's state."""


def read(path: Path) -> Weights:
    """All tensors. Raises BadInput for a file of another size; who it is was checked by its hash."""
    raw = path.read_bytes()
    if len(raw) != SIZE:
        raise BadInput(path.name, expected=f"{SIZE} bytes", got=str(len(raw)), hint="./imago models fetch resemblyzer")
    return {
        name: np.frombuffer(raw, "<f4", int(np.prod(shape)), start).reshape(shape)
        for name, (start, shape) in TENSORS.items()
    }


def graph(weights: Weights) -> bytes:
    """The encoder: "mels" (batch, frames, 40) -> "embedding" (batch, 256), the last hidden state of three LSTMs through
    a linear layer and a rectifier, not normalised."""
    nodes = [helper.make_node("Transpose", ["mels"], ["x0"], perm=[1, 0, 2])]
    given: Weights = {"linear": weights["linear"].T.copy(), "bias": weights["bias"]}
    for layer in range(3):
        x, w, r, b = (f"{name}{layer}" for name in "xWRB")
        given |= {w: _gates(weights[w])[None], r: _gates(weights[r])[None]}
        given[b] = np.concatenate([_gates(weights[f"Wb{layer}"]), _gates(weights[f"Rb{layer}"])])[None]
        nodes.append(helper.make_node("LSTM", [x, w, r, b], [f"y{layer}", f"h{layer}"], hidden_size=HIDDEN))
        nodes.append(helper.make_node("Squeeze", [f"y{layer}", "axis1"], [f"x{layer + 1}"]))
    nodes += [
        helper.make_node("Squeeze", ["h2", "axis0"], ["last"]),
        helper.make_node("Gemm", ["last", "linear", "bias"], ["projected"]),
        helper.make_node("Relu", ["projected"], ["embedding"]),
    ]
    constants = [numpy_helper.from_array(value, name) for name, value in given.items()]
    constants += [numpy_helper.from_array(np.array([axis], np.int64), f"axis{axis}") for axis in (0, 1)]
    made = helper.make_graph(
        nodes,
        "speaker encoder",
        [helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["batch", "frames", 40])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", HIDDEN])],
        constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def _gates(stacked: NDArray[np.float32]) -> NDArray[np.float32]:
    """PyTorch's order of the gates (input, forget, cell, output) -> ONNX's (input, output, forget, cell)."""
    i, f, c, o = np.split(stacked, 4)
    return np.concatenate([i, o, f, c])
