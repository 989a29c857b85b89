"""Between sampling rates, band-limited (libsoxr, the resampler of SoX, by the binding `soxr`)."""

from __future__ import annotations

import numpy as np
import soxr

from device.ports import Pcm


def resample(pcm: Pcm, rate: int, to: int) -> Pcm:
    """The same sound, shape (samples,), at `to` Hz instead of `rate` Hz; neither delayed nor faded at its ends."""
    if rate == to or len(pcm) == 0:
        return pcm
    return np.asarray(soxr.resample(pcm, rate, to, quality="HQ"), np.float32)
