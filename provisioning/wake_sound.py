"""What is done to sayings of a wake phrase: cut to the speech, said by others, in a room, with noise. Seeded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import parselmouth

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm

SPEECH_DBFS = -26.0
"""Root mean square to which sayings are brought: speech at arm's length (ITU-T P.56's usual level)."""
EDGE = 0.02
"""Share of the peak below which the ends of a recording are taken for silence."""
PITCH_RANGE = (75.0, 600.0)
"""Hz between which Praat looks for the pitch (its manual's values for voices of all kinds)."""


@dataclass(frozen=True, slots=True)
class Disguise:
    """Another speaker, made of a synthesizer's by overlap-add of pitch periods (Praat's "Change gender")."""

    tract: float
    """Factor on all resonances: a man's are about 0.85 of a woman's, a child's 1.2."""
    pitch_hz: float
    pace: float = 1.0
    """Factor on durations."""


SPEAKERS = (
    Disguise(1.0, 120.0),
    Disguise(0.85, 105.0, 1.15),
    Disguise(0.93, 150.0, 0.85),
    Disguise(1.08, 205.0, 1.0),
    Disguise(1.18, 240.0, 0.9),
    Disguise(1.28, 300.0, 1.1),
)
"""From an old man to a child, relative to a man's synthetic voice."""


def cut(pcm: Pcm, name: str = "wake phrase") -> Pcm:
    """Without the silence at its ends, at SPEECH_DBFS. Raises BadInput where there is nothing to hear."""
    if len(pcm) == 0 or not np.isfinite(pcm).all() or float(np.abs(pcm).max()) < 1e-4:
        raise BadInput(name, expected="a recording of the phrase", got="silence", hint="record it again, nearer")
    step = MIC_RATE // 100
    blocks = np.abs(np.pad(pcm, (0, -len(pcm) % step))).reshape(-1, step).max(axis=1)
    loud = np.flatnonzero(blocks > EDGE * blocks.max())
    kept = pcm[max(0, loud[0] - 1) * step : (loud[-1] + 3) * step]
    return levelled(kept, SPEECH_DBFS)


def levelled(pcm: Pcm, dbfs: float) -> Pcm:
    """At this root mean square."""
    rms = float(np.sqrt(np.mean(np.square(pcm)))) + 1e-9
    return np.asarray(pcm / rms * 10 ** (dbfs / 20), np.float32)


def disguised(pcm: Pcm, speaker: Disguise) -> Pcm:
    """The same words by another speaker. Sounds too short for Praat stay as they are."""
    if len(pcm) < MIC_RATE // 10:
        return pcm
    sound = parselmouth.Sound(pcm.astype(np.float64), MIC_RATE)
    parselmouth.praat.run("random_initializeWithSeedUnsafelyButPredictably (1)")
    low, high = PITCH_RANGE
    changed = parselmouth.praat.call(
        sound, "Change gender", low, high, speaker.tract, speaker.pitch_hz, 1.0, speaker.pace
    )
    return np.asarray(changed.values[0], np.float32)


def in_a_room(pcm: Pcm, random: np.random.Generator, seconds: float, loudness: float) -> Pcm:
    """With reverberation that decays by 60 dB in `seconds`, `loudness` times as strong as the direct sound: noise under
    an exponential, the statistical model of a diffuse room (Polack 1988). As long as before."""
    length = int(seconds * MIC_RATE)
    tail = random.normal(size=length) * 10.0 ** (-3.0 * np.arange(length) / length)
    tail *= loudness / np.sqrt(np.sum(np.square(tail)))
    tail[: MIC_RATE // 200] = 0.0
    tail[0] = 1.0
    size = len(pcm) + length
    made = np.fft.irfft(np.fft.rfft(pcm, size) * np.fft.rfft(tail, size), size)
    return np.asarray(made[: len(pcm)], np.float32)


def pink(samples: int, random: np.random.Generator) -> Pcm:
    """Noise whose power falls as 1/f, root mean square 1: kitchens, streets and ventilators, roughly."""
    spectrum = np.fft.rfft(random.normal(size=samples))
    made = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20.0)), samples)
    return np.asarray(made / (made.std() + 1e-9), np.float32)


def with_noise(pcm: Pcm, random: np.random.Generator, snr_db: float) -> Pcm:
    """With pink noise `snr_db` below it."""
    rms = float(np.sqrt(np.mean(np.square(pcm))))
    return np.asarray(pcm + pink(len(pcm), random) * rms * 10 ** (-snr_db / 20), np.float32)
