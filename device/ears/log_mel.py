"""The log-mel spectrogram that Whisper and the models made from it hear, in numpy. Pure.

Definition: Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022), section 2.2: 80 mel
bands on Slaney's scale over 25 ms Hann windows every 10 ms, log10, clamped to 80 dB below the loudest, shifted and
scaled to about -1..1.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from device.mel import filters
from device.ports import MIC_RATE, Pcm

BANDS = 80
WINDOW = 400  # samples, 25 ms
HOP = 160  # samples, 10 ms
FRAMES_PER_S = MIC_RATE // HOP

Spectrogram = NDArray[np.float32]


def mel_filters() -> Spectrogram:
    """Triangles of equal area, shape (BANDS, WINDOW // 2 + 1)."""
    return filters(BANDS, WINDOW, MIC_RATE)


def log_mel(pcm: Pcm) -> Spectrogram:
    """Samples at MIC_RATE -> shape (BANDS, len(pcm) // HOP); at least 201 samples."""
    padded = np.pad(pcm, WINDOW // 2, mode="reflect")
    # scipy-style periodic Hann window
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    frames = sliding_window_view(padded, WINDOW)[::HOP][: len(pcm) // HOP]
    power = np.square(np.abs(np.fft.rfft(frames * window)))
    mel = mel_filters() @ power.T.astype(np.float32)
    logs = np.log10(np.maximum(mel, 1e-10))
    return np.asarray((np.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0, np.float32)
