"""How somebody speaks: pitch and how far it moves, pace, pauses, the size of their vocal tract; and a stock voice bent
towards that. It gives a similar manner, never a copy of a voice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import parselmouth
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from device.persona.voice_file import Manner
from device.ports import Pcm, Speech
from provisioning.voice_kit.heard import Passage

LOW, HIGH = 60.0, 500.0
"""Hz between which a speaking voice's pitch is looked for; the second look narrows it to the voice (Hirst 2011: 0.75
and 1.5 times its quartiles)."""
GRID = np.arange(200.0, 5400.0, 20.0)
"""Hz at which the envelope of the spectrum is kept ..."""
COMPARED = np.arange(250.0, 4500.0, 20.0)
"""... and those at which two are compared."""
WINDOW_S = 0.064
LIFTER_S = 0.0025
"""s of the cepstrum that are the vocal tract and not the pitch (Oppenheim & Schafer 1968, homomorphic analysis)."""
SCALES = np.arange(0.84, 1.2, 0.01)
LEAST_FIT = 0.5
"""Correlation of two envelopes under which their scales cannot be compared."""
TRACT, MELODY, PACE = (0.88, 1.14), (0.6, 1.6), (0.75, 1.25)
"""How far a stock voice is bent at most: beyond, the resynthesis is heard."""
PITCHES = (70.0, 320.0)
LONGEST_PAUSE_S = 1.2


@dataclass(frozen=True, slots=True)
class Prosody:
    """Of one voice; 0 where it could not be told."""

    pitch_hz: float
    """Median"""
    range_st: float
    """Semitones between the tenth and the ninetieth percentile of the pitch"""
    rate: float
    """Syllables a second while speaking"""
    pause_s: float
    """Median of the pauses within what is said in one go"""
    envelope: tuple[float, ...] = ()
    """Mean log spectrum on GRID without the pitch: where the resonances are"""


def of_sound(pcm: Pcm, rate: int, text: str = "", spoken_s: float = 0.0) -> Prosody:
    """Of one stretch of speech at `rate` Hz in which `text` is said; `spoken_s` is how long it takes without pauses."""
    sound = parselmouth.Sound(pcm.astype(np.float64), rate)
    pitch = pitches(sound)
    syllables_s = syllables(text) / (spoken_s or len(pcm) / rate) if text and len(pcm) else 0.0
    return Prosody(
        float(np.median(pitch)) if len(pitch) else 0.0,
        float(12 * np.log2(np.quantile(pitch, 0.9) / np.quantile(pitch, 0.1))) if len(pitch) else 0.0,
        syllables_s,
        0.0,
        _envelope(pcm, rate) if len(pitch) else (),
    )


def together(parts: Sequence[Prosody], pauses: Sequence[float] = ()) -> Prosody:
    """The middle of several stretches by one voice."""
    envelopes = np.array([p.envelope for p in parts if p.envelope])
    return Prosody(
        _median([p.pitch_hz for p in parts]),
        _median([p.range_st for p in parts]),
        _median([p.rate for p in parts]),
        _median(pauses),
        tuple(float(f) for f in envelopes.mean(axis=0)) if len(envelopes) else (),
    )


def towards(person: Prosody, stock: Prosody) -> Manner:
    """What makes the stock voice speak as the person does, as far as it can be bent without being heard."""
    tract = _scale(person.envelope, stock.envelope) if person.envelope and stock.envelope else 1.0
    return Manner(
        round(float(np.clip(person.pitch_hz or stock.pitch_hz, *PITCHES)), 1),
        round(_ratio(person.range_st, stock.range_st, MELODY), 3),
        round(float(np.clip(tract, *TRACT)), 3),
        round(_ratio(person.rate, stock.rate, PACE), 3),
        round(min(person.pause_s, LONGEST_PAUSE_S), 2),
    )


def render(speech: Speech, manner: Manner) -> Pcm:
    """What a stock voice said, at its own rate, in the person's manner."""
    if len(speech.pcm) < speech.rate // 10:
        return speech.pcm
    sound = parselmouth.Sound(speech.pcm.astype(np.float64), speech.rate)
    # Praat joins unvoiced pieces at random places; the same words shall sound the same.
    parselmouth.praat.run("random_initializeWithSeedUnsafelyButPredictably (1)")
    changed = parselmouth.praat.call(
        sound, "Change gender", LOW, HIGH, manner.tract, manner.pitch_hz, manner.melody, 1.0 / manner.pace
    )
    return np.asarray(changed.values[0], np.float32)


def pauses(passage: Passage, least_s: float = 0.12) -> list[float]:
    """s between words of a passage, where they are pauses."""
    gaps = [after.start - before.end for before, after in pairwise(passage.words)]
    return [gap for gap in gaps if gap >= least_s]


def spoken_s(passage: Passage) -> float:
    """How long it takes without its pauses."""
    if not passage.words:
        return 0.0
    return passage.words[-1].end - passage.words[0].start - sum(pauses(passage))


def syllables(text: str) -> int:
    """Chinese characters, and groups of vowels in English words."""
    chinese = len(re.findall(r"[\u3400-\u9fff]", text))
    words = re.findall(r"[a-z]+", text.lower())
    return chinese + sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word)))) for word in words)


def pitches(sound: parselmouth.Sound) -> NDArray[np.float64]:
    """Hz of the voiced frames, every 10 ms, looked for twice: widely, then around what was found."""
    first = _voiced(sound, LOW, HIGH)
    if len(first) < 5:
        return first
    low, high = np.quantile(first, 0.25) * 0.75, np.quantile(first, 0.75) * 1.5
    return _voiced(sound, max(LOW, float(low)), min(HIGH + 100, float(high)))


def _voiced(sound: parselmouth.Sound, low: float, high: float) -> NDArray[np.float64]:
    if sound.duration < 3.5 / low:
        return np.zeros(0)
    values = sound.to_pitch(time_step=0.01, pitch_floor=low, pitch_ceiling=high).selected_array["frequency"]
    return np.asarray(values[values > 0])


def _envelope(pcm: Pcm, rate: int) -> tuple[float, ...]:
    """Of the louder half of the windows; those of one voice's sentences differ little, whatever is said."""
    size = round(WINDOW_S * rate)
    padded = np.pad(pcm, (0, max(0, size - len(pcm))))
    spectra = np.square(np.abs(np.fft.rfft(sliding_window_view(padded, size)[:: size // 4] * np.hanning(size), axis=1)))
    power = spectra.sum(axis=1)
    cepstrum = np.fft.irfft(np.log(spectra[power >= np.median(power)] + 1e-10).mean(axis=0))
    kept = round(LIFTER_S * rate)
    cepstrum[kept : len(cepstrum) - kept] = 0.0
    smooth = np.fft.rfft(cepstrum).real
    return tuple(float(v) for v in np.interp(GRID, np.arange(len(smooth)) * rate / size, smooth))


def _scale(person: Sequence[float], stock: Sequence[float]) -> float:
    """The factor on all of the stock voice's resonances at which the two envelopes are most alike, their tilt apart. On
    voices made larger and smaller by a known factor of 0.9 to 1.1 it is off by 0.03 at most, where medians of formants
    were off by 0.1."""
    wanted = _level(np.interp(COMPARED, GRID, person))
    fits = [float(np.corrcoef(wanted, _level(np.interp(COMPARED / s, GRID, stock)))[0, 1]) for s in SCALES]
    best = int(np.argmax(fits))
    inside = 0 < best < len(SCALES) - 1  # at an edge nothing fits, and it would be the edge that speaks
    return float(SCALES[best]) if inside and fits[best] >= LEAST_FIT else 1.0


def _level(envelope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without its tilt, which is the microphone's as much as the voice's."""
    return envelope - np.polyval(np.polyfit(COMPARED, envelope, 1), COMPARED)


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if value > 0]
    return float(np.median(known)) if known else 0.0


def _ratio(one: float, other: float, limits: tuple[float, float]) -> float:
    return float(np.clip(one / other, *limits)) if one > 0 and other > 0 else 1.0
