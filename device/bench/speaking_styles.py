"""A recording as if whispered or shouted. Pure; seeded by who calls."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm

Floats = NDArray[np.float64]
ORDER = 18
"""Of linear prediction: two for each kHz, and two (Markel & Gray, "Linear Prediction of Speech", 1976)."""
FRAME, HOP = 480, 240
"""Samples: 30 ms every 15 ms."""


def spoken(pcm: Pcm, random: np.random.Generator) -> Pcm:
    """As it is."""
    return pcm


def whispered(pcm: Pcm, random: np.random.Generator) -> Pcm:
    """Without voice: the vocal tract (linear prediction) of each frame is excited by noise as strong as what excited it
    before, and voiced frames are weakened by 6 dB, for the glottis stays open."""
    emphasised = np.append(pcm[:1], pcm[1:] - 0.97 * pcm[:-1]).astype(np.float64)
    window = np.hanning(FRAME + 1)[:-1]
    padded = np.pad(emphasised, (FRAME, 2 * FRAME))
    out = np.zeros(len(padded))
    for first in range(0, len(padded) - FRAME, HOP):
        frame = padded[first : first + FRAME] * window
        tract, power = _prediction(frame)
        noise = random.normal(size=FRAME) * window * np.sqrt(max(power, 0.0))
        gain = 0.5 if _voiced(frame) else 1.0
        size = 2 * FRAME
        shaped = np.fft.irfft(np.fft.rfft(noise, size) / np.fft.rfft(tract, size), size)
        out[first : first + FRAME] += gain * shaped[:FRAME]
    flat = out[FRAME : FRAME + len(pcm)]
    # De-emphasis, but less of it than was taken: a whisper has little below 500 Hz.
    return np.asarray(np.convolve(flat, 0.7 ** np.arange(24))[: len(pcm)], np.float32)


def shouted(pcm: Pcm, random: np.random.Generator) -> Pcm:
    """Higher and larger in the mouth (played 8 % faster), brighter by 6 dB above 1 kHz (Lombard effect: Junqua, JASA
    93(1), 1993), and pressed against the microphone's limit."""
    at = np.arange(0, len(pcm) - 1, 1.08)
    faster = np.interp(at, np.arange(len(pcm)), pcm)
    spectrum = np.fft.rfft(faster)
    hz = np.fft.rfftfreq(len(faster), 1 / MIC_RATE)
    bright = np.fft.irfft(spectrum * (1 + np.clip((hz - 700) / 600, 0, 1)), len(faster))
    peak = float(np.abs(bright).max(initial=1e-9))
    return np.asarray(np.tanh(2.5 * bright / peak), np.float32)


STYLES: dict[str, Callable[[Pcm, np.random.Generator], Pcm]] = {
    "spoken": spoken,
    "whispered": whispered,
    "shouted": shouted,
}
LOUDNESS = {"spoken": 1.0, "whispered": 10 ** (-12 / 20), "shouted": 10 ** (12 / 20)}
"""Factor on the level of speech; a whisper is 10 to 20 dB softer than speech, a shout as much louder."""


def _prediction(frame: Floats) -> tuple[Floats, float]:
    """Coefficients 1, a1 ... of the inverse filter (Levinson-Durbin) and the power of what excites it."""
    spectrum = np.abs(np.fft.rfft(frame, 2 * FRAME)) ** 2
    r = np.fft.irfft(spectrum)[: ORDER + 1] / FRAME
    r[0] = r[0] * 1.0001 + 1e-12
    a, error = np.array([1.0]), float(r[0])
    for i in range(1, ORDER + 1):
        k = -float(np.dot(a, r[i:0:-1])) / error
        a = np.append(a, 0.0)
        a = a + k * a[::-1]
        error *= 1 - k * k
    return a, error


def _voiced(frame: Floats) -> bool:
    """Most of its power is below 1.5 kHz."""
    power = np.abs(np.fft.rfft(frame)) ** 2
    cut = round(1500 / MIC_RATE * FRAME)
    return bool(power[:cut].sum() > power[cut:].sum())
