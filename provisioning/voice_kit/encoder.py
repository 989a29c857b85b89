"""Who speaks: two speaker encoders that know nothing of each other, each behind `Encoder`.

`first` is Resemblyzer's: it tells voices apart, and a voice is fitted with it. `held_out` is another network, trained
on other recordings: it judges what was fitted with the first, and takes no part in it. Both are LSTMs trained by the
generalized end-to-end loss (Wan et al. 2018, "Generalized End-to-End Loss for Speaker Verification").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from device.errors import Broken
from device.onnx_failures import FAILURES
from device.ports import MIC_RATE, Pcm
from models_quantized import catalog
from provisioning.voice_kit import checkpoint
from provisioning.voice_kit.spectrogram import Matrix, hamming, hann, mel_power
from provisioning.voice_kit.vectors import Vector, unit

BANDS = 40
LEAST_S = 0.5
"""s of sound under which a voice cannot be told at all; reliably from about 1.6 s, a window, on."""
LEVEL_DBFS = -30.0
"""To which soft recordings are raised, as in Resemblyzer's training."""
AT_ONCE = 64
"""Windows; more take more memory and are no faster."""


class Encoder:
    """Sound at MIC_RATE -> a vector of unit length that is alike for the same voice."""

    def __init__(self, model: bytes, features: Callable[[Pcm], Matrix], window: int, step: int) -> None:
        """`features`: sound -> (frames, BANDS). The network hears `window` frames at a time, every `step` frames."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except FAILURES as error:
            raise Broken("speaker encoder", expected="a network", got=str(error).splitlines()[0]) from error
        self._features, self._window, self._step = features, window, step
        self._input = self._session.get_inputs()[0].name

    def parts(self, pcm: Pcm, step: int = 0) -> tuple[Vector, list[float]]:
        """Vectors of unit length of all windows, shape (windows, 256), and the s at which each window's middle is.
        `step`: frames (10 ms) between windows, if not the encoder's own."""
        step = step or self._step
        features = self._features(pcm)
        features = np.pad(features, ((0, max(0, self._window - len(features))), (0, 0)))
        starts = list(range(0, len(features) - self._window + 1, step))
        if len(features) - self._window - starts[-1] > step // 2:
            starts.append(len(features) - self._window)
        vectors = []
        for first in range(0, len(starts), AT_ONCE):
            batch = np.stack([features[at : at + self._window] for at in starts[first : first + AT_ONCE]])
            vectors.append(self._run(batch))
        middles = [(at + self._window / 2) / 100 for at in starts]
        return unit(np.concatenate(vectors)), middles

    def embed(self, pcm: Pcm) -> Vector:
        """One vector, shape (256,), of a whole stretch of speech by one voice."""
        return unit(self.parts(pcm)[0].mean(axis=0))

    def _run(self, batch: Matrix) -> Vector:
        try:
            return np.asarray(self._session.run(None, {self._input: batch})[0], np.float32)
        except FAILURES as error:
            raise Broken("speaker encoder", expected="a vector", got=str(error).splitlines()[0]) from error


def likeness(one: Sequence[float] | Vector, other: Sequence[float] | Vector) -> float:
    """Cosine of two vectors of unit length, -1..1."""
    return float(np.dot(np.asarray(one, np.float32), np.asarray(other, np.float32)))


def first(path: Path | None = None) -> Encoder:
    """Resemblyzer's, from its checkpoint. Raises Missing or BadInput."""
    weights = checkpoint.read(path or catalog.verified_path("speaker-encoder"))
    return Encoder(checkpoint.graph(weights), _raised_power, window=160, step=77)


def held_out(path: Path | None = None) -> Encoder:
    """The one that judges. Raises Missing or BadInput."""
    model = path or catalog.verified_path("speaker-encoder-held-out")
    return Encoder(model.read_bytes(), _log_power, window=80, step=40)


def _raised_power(pcm: Pcm) -> Matrix:
    """Resemblyzer's features: power, not its logarithm, of sound raised to LEVEL_DBFS."""
    rms = float(np.sqrt(np.mean(np.square(pcm, dtype=np.float64)))) if len(pcm) else 0.0
    gain = max(1.0, 10 ** (LEVEL_DBFS / 20) / max(rms, 1e-9)) if rms > 1e-6 else 1.0
    return mel_power(pcm * np.float32(gain), BANDS, hann(MIC_RATE // 40))


def _log_power(pcm: Pcm) -> Matrix:
    """The held-out encoder's features, as its package computes them."""
    power = mel_power(pcm, BANDS, hamming(MIC_RATE // 40), size=512, centred=False)
    return np.asarray(np.log10(power + 1e-10), np.float32)
