"""ONNX models opened the way the voices need them: few threads, and with inner tensors made visible."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from device.errors import Broken
from device.onnx_failures import FAILURES

THREADS = 2
"""Cores a voice may use; the language model and the face want some too."""


def options(threads: int) -> onnxruntime.SessionOptions:
    """Options of a session that computes on `threads` cores and leaves them alone between two clauses."""
    chosen = onnxruntime.SessionOptions()
    chosen.intra_op_num_threads = threads
    chosen.inter_op_num_threads = 1
    chosen.log_severity_level = 3
    chosen.enable_mem_pattern = False  # it would remember every length of sentence, and keep the memory for each
    # Thousands of small steps: threads that sleep between them took half as long again (3.1 s against 1.9 s for 3 s of
    # Kokoro). They spin within a clause only, and smaller blocks even out a core that the face has just taken.
    chosen.add_session_config_entry("session.force_spinning_stop", "1")
    chosen.add_session_config_entry("session.dynamic_block_base", "4")
    return chosen


def session(model: bytes, name: str, threads: int) -> onnxruntime.InferenceSession:
    """Opens a serialized model on the CPU; raises Broken if the runtime refuses it."""
    try:
        return onnxruntime.InferenceSession(model, options(threads), providers=["CPUExecutionProvider"])
    except FAILURES as error:
        reason = str(error).splitlines()[0]
        raise Broken(name, expected="a model that onnxruntime can open", got=reason, hint="fetch it again") from error


def with_output(path: Path, tensor: str) -> bytes:
    """The model at `path` with one more output, the inner `tensor`.

    Serialized protocol buffers that stand one after the other are merged, repeated fields appended (Protocol Buffers,
    "Encoding", Last One Wins); so the added output is a few bytes behind the file: ModelProto.graph (7) {
    GraphProto.output (12) { ValueInfoProto.name (1) } }.
    """
    name = tensor.encode()
    return path.read_bytes() + _field(7, _field(12, _field(1, name)))


def _field(number: int, payload: bytes) -> bytes:
    """One length-delimited field."""
    return bytes([number << 3 | 2]) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
