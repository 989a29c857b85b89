"""How natural and clean speech sounds, as people would rate it: DNSMOS.

Reddy, Gopal & Cutler 2022, "DNSMOS P.835: A Non-Intrusive Perceptual Objective Speech Quality Metric to Evaluate Noise
Suppressors"; the polynomials and the front end are those of Microsoft's package speechmos.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from device.errors import Broken
from device.onnx_failures import FAILURES
from device.ports import MIC_RATE, Pcm
from models_quantized import catalog
from provisioning.voice_kit.spectrogram import Matrix, hann, mel_power

WINDOW = 144_160
"""Samples (9.01 s) that the networks hear; what is shorter is repeated."""
SIGNAL = (-0.08397278, 1.22083953, 0.0052439)
BACKGROUND = (-0.13166888, 1.60915514, -0.39604546)
OVERALL = (-0.06766283, 1.11546468, 0.04602535)
"""Polynomials from the networks' raw answers to the scale of the listeners."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Mean opinion scores, 1 (bad) to 5."""

    signal: float
    background: float
    overall: float
    """ITU-T P.835: how the speech, what is behind it, and both together sound"""
    p808: float
    """ITU-T P.808: how it sounds in one number, by another network"""


class Dnsmos:
    """Rates sound at MIC_RATE."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises Missing or Broken."""
        folder = folder or catalog.verified_dir("speech-quality")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._p835, self._p808 = (
                onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
                for name in ("sig_bak_ovr.onnx", "model_v8.onnx")
            )
        except FAILURES as error:
            raise Broken("DNSMOS", expected="two networks", got=str(error).splitlines()[0]) from error

    def rate(self, pcm: Pcm, most: int = 6) -> Rating:
        """The mean over windows that start a second apart, at most so many of them, evenly spread."""
        if len(pcm) == 0:
            return Rating(0.0, 0.0, 0.0, 0.0)
        sound = np.clip(pcm, -1.0, 1.0)
        while len(sound) < WINDOW:
            sound = np.concatenate([sound, sound])
        starts = np.arange(0, len(sound) - WINDOW + 1, MIC_RATE)
        if len(starts) > most:
            starts = starts[np.linspace(0, len(starts) - 1, most).round().astype(int)]
        rows = [self._window(np.asarray(sound[at : at + WINDOW], np.float32)) for at in starts]
        return Rating(*(float(value) for value in np.mean(rows, axis=0)))

    def _window(self, sound: Pcm) -> tuple[float, float, float, float]:
        try:
            signal, background, overall = self._p835.run(None, {"input_1": sound[None]})[0][0]
            p808 = self._p808.run(None, {"input_1": _features(sound[:-160])[None]})[0][0][0]
        except FAILURES as error:
            raise Broken("DNSMOS", expected="a rating", got=str(error).splitlines()[0]) from error
        fitted = (
            float(np.polyval(p, raw)) for p, raw in ((SIGNAL, signal), (BACKGROUND, background), (OVERALL, overall))
        )
        signal, background, overall = fitted
        return signal, background, overall, float(p808)


def _features(sound: Pcm) -> Matrix:
    """dB below the loudest, at most 80, in steps of 40 dB around -40, shape (frames, 120)."""
    power = mel_power(sound, 120, hann(321))
    loudest = max(float(power.max()), 1e-10)
    db = 10.0 * np.log10(np.maximum(power, 1e-10) / loudest)
    return np.asarray((np.maximum(db, -80.0) + 40.0) / 40.0, np.float32)
