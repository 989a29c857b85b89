"""Power spectrograms on the mel scale as librosa defines them: the speaker encoders and DNSMOS were trained with such.
Pure."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from device import mel
from device.ports import MIC_RATE, Pcm

HOP = 160
"""Samples: 10 ms"""

Matrix = NDArray[np.float32]


def hann(size: int) -> Matrix:
    """The periodic Hann window."""
    return np.asarray(np.hanning(size + 1)[:-1], np.float32)


def hamming(size: int) -> Matrix:
    """The periodic Hamming window."""
    return np.asarray(np.hamming(size + 1)[:-1], np.float32)


def mel_power(pcm: Pcm, bands: int, window: Matrix, size: int | None = None, centred: bool = True) -> Matrix:
    """Samples at MIC_RATE -> power per band, shape (frames, bands), HOP apart.

    `size`: of the Fourier transform, the window stands in its middle; by default the window's. `centred`: frame t's
    middle is sample t * HOP, with zeros around the sound; else frames begin there."""
    size = size or len(window)
    left = (size - len(window)) // 2
    shaped = np.pad(window, (left, size - len(window) - left))
    padded = np.pad(pcm, size // 2) if centred else np.pad(pcm, (0, max(0, size - len(pcm))))
    frames = sliding_window_view(padded, size)[::HOP]
    power = np.square(np.abs(np.fft.rfft(frames * shaped, axis=1)))
    return np.asarray(power @ mel.filters(bands, size, MIC_RATE).T, np.float32)
