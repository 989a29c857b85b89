"""Has the speaker finished, or only paused? Smart Turn v3 behind the port `TurnEnd`.

The model (a Whisper encoder with a classifier) hears the last 8 s of the turn, with silence in front where it was
shorter, normalised to zero mean and unit variance before the spectrogram is taken.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from device.ears.log_mel import log_mel
from device.errors import Broken, Missing
from device.onnx_failures import FAILURES
from device.ports import MIC_RATE, Pcm

HEARD = 8 * MIC_RATE
"""Samples that the model is given."""


def normalised(utterance: Pcm) -> Pcm:
    """The last 8 s with zeros in front, as one whole of mean 0 and variance 1; shape (HEARD,)."""
    heard = np.zeros(HEARD, np.float32)
    tail = utterance[-HEARD:]
    heard[HEARD - len(tail) :] = tail
    return np.asarray((heard - heard.mean()) / np.sqrt(heard.var() + 1e-7), np.float32)


class SmartTurn:
    """Smart Turn v3.2 in int8 on one thread of the CPU."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except FAILURES as error:
            raise Broken(
                str(model), expected="the turn-end model", got=type(error).__name__, hint=str(error)
            ) from error

    def probability(self, utterance: Pcm) -> float:
        """The turn so far at MIC_RATE -> probability 0..1 that it is complete; 0 for nothing at all."""
        if len(utterance) == 0:
            return 0.0
        (probabilities,) = self._session.run(None, {"input_features": log_mel(normalised(utterance))[None]})
        return float(probabilities[0, 0])


def create(model: Path) -> SmartTurn:
    """The engine on this file. Raises `Missing` where there is none, `Broken` where it is not the model."""
    if not model.is_file():
        raise Missing(str(model), expected="the turn-end model", got="no file", hint="./imago models fetch")
    return SmartTurn(model)
