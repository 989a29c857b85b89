"""Sounds that a frame in a family's room has to live with, made by code; at MIC_RATE, seeded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm

ORDER = 18
"""Of the linear prediction: two poles a formant up to 8 kHz, and two for the tilt (Markel & Gray 1976)."""
FRAME, HOP = 512, 256


def whispered(pcm: Pcm, seed: int = 0) -> Pcm:
    """The same words without a voice: the vocal tract of each 32 ms (linear prediction, autocorrelation method) excited
    by noise that is as loud as its residual; 15 dB softer, as whispers are."""
    random = np.random.default_rng(seed)
    window = np.hanning(FRAME + 1)[:FRAME]
    padded = np.pad(pcm.astype(np.float64), (HOP, FRAME))
    out = np.zeros(len(padded))
    for start in range(0, len(padded) - FRAME, HOP):
        frame = padded[start : start + FRAME] * window
        poles, gain = _prediction(frame)
        noise = random.normal(size=FRAME) * gain
        spectrum = np.fft.rfft(noise, 2 * FRAME) / np.fft.rfft(poles, 2 * FRAME)
        out[start : start + FRAME] += np.fft.irfft(spectrum, 2 * FRAME)[:FRAME] * window
    voice = out[HOP : HOP + len(pcm)]
    loud = float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)) / max(np.sqrt(np.mean(voice**2)), 1e-9))
    return np.asarray(voice * loud * 10 ** (-15 / 20), np.float32)


def _prediction(frame: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The polynomial of the inverse filter, and the residual's RMS: Levinson and Durbin's recursion."""
    r = np.correlate(frame, frame, "full")[FRAME - 1 : FRAME + ORDER] / FRAME
    r[0] = r[0] * 1.0001 + 1e-12
    a, error = np.zeros(ORDER + 1), r[0]
    a[0] = 1.0
    for i in range(1, ORDER + 1):
        k = -(a[:i] @ r[i:0:-1]) / error
        a[1 : i + 1] += k * a[i - 1 :: -1][:i]
        error *= 1 - k * k
    return a, float(np.sqrt(max(error, 0.0)))


def barking(seconds: float, seed: int = 0) -> Pcm:
    """A dog: barks of 0.15 s whose pitch falls from 700 to 350 Hz, rough and noisy, in twos and threes."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * MIC_RATE))
    t = np.arange(round(0.16 * MIC_RATE)) / MIC_RATE
    at = 0.3
    while at < seconds - 0.5:
        for _ in range(int(random.integers(2, 4))):
            pitch = random.uniform(600, 800) * np.exp(-4.0 * t)
            phase = 2 * np.pi * np.cumsum(pitch) / MIC_RATE
            tone = sum(np.sin(k * phase) / k for k in range(1, 9)) * (1 + 0.5 * np.sin(2 * np.pi * 70 * t))
            bark = (tone + 0.5 * random.normal(size=len(t))) * np.sin(np.pi * t / t[-1]) ** 0.5
            first = round(at * MIC_RATE)
            length = max(0, min(len(bark), len(sound) - first))
            sound[first : first + length] += bark[:length]
            at += float(random.uniform(0.25, 0.4))
        at += float(random.uniform(0.8, 1.5))
    return np.asarray(0.3 * sound / np.abs(sound).max(), np.float32)


def clipped(pcm: Pcm, gain: float) -> Pcm:
    """As a microphone delivers it that is set so much too loud."""
    return np.asarray(np.clip(gain * pcm, -1.0, 1.0), np.float32)


def shouted(pcm: Pcm) -> Pcm:
    """At the top of somebody's voice, near by: brighter (+6 dB per octave from 500 Hz on, up to 12 dB), clipped."""
    spectrum = np.fft.rfft(pcm.astype(np.float64))
    hz = np.fft.rfftfreq(len(pcm), 1 / MIC_RATE)
    bright = np.fft.irfft(spectrum * np.clip(hz / 500.0, 1.0, 4.0), len(pcm))
    return clipped(np.asarray(bright / np.abs(bright).max(), np.float32), 3.0)
