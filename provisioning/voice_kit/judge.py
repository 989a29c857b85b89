"""How good a stretch of sound is: speech above noise, clipping, music. Pure."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit.heard import Sound

FRAME = 320
"""Samples (20 ms) whose power is compared."""
CLEANEST_DB = 60.0
"""More is not told apart: 16 bits of a phone's recording hold hardly more."""
FLOOR_SHARE = 0.1
"""Of the frames, the softest, which are taken for the noise."""
FULL = 0.99
"""Of full scale."""
TOP = 0.995
"""Of the stretch's own peak: where several samples in a row lie above it, the wave was cut there before it was made
softer."""
IN_A_ROW = 4
LINES = 2048
"""Samples (128 ms) of a spectrum that tells notes apart."""
LINES_HOP = 512
LATER = 8
"""Hops (0.26 s) over which a note keeps its pitch, and a speaking voice does not."""
LOWEST, HIGHEST = 100.0, 4000.0
"""Hz between which notes are looked for."""
PROMINENT = 6.0
"""Times the neighbourhood's median power."""
MOST_LINES = 12
SOFT = 0.3
"""Share of the frames, the softest, that tell: between the syllables music goes on."""
NO_MUSIC, SURE_MUSIC = 0.4, 0.7
"""Shares of lines that stay. Clean speech has 0.1-0.3, with noise or in a room up to 0.5; with music as loud as it 0.55
-0.9, with music 10 dB below it 0.45-0.8."""


def sound(pcm: Pcm, around: Pcm | None = None) -> Sound:
    """A stretch of speech at MIC_RATE. `around`: the same with some seconds before and after it, whose softest parts
    are the room's noise."""
    wide = pcm if around is None else around
    return Sound(round(noise_db(pcm, wide), 1), round(clipped(pcm), 5), round(music(wide), 3))


def noise_db(pcm: Pcm, around: Pcm | None = None) -> float:
    """Speech above noise in dB, at most CLEANEST_DB: the power of the louder half of the frames against that of the
    softest tenth."""
    speech = np.sort(_power(pcm))
    if len(speech) == 0 or speech[-1] <= 0:
        return 0.0
    rest = np.sort(_power(around if around is not None and len(around) >= len(pcm) else pcm))
    # Frames of digital silence say nothing of the room (a phone's noise gate).
    rest = rest[rest > 1e-12] if (rest > 1e-12).any() else np.array([1e-12])
    noise = float(rest[: max(1, round(FLOOR_SHARE * len(rest)))].mean())
    loud = float(speech[len(speech) // 2 :].mean())
    return float(np.clip(10 * np.log10(max(loud - noise, 1e-12) / max(noise, 1e-12)), 0.0, CLEANEST_DB))


def clipped(pcm: Pcm) -> float:
    """Share of the samples whose wave was cut off at the top, at full scale or at the stretch's own peak."""
    size = np.abs(pcm)
    peak = float(size.max(initial=0.0))
    if peak < 1e-4:
        return 0.0
    cut: NDArray[np.bool_] = np.asarray(size >= min(FULL, TOP * peak))
    if len(cut) < IN_A_ROW:
        return 0.0
    runs: NDArray[np.bool_] = np.asarray(sliding_window_view(cut, IN_A_ROW).all(axis=1))
    held = np.zeros(len(cut), bool)
    for shift in range(IN_A_ROW):
        held[shift : shift + len(runs)] |= runs
    return float(held.mean())


def music(pcm: Pcm) -> float:
    """0..1 that notes sound: by the share of spectral lines in the softest frames that stood there LATER hops before. A
    speaking voice glides and pauses; a note stays."""
    if len(pcm) < LINES + (LATER + 1) * LINES_HOP:
        return 0.0
    frames = sliding_window_view(pcm, LINES)[::LINES_HOP] * np.hanning(LINES)
    spectra = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    low, high = (round(hz * LINES / MIC_RATE) for hz in (LOWEST, HIGHEST))
    power = spectra[:, low:high].sum(axis=1)
    heard = power > power.max() * 1e-5
    if not heard.any() or power.max() < 1e-9:
        return 0.0
    soft = heard & (power <= np.quantile(power[heard], SOFT))
    stay = [
        _staying(_lines(spectra[at], low, high), _lines(spectra[at - LATER], low, high))
        for at in np.flatnonzero(soft)
        if at >= LATER
    ]
    shares = [share for share in stay if share is not None]
    staying = float(np.mean(shares)) if shares else 0.0
    return float(np.clip((staying - NO_MUSIC) / (SURE_MUSIC - NO_MUSIC), 0.0, 1.0))


def _staying(now: set[int], before: set[int]) -> float | None:
    return float(np.mean([bool(before & {line - 1, line, line + 1}) for line in now])) if now else None


def _lines(spectrum: NDArray[np.float64], low: int, high: int) -> set[int]:
    """The most prominent local peaks."""
    band = spectrum[low:high]
    middle = (band[1:-1] > band[:-2]) & (band[1:-1] >= band[2:]) & (band[1:-1] > PROMINENT * np.median(band))
    at = np.flatnonzero(middle) + 1
    best = at[np.argsort(band[at])[::-1][:MOST_LINES]]
    best = best[band[best] > band.max(initial=0.0) * 1e-3]
    return {int(line) + low for line in best}


def _power(pcm: Pcm) -> NDArray[np.float64]:
    whole = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.mean(np.square(whole, dtype=np.float64), axis=1))
