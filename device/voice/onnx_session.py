"""ONNX models opened the way the voices need them: few threads, and with inner tensors made visible."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as native

from device.errors import Broken

THREADS = 2
"""Cores a voice may use; the language model and the face want some too."""


FAILURES = (
    native.Fail,
    native.InvalidArgument,
    native.InvalidGraph,
    native.InvalidProtobuf,
    native.NotImplemented,
    native.RuntimeException,
    RuntimeError,
    ValueError,
)
"""What onnxruntime raises; its own exceptions have no common base but Exception."""


def options(threads: int) -> onnxruntime.SessionOptions:
    """Options of a session that computes on `threads` cores and does not spin while it waits."""
    chosen = onnxruntime.SessionOptions()
    chosen.intra_op_num_threads = threads
    chosen.inter_op_num_threads = 1
    chosen.log_severity_level = 3
    # Spinning threads would take the cores from the language model between two clauses.
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
