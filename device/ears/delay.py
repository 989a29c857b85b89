"""How long after the reference its echo arrives: generalised cross-correlation with phase transform (GCC-PHAT), summed
over windows of own playback, with a confidence, and followed slowly. Pure.

Knapp & Carter, "The generalized correlation method for estimation of time delay", IEEE Trans. ASSP 24(4), 1976. The
cross spectrum is whitened only partly (exponent 0.8): full whitening gives bins of pure noise the weight of speech.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm

EARLIEST_S = -0.05
"""s; a loudspeaker whose latency is overstated is heard before its reference."""
LATEST_S = 0.75
"""s; Bluetooth and HDMI reach 0.6."""
WINDOW_S = 1.0
"""s of the microphone that are compared at a time."""
HOP_S = 0.5
"""s between two windows."""
MEMORY = 0.8
"""Weight of the past at each new window: about 2.5 s are summed."""
WHITENING = 0.8
"""Exponent of the cross spectrum's magnitude in the weighting; 1: pure phase transform."""
BAND_HZ = (200.0, 4000.0)
"""Speech; below it rooms hum, above it voices and small loudspeakers have little."""
AUDIBLE_POWER = 1e-6
"""Mean square of the reference (-60 dBFS) from which a window says anything."""
EARLY_SHARE = 0.5
"""A peak up to EARLY_S before the highest one and this high against it is the direct sound; the highest, a wall's."""
EARLY_S = 0.02
EARLY_LEAST = 5.0
"""Standard deviations of all lags below which an early peak may be noise."""
CONFIDENT = 12.0
"""Height of a peak, in standard deviations of all lags, from which it is believed. Over another person's speech,
without any echo, two windows that agreed reached 9.8 at most (120 times 8 s of synthesised speech); an echo 10 dB below
noise reaches 13 to 25 from the third window on."""
AGREE_S = 0.003
"""s within which two estimates say the same."""
AGREEING = 2
"""Estimates in a row that must agree before they are followed."""
AIM_S = 0.04
"""s by which the echo is to follow the aligned reference ..."""
SLACK_S = 0.02
"""... and how far it may be from that before the reference is moved: each move makes the canceller adapt anew."""

Spectrum = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a stretch of playback says."""

    delay_s: float
    confidence: float
    """Height of its peak in standard deviations of the correlation over all lags."""


class DelayEstimator:
    """Sums cross spectra of windows and looks for their peak."""

    def __init__(self) -> None:
        window, lead = round(WINDOW_S * MIC_RATE), round(LATEST_S * MIC_RATE)
        self._lead, self._after = lead, round(-EARLIEST_S * MIC_RATE)
        self._size = 1 << (window + lead + self._after - 1).bit_length()
        hz = np.fft.rfftfreq(self._size, 1 / MIC_RATE)
        self._band = (hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])
        self._shape = np.hanning(window)
        self._cross: Spectrum = np.zeros(len(hz), np.complex128)

    @property
    def far_samples(self) -> int:
        """Samples of reference that belong to a window: from LATEST_S before it to -EARLIEST_S after it."""
        return self._lead + len(self._shape) + self._after

    def reset(self) -> None:
        """Forgets all windows."""
        self._cross[:] = 0

    def add(self, near: Pcm, far: Pcm) -> Estimate | None:
        """A window of the microphone, shape (WINDOW_S * MIC_RATE,), and the reference around it, shape
        (far_samples,) -> the estimate; None where too little was played."""
        if float(np.mean(np.square(far, dtype=np.float64))) < AUDIBLE_POWER:
            return None
        near_spectrum = np.fft.rfft(near * self._shape, self._size)
        cross = near_spectrum * np.conj(np.fft.rfft(far, self._size))
        cross /= np.maximum(np.abs(cross), 1e-20) ** WHITENING
        cross[~self._band] = 0
        self._cross = MEMORY * self._cross + cross / max(float(np.sqrt(np.mean(np.abs(cross) ** 2))), 1e-20)
        return self._peak()

    def _peak(self) -> Estimate:
        correlation = np.fft.irfft(self._cross, self._size)
        # The reference begins `lead` samples before the window: near[n] = far[n + lead - delay].
        delays = np.arange(1 - self._after, self._lead + 1)
        values = np.abs(correlation[(delays - self._lead) % self._size])
        scale = float(np.sqrt(np.mean(values**2))) or 1.0
        top = int(values.argmax())
        start = max(0, top - round(EARLY_S * MIC_RATE))
        direct = max(EARLY_SHARE * float(values[top]), EARLY_LEAST * scale)
        early = np.flatnonzero(values[start:top] >= direct)
        at = start + int(early[0]) if len(early) else top
        at += int(values[at : at + 8].argmax())
        return Estimate(float(delays[at]) / MIC_RATE, float(values[top]) / scale)


class DelayTracker:
    """Follows the delay through playback, and says by how much the reference is to be shifted."""

    def __init__(self, known_s: float | None = None) -> None:
        """`known_s`: the delay that was last found here."""
        self.delay_s = known_s
        """s; None: not known yet."""
        self.shift_s = 0.0 if known_s is None else known_s - AIM_S
        """s by which the reference is to be read late, so that the echo follows it by AIM_S, give or take SLACK_S."""
        self.confidence = 0.0
        """Of the last window with playback."""
        self._estimator = DelayEstimator()
        self._candidate: float | None = None
        self._agreeing = 0

    @property
    def far_samples(self) -> int:
        """Samples of reference that `add` wants."""
        return self._estimator.far_samples

    def add(self, near: Pcm, far: Pcm) -> bool:
        """The last WINDOW_S of the microphone and the reference from LATEST_S before them to -EARLIEST_S after them;
        to be called every HOP_S of playback -> whether `shift_s` has changed."""
        estimate = self._estimator.add(near, far)
        if estimate is None:
            return False
        self.confidence = estimate.confidence
        if estimate.confidence < CONFIDENT:
            self._agreeing = 0
            return False
        agrees = self._candidate is not None and abs(estimate.delay_s - self._candidate) <= AGREE_S
        self._candidate = estimate.delay_s
        self._agreeing = self._agreeing + 1 if agrees else 1
        return self._agreeing >= AGREEING and self._follow(estimate.delay_s)

    def _follow(self, delay_s: float) -> bool:
        first = self.delay_s is None
        self.delay_s = delay_s
        if abs(delay_s - self.shift_s - AIM_S) <= (0 if first else SLACK_S):
            return False
        self.shift_s = delay_s - AIM_S
        return True
