"""What onnxruntime raises, for the engines that run on it; loaded only by them."""

from __future__ import annotations

from onnxruntime.capi import onnxruntime_pybind11_state as native

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
"""To be caught where a model is opened or run; onnxruntime's own have no common base but Exception."""
