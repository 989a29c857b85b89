"""Between sampling rates, band-limited (libsoxr, the resampler of SoX, by the binding `soxr`)."""

from __future__ import annotations

import numpy as np
import soxr

from device.ports import Pcm


def delayed(pcm: Pcm, samples: float) -> Pcm:
    """The same sound later by a part of a sample, 0 <= samples < 1: each frequency's phase is turned. One sample
    longer, so that its end has a place."""
    if samples == 0.0 or len(pcm) == 0:
        return pcm
    size = 1 << (len(pcm) + 256).bit_length()  # what turns round at the ends lies in the zeros between them
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(size) * samples)
    return np.asarray(np.fft.irfft(np.fft.rfft(pcm, size) * turn, size)[: len(pcm) + 1], np.float32)


def resample(pcm: Pcm, rate: int, to: int) -> Pcm:
    """The same sound, shape (samples,), at `to` Hz instead of `rate` Hz; neither delayed nor faded at its ends."""
    if rate == to or len(pcm) == 0:
        return pcm
    return np.asarray(soxr.resample(pcm, rate, to, quality="HQ"), np.float32)
