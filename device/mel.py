"""The mel scale and its filters, as most speech models were trained with them. Pure.

Slaney, "Auditory Toolbox" (1998): linear up to 1 kHz, logarithmic above; triangles of equal area.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

LINEAR_TO_HZ = 1000.0  # Slaney's scale is linear up to here ...
HZ_PER_MEL = 200.0 / 3.0
LOG_STEP = np.log(6.4) / 27.0  # ... and logarithmic above: 27 mels for a factor of 6.4


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's mels -> Hz."""
    knee = LINEAR_TO_HZ / HZ_PER_MEL
    above = LINEAR_TO_HZ * np.exp(LOG_STEP * np.maximum(mel - knee, 0.0))
    return np.where(mel < knee, HZ_PER_MEL * mel, above)


@cache
def filters(bands: int, window: int, rate: int) -> NDArray[np.float32]:
    """Triangles of equal area up to half of `rate` (Hz), shape (bands, window // 2 + 1)."""
    knee = LINEAR_TO_HZ / HZ_PER_MEL
    top = knee + np.log(rate / 2 / LINEAR_TO_HZ) / LOG_STEP
    corners = mel_to_hz(np.linspace(0.0, top, bands + 2))
    bins = np.fft.rfftfreq(window, 1.0 / rate)
    rising = (bins - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    falling = (corners[2:, None] - bins) / (corners[2:] - corners[1:-1])[:, None]
    area = 2.0 / (corners[2:] - corners[:-2])
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)) * area[:, None], np.float32)
