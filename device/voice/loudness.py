"""Makes all voices equally loud. Pure."""

from __future__ import annotations

import numpy as np

from device.ports import Pcm

TARGET_DBFS = -20.0
"""RMS of speech without its pauses: a customary level with enough headroom for its peaks (EBU R 128 asks for -23 LUFS
over a programme with pauses)."""

MAX_GAIN_DB = 15.0
"""dB; a sigh is not made as loud as a sentence."""

CEILING = 10 ** (-1 / 20)
"""-1 dBFS: no sample is louder."""

KNEE = 10 ** (-4 / 20)
"""-4 dBFS: below it the limiter changes nothing."""

WINDOW_S = 0.05
GATE_DB = 25.0
"""dB below the loudest window under which a window counts as a pause."""


def speech_rms(pcm: Pcm, rate: int) -> float:
    """RMS (0..1) over the 50 ms windows that hold speech; 0 for silence."""
    size = max(1, round(WINDOW_S * rate))
    if len(pcm) == 0:
        return 0.0
    padded = np.pad(pcm, (0, -len(pcm) % size)).reshape(-1, size).astype(np.float64)
    power = (padded**2).mean(axis=1)
    loud = power[power >= power.max() * 10 ** (-GATE_DB / 10)]
    return float(np.sqrt(loud.mean()))


def level(pcm: Pcm, rate: int, target_dbfs: float = TARGET_DBFS) -> Pcm:
    """The same speech at the target level, its peaks rounded off below the ceiling."""
    rms = speech_rms(pcm, rate)
    if rms < 1e-6:
        return pcm
    limit = 10 ** (MAX_GAIN_DB / 20)
    gain = float(np.clip(10 ** (target_dbfs / 20) / rms, 1 / limit, limit))
    return limited(pcm * np.float32(gain))


def limited(pcm: Pcm) -> Pcm:
    """Samples above the knee are bent smoothly (tanh) towards the ceiling; all others are untouched."""
    size = np.abs(pcm)
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    return np.where(size > KNEE, np.sign(pcm) * bent, pcm).astype(np.float32)
