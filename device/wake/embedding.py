"""Google's speech embedding: 96 numbers for every 80 ms of sound, alike where the same is said.

Lin et al., "Training Keyword Spotters with Limited and Synthesized Speech Data" (ICASSP 2020). The graph takes the
waveform and computes its own mel spectrogram. One frame hears 76 spectra of 25 ms every 10 ms; neither the mel nor the
convolutions look beyond, so that frames computed in pieces are those of the whole.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from device.errors import Broken, Missing
from device.onnx_failures import FAILURES
from device.ports import MIC_RATE, Pcm

Frames = NDArray[np.float32]
"""Shape (frames, DIMENSIONS)."""

DIMENSIONS = 96
WINDOW = 12_400
"""Samples that one frame hears: (76 - 1) * 160 + 400."""
HOP = 1_280
"""Samples between frames: 8 spectra."""
HOP_S = HOP / MIC_RATE
WINDOW_S = WINDOW / MIC_RATE


def directions(frames: Frames) -> Frames:
    """Each frame at length 1. Of what was tried (the mean of all speech taken away, whitening), nothing told phrases
    from other speech better than the plain cosine."""
    return np.asarray(frames / np.maximum(np.linalg.norm(frames, axis=1, keepdims=True), 1e-9), np.float32)


class SpeechEmbedding:
    """The model on one thread of the CPU."""

    def __init__(self, model: Path) -> None:
        """Raises Missing where there is no file, Broken where it is not the model."""
        if not model.is_file():
            raise Missing(str(model), expected="the wake-phrase model", got="no file", hint="./imago models fetch")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except FAILURES as error:
            reason = str(error).splitlines()[0]
            raise Broken(str(model), expected="the wake-phrase model", got=reason, hint="fetch it again") from error

    def frames(self, pcm: Pcm) -> Frames:
        """Samples at MIC_RATE -> frame k hears pcm[k * HOP : k * HOP + WINDOW]; none where fewer than WINDOW.

        Each of length 1. Raises Broken."""
        count = (len(pcm) - WINDOW) // HOP + 1
        if count < 1:
            return np.zeros((0, DIMENSIONS), np.float32)
        # Where the sound ends within a hop the graph may give a frame less.
        exact = pcm[: (count - 1) * HOP + WINDOW]
        try:
            (found,) = self._session.run(None, {"samples:0": np.asarray(exact, np.float32)[None]})
        except FAILURES as error:
            raise Broken("wake phrase", expected="an embedding", got=str(error).splitlines()[0]) from error
        return directions(found[0, :, 0, :])
