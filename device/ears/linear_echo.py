"""The frame's own voice out of the microphone's sound by subtraction alone: a partitioned-block Kalman filter in the
frequency domain.

It learns the way from the loudspeaker to the microphone as a finite impulse response and takes away what arrives by it.
Nothing else is touched, so that whoever speaks at the same time stays whole, which a suppressor such as AEC3's does not
leave them. How sure it is of each tap, against how loud everything else is, decides how fast it learns; so it needs no
detector of double talk.

Kuech, Mabande & Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP
2014; Enzner & Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free telephones",
Signal Processing 86(6), 2006. The covariances are kept diagonal, as there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.ports import BLOCK, Pcm

Spectra = NDArray[np.complex128]

TAIL_BLOCKS = 24
"""Blocks of impulse response: 0.24 s, in which a living room's echo falls by 25 to 40 dB."""
PERSISTENCE = 0.9995
"""Of the echo's way from block to block (the model's transition factor A): a hand that moves changes it in seconds."""
SMOOTHING = 0.8
"""Of the spectrum of what is not echo: 50 ms."""
UNSURE = 1.0
"""Variance of each tap's spectrum before anything was heard; a response of unit energy."""
QUIET = 1e-7
"""Power in a bin under which nothing is learnt: -110 dBFS of white noise."""


class LinearCanceller:
    """One stream, behind the port `EchoCanceller`; not to be shared between threads."""

    def __init__(self, tail_blocks: int = TAIL_BLOCKS) -> None:
        """`tail_blocks`: longest echo that is learnt, in blocks."""
        self._shape = (tail_blocks, BLOCK + 1)
        self.reset()

    def reset(self) -> None:
        """Forgets the room."""
        self._far: Spectra = np.zeros(self._shape, np.complex128)  # of two blocks each, the latest first
        self._way: Spectra = np.zeros(self._shape, np.complex128)
        self._variance = np.full(self._shape, UNSURE)
        self._rest = np.zeros(BLOCK + 1)  # power of what is not echo
        self._last = np.zeros(BLOCK)

    def process(self, near: Pcm, far: Pcm) -> Pcm:
        """Two blocks of shape (BLOCK,) -> the first without the echo of the second; not late."""
        both = np.concatenate([self._last, far])
        self._last = both[BLOCK:]
        self._far = np.roll(self._far, 1, axis=0)
        self._far[0] = np.fft.rfft(both)
        echo = np.fft.irfft((self._way * self._far).sum(axis=0))[BLOCK:]
        left = near - echo
        self._learn(left)
        # Before it has learnt, or when the room changes, what it takes away may be louder than what there is.
        worse = float(np.sum(left**2)) > float(np.sum(np.square(near, dtype=np.float64)))
        return np.clip(near if worse else left, -1.0, 1.0).astype(np.float32)

    def _learn(self, left: NDArray[np.float64]) -> None:
        spectrum = np.fft.rfft(np.concatenate([np.zeros(BLOCK), left]))
        power = np.abs(self._far) ** 2
        self._rest = SMOOTHING * self._rest + (1 - SMOOTHING) * np.abs(spectrum) ** 2
        # Half: of two blocks' transform, one block of the result is a linear convolution.
        step = self._variance / (0.5 * (power * self._variance).sum(axis=0) + self._rest + QUIET)
        change = np.fft.irfft(step * np.conj(self._far) * spectrum)
        change[:, BLOCK:] = 0.0
        self._way = PERSISTENCE * (self._way + np.fft.rfft(change))
        sure = 1 - 0.5 * step * power
        self._variance = PERSISTENCE**2 * sure * self._variance + (1 - PERSISTENCE**2) * np.abs(self._way) ** 2


def create() -> LinearCanceller:
    """The canceller; it needs no model."""
    return LinearCanceller()
