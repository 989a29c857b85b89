"""Noises of a home, made by code: kitchen, television, hum, rain. Seeded; the same seed gives the same samples.

All have RMS 1 over their length, shape (samples,), at MIC_RATE: who mixes them sets the level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm

Floats = NDArray[np.float64]

SPEECH_FORMANTS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Mean formants of the vowels in hod, heed, who'd, head, hawed, men (Peterson & Barney, JASA 24(2), 1952)."""

CHORDS_HZ = ((261.6, 329.6, 392.0), (220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7))
"""C, A minor, F, G in equal temperament."""


def _unit(sound: Floats) -> Pcm:
    rms = float(np.sqrt(np.mean(sound**2))) or 1.0
    return np.asarray(sound / rms, np.float32)


def coloured(random: np.random.Generator, samples: int, slope_db: float, band: tuple[float, float]) -> Floats:
    """Gaussian noise whose power falls by `slope_db` dB per octave within `band` Hz, nothing outside."""
    spectrum = np.fft.rfft(random.normal(size=samples))
    hz = np.fft.rfftfreq(samples, 1 / MIC_RATE)
    gain = np.maximum(hz, 20.0) ** (-slope_db / (20 * np.log10(2)))
    spectrum *= np.where((hz >= band[0]) & (hz <= band[1]), gain, 0)
    return np.asarray(np.fft.irfft(spectrum, samples))


def hum(seconds: float, seed: int = 0) -> Pcm:
    """A refrigerator: mains at 50 Hz with its harmonics, and a little air."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * MIC_RATE)) / MIC_RATE
    tones = sum(np.sin(2 * np.pi * 50 * k * t + random.uniform(0, 6.28)) / k for k in (1, 2, 3, 4, 6))
    air = coloured(random, len(t), 5.0, (60, 3000))
    return _unit(np.asarray(tones) + 0.3 * air / (air.std() or 1.0))


def rain(seconds: float, seed: int = 0) -> Pcm:
    """On a window: a steady hiss and single drops (decaying over 4 ms, about 30 a second)."""
    random = np.random.default_rng(seed)
    samples = round(seconds * MIC_RATE)
    hiss = coloured(random, samples, 1.0, (400, 7500))
    drops = np.zeros(samples)
    places = random.integers(0, samples, round(30 * seconds))
    np.add.at(drops, places, random.lognormal(0.0, 0.7, len(places)))
    t = np.arange(round(0.02 * MIC_RATE)) / MIC_RATE
    drop = np.exp(-t / 0.004) * np.sin(2 * np.pi * 1800 * t)
    return _unit(hiss / (hiss.std() or 1.0) + 3.0 * np.convolve(drops, drop)[:samples])


def kitchen(seconds: float, seed: int = 0) -> Pcm:
    """An extractor hood (-4 dB per octave), and now and then a plate or a spoon: a few inharmonic modes that ring."""
    random = np.random.default_rng(seed)
    samples = round(seconds * MIC_RATE)
    hood = coloured(random, samples, 4.0, (80, 6000))
    sound = hood / (hood.std() or 1.0)
    for at in np.sort(random.uniform(0, seconds, random.poisson(0.7 * seconds))):
        ring = _clatter(random)
        first = round(float(at) * MIC_RATE)
        length = min(len(ring), samples - first)
        sound[first : first + length] += ring[:length]
    return _unit(sound)


def _clatter(random: np.random.Generator) -> Floats:
    t = np.arange(round(0.3 * MIC_RATE)) / MIC_RATE
    modes = random.uniform(900, 6500, 6)
    decay = random.uniform(0.01, 0.08, 6)
    ring = sum(np.exp(-t / d) * np.sin(2 * np.pi * f * t) for f, d in zip(modes, decay, strict=True))
    return np.asarray(random.uniform(1.0, 4.0) * ring)


def music(seconds: float, seed: int = 0) -> Pcm:
    """Chords of plucked tones, two a second, over a bass."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * MIC_RATE))
    t = np.arange(MIC_RATE) / MIC_RATE
    for beat in range(int(seconds * 2)):
        chord = CHORDS_HZ[beat // 4 % 4]
        notes = [*random.choice(chord, 2), chord[0] / 2, random.choice(chord) * 2]
        tone = sum(np.sin(2 * np.pi * note * k * t) * np.exp(-t * (2 + k)) / k for note in notes for k in (1, 2, 3, 4))
        first = beat * MIC_RATE // 2
        length = min(len(t), len(sound) - first)
        sound[first : first + length] += np.asarray(tone)[:length]
    return _unit(sound)


def voice(seconds: float, seed: int = 0) -> Pcm:
    """Somebody talking without words: a pulse train through vowel formants, four syllables a second, with pauses."""
    random = np.random.default_rng(seed)
    samples = round(seconds * MIC_RATE)
    t = np.arange(samples) / MIC_RATE
    pitch = random.uniform(95, 220)
    knots = np.arange(0, seconds + 0.25, 0.25)
    f0 = pitch * np.exp(np.interp(t, knots, random.normal(0, 0.12, len(knots))))
    pulses = np.diff(np.floor(np.cumsum(f0) / MIC_RATE), prepend=0.0)
    loudness = np.interp(t, knots, random.uniform(0, 1, len(knots)) * (random.uniform(size=len(knots)) > 0.2))
    sound = np.zeros(samples)
    block = MIC_RATE // 4
    ring = np.arange(round(0.03 * MIC_RATE)) / MIC_RATE
    for start in range(0, samples, block):
        formants = SPEECH_FORMANTS_HZ[random.integers(len(SPEECH_FORMANTS_HZ))]
        response = sum(
            np.exp(-ring * 80 * np.pi * (1 + i)) * np.sin(2 * np.pi * f * ring) for i, f in enumerate(formants)
        )
        piece = np.convolve(pulses[start : start + block], np.asarray(response))
        length = min(len(piece), samples - start)
        sound[start : start + length] += piece[:length]
    return _unit(sound * loudness)


def television(seconds: float, seed: int = 0, speech: Sequence[Pcm] = ()) -> Pcm:
    """Several people talking over music, through a small loudspeaker. `speech`: real or synthesised recordings at
    MIC_RATE to take the voices from; without any they are made here, without words."""
    random = np.random.default_rng(seed)
    samples = round(seconds * MIC_RATE)
    voices = [voice(seconds, int(random.integers(1 << 31))) for _ in range(3)]
    if speech:
        voices = [_shuffled(random, speech, samples) for _ in range(2)]
    mix = np.asarray(sum(_unit(v.astype(np.float64)) for v in voices)) + 0.5 * music(seconds, seed)
    spectrum = np.fft.rfft(mix)
    spectrum[np.fft.rfftfreq(samples, 1 / MIC_RATE) < 150] = 0
    return _unit(np.fft.irfft(spectrum, samples))


def _shuffled(random: np.random.Generator, speech: Sequence[Pcm], samples: int) -> Pcm:
    pieces: list[Pcm] = []
    while sum(map(len, pieces)) < samples:
        pieces += [_unit(speech[int(random.integers(len(speech)))].astype(np.float64)), np.zeros(4000, np.float32)]
    return np.concatenate(pieces)[:samples]


def quiet(seconds: float, seed: int = 0) -> Pcm:
    """A microphone's own hiss and a quiet room: pink noise (-3 dB per octave)."""
    random = np.random.default_rng(seed)
    return _unit(coloured(random, round(seconds * MIC_RATE), 3.0, (40, 8000)))


NOISES: dict[str, Callable[[float, int], Pcm]] = {
    "quiet": quiet,
    "hum": hum,
    "rain": rain,
    "kitchen": kitchen,
    "music": music,
    "television": television,
}
"""By name: (seconds, seed) -> sound."""
