"""Laughs, coughs, sighs and hums, made by code; at MIC_RATE, seeded. Caricatures: they have the rhythm, the attack and
the spectrum of the real ones, and none of their variety."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm


def laugh(seed: int = 0, pitch: float = 180.0, rate: float = 4.5, bursts: int = 5) -> Pcm:
    """Ha-ha-ha: voiced bursts with breath between, falling in pitch and loudness."""
    random = np.random.default_rng(seed)
    step = round(MIC_RATE / rate)
    made = np.zeros(step * bursts)
    for number in range(bursts):
        t = np.arange(round(0.55 * step)) / MIC_RATE
        phase = 2 * np.pi * np.cumsum(pitch * (1 - 0.04 * number) * np.exp(-0.8 * t)) / MIC_RATE
        voice = sum(np.sin(k * phase) / k for k in range(1, 9)) + 0.3 * random.normal(size=len(t))
        made[number * step : number * step + len(t)] += voice * np.hanning(len(t)) * 0.9**number
        rest = step - len(t)
        breath = random.normal(size=rest) * np.hanning(rest) * 0.05
        made[number * step + len(t) : (number + 1) * step] += breath
    return _level(made)


def cough(seed: int = 0) -> Pcm:
    """One burst of noise with a sudden attack, and a weaker one behind it."""
    random = np.random.default_rng(seed)
    t = np.arange(round(0.35 * MIC_RATE)) / MIC_RATE
    noise = _coloured(random.normal(size=len(t)), 500.0, 3000.0)
    return _level(noise * (np.minimum(t / 0.012, 1.0) * np.exp(-t / 0.07) + 0.25 * np.exp(-(((t - 0.22) / 0.03) ** 2))))


def sigh(seed: int = 0) -> Pcm:
    """A breath let out slowly."""
    random = np.random.default_rng(seed)
    t = np.arange(round(1.3 * MIC_RATE)) / MIC_RATE
    shape = np.minimum(t / 0.3, 1.0) * np.exp(-np.maximum(t - 0.3, 0.0) / 0.4)
    return _level(_coloured(random.normal(size=len(t)), 400.0, 2500.0) * shape) * np.float32(0.3)


def hum(seed: int = 0, pitch: float = 120.0) -> Pcm:
    """Mm: a voice through a closed mouth."""
    random = np.random.default_rng(seed)
    t = np.arange(round(0.45 * MIC_RATE)) / MIC_RATE
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.05 * np.sin(5 * t))) / MIC_RATE
    voice = sum(np.sin(k * phase) / k**2 for k in range(1, 7)) + 0.005 * random.normal(size=len(t))
    return _level(voice * np.sin(np.pi * t / t[-1]) ** 0.5)


def tune(seconds: float, seed: int = 0) -> Pcm:
    """Chords that change twice a second."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(round(2 * seconds)):
        root = float(random.choice([220.0, 262.0, 294.0, 330.0, 392.0]))
        t = np.arange(MIC_RATE // 2) / MIC_RATE
        chord = sum(np.sin(2 * np.pi * root * r * k * t) / k for r in (1.0, 1.25, 1.5) for k in range(1, 5))
        made.append(chord * np.exp(-2.0 * t))
    return _level(np.concatenate(made))


def _coloured(noise: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(noise)
    hz = np.fft.rfftfreq(len(noise), 1 / MIC_RATE)
    return np.asarray(np.fft.irfft(spectrum / (1 + (low / np.maximum(hz, 1.0)) ** 4 + (hz / high) ** 4), len(noise)))


def _level(sound: NDArray[np.float64]) -> Pcm:
    return np.asarray(0.3 * sound / np.abs(sound).max(), np.float32)
