"""Sounds without words that make somebody themselves: a laugh, a cough, a sigh, an 嗯. Found by what they are like.

Features, not a trained network: laughter is voiced or breathy bursts 4 to 5 times a second (Bachorowski, Smoski & Owren
2001, "The acoustic features of human laughter": 4.37 a second), a cough an unvoiced burst with a sudden attack, a sigh
a long soft breath, a hum a short steady voice with little above 1 kHz. What is not clearly one of them is left alone; a
person says yes or no to each by ear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit.spectrogram import hann, mel_power

HOP = 160
LEAST_S, LONGEST_S = 0.15, 4.0
ABOVE_FLOOR_DB = 15.0
"""dB above the room's noise from which a sound is one."""
UNDER_SPEECH_DB = 38.0
"""dB below the loudest 10 ms of the piece: softer sounds are the room's."""
GAP_S = 0.25
"""s of quiet between two sounds: a laugh's bursts are closer together."""
MARGIN_S = 0.06
"""s kept around a sound."""
FADE_S = 0.02
HUMS = re.compile(r"(嗯|唔|呣|哼|m+h*m*|h+m+|uh|mhm)[\W_]*", re.IGNORECASE)
LAUGHS = re.compile(r"((哈|呵|嘿|嘻)+|(ha|he|hee|ho)([\W_]*(ha|he|hee|ho))+)[\W_]*", re.IGNORECASE)
SHORT_TEXT_S = 3.0
"""s of speech that may be nothing but an interjection, whatever was made of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sound without words."""

    start: float
    end: float
    """s"""
    kind: str
    """laugh, cough, sigh or hum"""


@dataclass(frozen=True, slots=True)
class Features:
    """What a sound is like."""

    seconds: float
    voiced: float
    """Share of its loud frames that have a pitch"""
    low: float
    """Share of the power below 1 kHz"""
    attack_s: float
    """s from a tenth to the whole of its loudest moment"""
    bursts: int
    rate: float
    """Bursts a second, 0 for fewer than two"""
    steady: float
    """Interquartile range of the pitch in semitones"""
    even: float
    """Deviation of the bursts' distances from their mean, as a share of it"""
    alike: float
    """Mean correlation of the bursts' spectra (dB in mel bands) with the next one's: a laugh repeats one syllable"""


def find(pcm: Pcm, stretches: Sequence[tuple[float, float]], spoken: Sequence[tuple[float, float, str]]) -> list[Found]:
    """All in one piece at MIC_RATE. `stretches`: where speech is (s); `spoken`: passages (start, end, text), of which
    one that says nothing but "haha" or 嗯, or nothing at all, is one too."""
    loudness = envelope(pcm)
    found = []
    for start, end in _between(loudness, stretches, len(pcm) / MIC_RATE):
        kind = kind_of(features(_cut(pcm, start, end)))
        if kind:
            found.append(Found(start, end, kind))
    for start, end, text in spoken:
        kind = _spoken_kind(pcm, start, end, text)
        if kind:
            found.append(Found(start, end, kind))
    return sorted(found, key=lambda sound: sound.start)


def kind_of(heard: Features) -> str:
    """laugh, cough, sigh, hum, or nothing of the kind."""
    if heard.bursts == 0:
        return ""
    if heard.bursts >= 3 and 3.0 <= heard.rate <= 7.0 and heard.even <= 0.25 and heard.alike >= 0.9:
        return "laugh"
    if heard.voiced >= 0.7 and heard.low >= 0.97 and heard.seconds <= 1.2 and heard.bursts <= 2 and heard.steady < 2.0:
        return "hum"
    if heard.voiced <= 0.35 and heard.attack_s <= 0.06 and heard.bursts <= 3 and heard.seconds <= 1.5:
        return "cough"
    if heard.voiced <= 0.25 and heard.attack_s >= 0.1 and heard.bursts <= 2 and 0.4 <= heard.seconds <= 2.5:
        return "sigh"
    return ""


def features(sound: Pcm) -> Features:
    """Of one sound at MIC_RATE."""
    loudness = envelope(sound)
    peak = float(loudness.max(initial=0.0))
    if peak <= 1e-5:
        return Features(len(sound) / MIC_RATE, 0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0, 0.0)
    loud = loudness > 0.25 * peak
    pitch = _pitches(sound)[: len(loud)]
    pitched = pitch[loud[: len(pitch)] & (pitch > 0)]
    bursts = _bursts(loudness)
    span = (bursts[-1] - bursts[0]) * HOP / MIC_RATE if len(bursts) > 1 else 0.0
    steady = float(np.subtract(*np.quantile(12 * np.log2(pitched), (0.75, 0.25)))) if len(pitched) > 2 else 0.0
    apart = np.diff(bursts)
    return Features(
        len(sound) / MIC_RATE,
        len(pitched) / max(1, int(loud.sum())),
        _low_share(sound),
        _attack(loudness),
        len(bursts),
        (len(bursts) - 1) / span if span else 0.0,
        steady,
        float(apart.std() / apart.mean()) if len(apart) else 0.0,
        _alike(sound, bursts),
    )


def clip(pcm: Pcm, rate: int, start: float, end: float) -> Pcm:
    """The sound cut out of a recording at `rate` Hz with its margins, faded at both ends."""
    first = max(0, round((start - MARGIN_S) * rate))
    cut = pcm[first : round((end + MARGIN_S) * rate)].copy()
    ramp = np.linspace(0.0, 1.0, min(round(FADE_S * rate), len(cut) // 2), dtype=np.float32)
    cut[: len(ramp)] *= ramp
    cut[len(cut) - len(ramp) :] *= ramp[::-1]
    return cut


def envelope(pcm: Pcm) -> NDArray[np.float64]:
    """Root mean square of every 10 ms."""
    whole = pcm[: len(pcm) // HOP * HOP].reshape(-1, HOP)
    return np.asarray(np.sqrt(np.mean(np.square(whole, dtype=np.float64), axis=1)))


def _spoken_kind(pcm: Pcm, start: float, end: float, text: str) -> str:
    if LAUGHS.fullmatch(text.strip()):
        return "laugh"
    if HUMS.fullmatch(text.strip()):
        return "hum"
    if not text.strip() and end - start <= SHORT_TEXT_S:
        return kind_of(features(_cut(pcm, start, end)))
    return ""


def _between(
    loudness: NDArray[np.float64], stretches: Sequence[tuple[float, float]], seconds: float
) -> list[tuple[float, float]]:
    """Sounds that stand out between the stretches, s."""
    if not len(loudness) or loudness.max() <= 0:
        return []
    floor = float(np.quantile(loudness, 0.1)) * 10 ** (ABOVE_FLOOR_DB / 20)
    loud = loudness > max(floor, float(loudness.max()) * 10 ** (-UNDER_SPEECH_DB / 20))
    for start, end in stretches:
        loud[max(0, round(start * 100) - 5) : round(end * 100) + 5] = False
    at = np.flatnonzero(loud)
    if not len(at):
        return []
    groups = np.split(at, np.flatnonzero(np.diff(at) > GAP_S * 100) + 1)
    made = [(float(g[0]) / 100, min(seconds, float(g[-1] + 1) / 100)) for g in groups]
    return [(a, b) for a, b in made if LEAST_S <= b - a <= LONGEST_S]


def _bursts(loudness: NDArray[np.float64]) -> list[int]:
    """Frames of the envelope's peaks that rise to half of the loudest, with a dip to 0.6 of the lower one between."""
    smooth = np.convolve(loudness, np.hanning(7) / np.hanning(7).sum(), "same")
    peaks = [n for n in range(1, len(smooth) - 1) if smooth[n - 1] < smooth[n] >= smooth[n + 1]]
    kept: list[int] = []
    for peak in (n for n in peaks if smooth[n] >= 0.35 * smooth.max()):
        if kept and smooth[kept[-1] : peak].min() > 0.6 * min(smooth[kept[-1]], smooth[peak]):
            if smooth[peak] > smooth[kept[-1]]:
                kept[-1] = peak
        else:
            kept.append(peak)
    return kept


def _alike(sound: Pcm, bursts: Sequence[int]) -> float:
    if len(bursts) < 2:
        return 0.0
    spectra = 10 * np.log10(mel_power(sound, 30, hann(400)) + 1e-9)
    at = [spectra[max(0, n - 2) : n + 3].mean(axis=0) for n in bursts if n < len(spectra)]
    return float(np.mean([np.corrcoef(one, other)[0, 1] for one, other in pairwise(at)]))


def _attack(loudness: NDArray[np.float64]) -> float:
    """s from the last moment under a tenth of the peak to 0.9 of it."""
    smooth = np.convolve(loudness, np.ones(3) / 3, "same")
    top = int(np.flatnonzero(smooth >= 0.9 * smooth.max())[0])
    quiet = np.flatnonzero(smooth[: top + 1] < 0.1 * smooth.max())
    return (top - (int(quiet[-1]) if len(quiet) else -1)) * HOP / MIC_RATE


def _low_share(sound: Pcm) -> float:
    power = np.square(np.abs(np.fft.rfft(sound.astype(np.float64))))
    hz = np.fft.rfftfreq(len(sound), 1 / MIC_RATE)
    return float(power[(hz > 50) & (hz < 1000)].sum() / max(power[hz > 50].sum(), 1e-12))


def _pitches(sound: Pcm) -> NDArray[np.float64]:
    """Hz every 10 ms, 0 where there is no voice: the highest peak of the normalised autocorrelation over 40 ms between
    70 and 500 Hz, where it is at least 0.5."""
    size = 640
    padded = np.pad(sound.astype(np.float64), size // 2)
    frames = sliding_window_view(padded, size)[::HOP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    spectra = np.square(np.abs(np.fft.rfft(frames, 2 * size, axis=1)))
    correlation = np.fft.irfft(spectra, axis=1)[:, :size]
    lags = np.arange(MIC_RATE // 500, MIC_RATE // 70)
    scaled = correlation[:, lags] / np.maximum(correlation[:, :1], 1e-12) * (size / (size - lags))
    strength = scaled.max(axis=1)
    best = (scaled >= 0.9 * strength[:, None]).argmax(axis=1)  # the first such period, not a multiple of it
    return np.asarray(np.where(strength >= 0.5, MIC_RATE / lags[best], 0.0))


def _cut(pcm: Pcm, start: float, end: float) -> Pcm:
    return pcm[max(0, round(start * MIC_RATE)) : round(end * MIC_RATE)]
