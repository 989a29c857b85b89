"""Kokoro-82M by onnxruntime: phoneme ids and a style to sound, with the length of every phoneme.

The exported graph keeps durations and pitch to itself. So two inputs are added between its encoder and its decoder:
`longest` caps the predicted durations (they are an output now), so that no time is spent on decoding the half second of
silence that the model likes to put behind a clause (the one before it can't be shortened: the decoder swallows the
first sound then); `pitch` multiplies the predicted pitch contour, which lowers a voice without any trace of signal
processing. It happens in memory when the model is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import TensorProto, helper

from device.errors import BadInput, Broken
from device.onnx_failures import FAILURES
from device.ports import Pcm
from device.voice import onnx_session

RATE = 24_000
"""Hz"""

FRAME = 600
"""Samples per unit of predicted duration (25 ms)."""

TAIL_FRAMES = 6
"""Frames that each mark behind the last sound may last."""

LEAD_S = 0.05
"""s by which the decoder's sounds come before the limits that the durations give (at first sounds and releases)."""

MAX_TOKENS = 500
"""Phonemes at a time; the styles end at 510."""

PREDICTED = "/encoder/Clip_output_0"
"""Predicted duration of each token, frames."""

DURATIONS = "capped_durations"
CONTOUR = "/encoder/Reshape_output_0"
"""Predicted fundamental frequency, Hz, per half frame."""


class KokoroModel:
    """The network, its vocabulary and its styles."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Reads model.onnx, vocab.json and voices.npz in `folder`. Raises BadInput or Broken."""
        try:
            self.vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
            with np.load(folder / "voices.npz") as styles:
                self.styles = {name: np.asarray(styles[name], np.float32).reshape(-1, 256) for name in styles.files}
            graph = _opened_up(folder / "model.onnx")
        except (OSError, ValueError, KeyError) as error:
            raise BadInput(str(folder), expected="a Kokoro voice", got=str(error), hint="fetch it again") from error
        self._session = onnx_session.session(graph, "Kokoro", threads)

    def style(self, name: str) -> NDArray[np.float32]:
        """A style, shape (lengths, 256): the first half colours the sound, the second shapes melody and rhythm."""
        if name not in self.styles:
            raise BadInput("voice style", expected=f"one of {', '.join(sorted(self.styles))}", got=repr(name))
        return self.styles[name]

    def run(self, phonemes: str, style: NDArray[np.float32], speed: float, pitch: float) -> tuple[Pcm, list[float]]:
        """Phonemes of the vocabulary, at most MAX_TOKENS -> sound at RATE, and s for each of them with one pause before
        and one after. Raises Broken."""
        ids = [0, *(self.vocabulary[symbol] for symbol in phonemes), 0]
        inputs = {
            "tokens": np.array([ids], np.int64),
            "style": style[min(len(phonemes), len(style) - 1)][None],
            "speed": np.array([speed], np.float32),
            "pitch": np.array([pitch], np.float32),
            "longest": _longest(phonemes),
        }
        try:
            pcm, durations = self._session.run(["audio", DURATIONS], inputs)
        except FAILURES as error:
            raise Broken("Kokoro", expected="speech", got=str(error).splitlines()[0]) from error
        seconds = np.asarray(durations, np.float64).ravel() * FRAME / RATE
        early = min(LEAD_S, float(seconds[0]))
        seconds[0] -= early
        seconds[-1] += early
        return np.asarray(pcm, np.float32).ravel(), seconds.tolist()


def _longest(phonemes: str) -> NDArray[np.float32]:
    """Caps in frames, shape (1, tokens), on what follows the last letter: tone marks and punctuation."""
    caps = np.full(len(phonemes) + 2, 400, np.float32)
    sounds = [at for at, symbol in enumerate(phonemes) if symbol.isalpha()]
    caps[(sounds[-1] if sounds else 0) + 2 :] = TAIL_FRAMES
    return caps[None]


def _opened_up(path: Path) -> bytes:
    """The graph with its durations shown and its pitch made an input."""
    try:
        model = onnx.load(str(path))
    except DecodeError as error:
        raise ValueError(f"{path.name} is not an ONNX model") from error
    graph = model.graph
    for tensor, insert, input_name, shape in (
        (PREDICTED, ("Min", DURATIONS), "longest", [1, None]),
        (CONTOUR, ("Mul", "scaled_contour"), "pitch", [1]),
    ):
        _insert(graph, tensor, *insert, input_name)
        graph.input.append(helper.make_tensor_value_info(input_name, TensorProto.FLOAT, shape))
    graph.output.append(onnx.ValueInfoProto(name=DURATIONS))
    return bytes(model.SerializeToString())


def _insert(graph: onnx.GraphProto, tensor: str, operator: str, result: str, operand: str) -> None:
    """Puts ``result = operator(tensor, operand)`` behind `tensor`, for all that read `tensor`."""
    made = [at for at, node in enumerate(graph.node) if tensor in node.output]
    if not made:
        raise ValueError(f"another export of Kokoro: it has no tensor {tensor}")
    for node in graph.node:
        for at, name in enumerate(node.input):
            if name == tensor:
                node.input[at] = result
    graph.node.insert(made[0] + 1, helper.make_node(operator, [tensor, operand], [result]))
