"""FastSpeech 2 and multi-band MelGAN by LiteRT: symbols to a mel spectrogram with durations, mel to sound.

The exported graph (of TensorFlowTTS) is changed in memory when it is loaded, in two ways. Dropout behind the embeddings
of pitch and energy, left on by the export, is taken out: it needs an operator that LiteRT lacks, and makes every
rendering another one. The factor on the predicted pitch becomes a summand: pitch is in standard deviations from the
speaker's mean there, so a sum lowers the voice where a product would flatten it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tflite
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from device.errors import BadInput, Broken
from device.ports import Pcm
from device.voice.pinyin import Syllables

RATE = 24_000
"""Hz"""

HOP = 300
"""Samples per mel frame (12.5 ms)."""

FILES = ("fastspeech2.tflite", "mb_melgan.tflite", "symbols.json")

_FAILURES = (RuntimeError, ValueError, IndexError)


@dataclass(frozen=True, slots=True)
class Rendering:
    """What the acoustic model made of some symbols."""

    mel: NDArray[np.float32]
    """(frames, 80)"""
    seconds: list[float]
    """Of each symbol; they sum to the mel's length."""


class FastSpeechModel:
    """The two networks and their inventory of symbols."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Reads FILES in `folder`. Raises BadInput or Broken."""
        acoustic, vocoder, inventory = (folder / name for name in FILES)
        try:
            known = json.loads(inventory.read_text(encoding="utf-8"))
            self._ids: dict[str, int] = known["symbol_to_id"]
            self.syllables: Syllables = {plain: (parts[0], parts[1]) for plain, parts in known["pinyin_dict"].items()}
            vocoder_bytes = vocoder.read_bytes()
            acoustic_bytes = _opened_up(acoustic)
        except (OSError, *_FAILURES, KeyError, TypeError) as error:
            raise BadInput(str(folder), expected="a FastSpeech voice", got=str(error), hint="fetch it again") from error
        self._acoustic = _Network(acoustic_bytes, threads)
        self._vocoder = _Network(vocoder_bytes, threads)

    def mel(self, symbols: list[str], slowness: float, pitch: float) -> Rendering:
        """Symbols of the inventory, the factor on all durations, standard deviations added to the pitch. Raises
        Broken."""
        ids = np.array([[*(self._ids[symbol] for symbol in symbols), self._ids["eos"]]], np.int32)
        one = np.ones(1, np.float32)
        _, mel, frames, *_ = self._acoustic.run(ids, np.zeros(1, np.int32), one * slowness, one * pitch, one)
        seconds = (frames[0] * (HOP / RATE)).tolist()
        return Rendering(mel[0], [*seconds[:-2], seconds[-2] + seconds[-1]])

    def sound(self, mel: NDArray[np.float32]) -> Pcm:
        """(frames, 80) -> HOP samples a frame at RATE. Raises Broken."""
        pcm: Pcm = self._vocoder.run(mel[None])[0][0, :, 0]
        return pcm


class _Network:
    """One LiteRT graph whose first input has a length of its own at every call."""

    def __init__(self, model: bytes, threads: int) -> None:
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=threads)
        except _FAILURES as error:
            raise Broken("voice", expected="a model that LiteRT can open", got=str(error).splitlines()[0]) from error
        self._inputs = [detail["index"] for detail in self._interpreter.get_input_details()]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]

    def run(self, *inputs: NDArray[Any]) -> list[NDArray[Any]]:
        interpreter = self._interpreter
        try:
            interpreter.resize_tensor_input(self._inputs[0], inputs[0].shape)
            interpreter.allocate_tensors()
            for index, value in zip(self._inputs, inputs, strict=True):
                interpreter.set_tensor(index, value)
            interpreter.invoke()
            return [interpreter.get_tensor(index) for index in self._outputs]
        except _FAILURES as error:
            raise Broken("voice", expected="speech", got=str(error).splitlines()[0]) from error


# --- the acoustic model's graph ---


def _opened_up(path: Path) -> bytes:
    """The model at `path` without dropout, its pitch factor turned into a summand."""
    content = path.read_bytes()
    if content[4:8] != b"TFL3":
        raise ValueError(f"{path.name} is not a TFLite model")
    model = tflite.ModelT.InitFromPackedBuf(content, 0)
    graph = model.subgraphs[0]
    one = _constant(model, 1.0)
    codes = {max(c.builtinCode, c.deprecatedBuiltinCode): at for at, c in enumerate(model.operatorCodes)}
    random = {at for at, code in enumerate(model.operatorCodes) if code.customCode == b"FlexRandomUniform"}
    for operator in graph.operators:
        name = graph.tensors[operator.outputs[0]].name.decode()
        if operator.opcodeIndex in random:  # all ones: everything is kept ...
            operator.opcodeIndex = codes[tflite.BuiltinOperator.FILL]
            operator.inputs = np.array([operator.inputs[0], one], np.int32)
            operator.customOptions = None
        elif name.endswith("/dropout/Mul"):  # ... and need not be made up for
            operator.inputs = np.array([_other_than_constant(model, operator), one], np.int32)
        elif name == "Identity_3":
            operator.opcodeIndex = codes[tflite.BuiltinOperator.ADD]
            operator.builtinOptionsType = tflite.BuiltinOptions.AddOptions
            operator.builtinOptions = tflite.AddOptionsT()
    _drop(model, random)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _constant(model: Any, value: float) -> int:
    """A scalar tensor added to the graph -> its number."""
    buffer = tflite.BufferT()
    buffer.data = np.frombuffer(np.float32(value).tobytes(), np.uint8)
    model.buffers.append(buffer)
    tensor = tflite.TensorT()
    tensor.shape, tensor.type, tensor.buffer = np.zeros(0, np.int32), tflite.TensorType.FLOAT32, len(model.buffers) - 1
    model.subgraphs[0].tensors.append(tensor)
    return len(model.subgraphs[0].tensors) - 1


def _other_than_constant(model: Any, operator: Any) -> int:
    tensors = model.subgraphs[0].tensors
    return next(int(at) for at in operator.inputs if model.buffers[tensors[at].buffer].data is None)


def _drop(model: Any, codes: set[int]) -> None:
    """Operators that no node uses any more must not be asked for."""
    for at in codes:
        code = model.operatorCodes[at]
        code.customCode = None
        code.builtinCode = code.deprecatedBuiltinCode = tflite.BuiltinOperator.FILL
