"""Blinks, smiles, nods, the lowering of the head, a sip, calm: where they are in the curves of a face. Pure.

Sizes are in degrees and in distances of the irises, times in samples of the curves given. Unknown samples are NaN, and
no event lies over one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.blink import HELD
from provisioning.likeness.film.signals import HEAD_S, Signals, smoothed

Floats = NDArray[Any]
Flags = NDArray[np.bool_]

DEEP = 0.4
"""Share of the eye's opening that a blink takes at least away."""
LONGEST_BLINK = 0.7
"""s; longer, somebody has closed the eyes."""
SMILE, SMILE_S = 0.03, 0.3
"""Units that the corners come out and up in a smile at least, and how long."""
NOD, NOD_S = 2.0, (0.1, 0.8)
"""Degrees and seconds of one way down or up; by closing eyes alone the landmarks seem to nod by 1.5 degrees."""
LOWERED, LOWERED_S = 3.5, 0.5
"""Degrees and seconds of a head that is lowered."""
COVERED, COVERED_S = 0.4, (0.4, 8.0)
"""Share of the lower face and seconds of something before it: a cup, and a hand that wipes the mouth does not count."""
CALM_S = 2.0
"""s of the shortest calm."""
_LEVEL = 0.12  # of a way
_PAUSE_S = 0.3  # between two ways of one nod
_STILL, _SLOW_S = 9.0, 0.15  # degrees a second, under a kernel of so many seconds
_BESIDE_S, _MOST_STEP = 0.4, 4.0  # s before and after a blink; degrees
_CLOSINGS = np.linspace(0.05, 0.24, 20)
_OPENINGS = np.linspace(0.08, 0.5, 22)


@dataclass(frozen=True, slots=True)
class Piece:
    """From sample `start` to before `end`."""

    start: int
    end: int
    peak: int
    """Where it is strongest."""
    size: float
    """How strong, in the curve's own measure."""


@dataclass(frozen=True, slots=True)
class Blink:
    """One blink, s."""

    at: float
    """When it begins, from the first sample."""
    closing: float
    opening: float
    shut: int
    """The sample in which the eye is most closed."""


def runs(flags: Flags) -> list[tuple[int, int]]:
    """(start, end) of every unbroken row of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def closure(lids: Floats, rate: float) -> Floats:
    """(n,) 0 open .. 1 no opening left, against how open the eyes were around then."""
    usual = _around(lids, 3.0, rate, 80)
    return np.clip(1 - lids / np.maximum(usual, 1e-3), 0, 1)


def blinks(lids: Floats, rate: float) -> list[Blink]:
    """All blinks, with their own times."""
    shut = closure(lids, rate)
    found = []
    for start, end in runs(np.nan_to_num(shut) > 0.5 * DEEP):
        peak = start + int(np.argmax(shut[start:end]))
        margin = max(round(0.15 * rate), 2)
        low, high = start - margin, end + margin
        deep = shut[peak] >= DEEP and end - start <= LONGEST_BLINK * rate
        if deep and low >= 0 and high <= len(shut) and np.isfinite(shut[low:high]).all():
            at, closing, opening = _timed(np.arange(low, high) / rate, shut[low:high] / shut[peak], peak / rate)
            found.append(Blink(at, closing, opening, peak))
    return found


def unblinked(face: Signals) -> Signals:
    """The same without what closing eyes do to the head's angles: landmarks then seem to nod. By how much is
    measured at the film's own blinks, against just before and after them; their middle one counts."""
    shut = np.nan_to_num(closure(face.lids, face.rate))
    reach = round(_BESIDE_S * face.rate)
    steps = []
    for blink in blinks(face.lids, face.rate):
        if blink.shut >= reach and blink.shut + reach < len(shut):
            beside = (face.angles[blink.shut - reach] + face.angles[blink.shut + reach]) / 2
            steps.append((face.angles[blink.shut] - beside) / shut[blink.shut])
    steps = [step for step in steps if np.isfinite(step).all()]
    if not steps:
        return face
    step = np.clip(np.median(steps, axis=0), -_MOST_STEP, _MOST_STEP)
    kernel = smoothed(shut, HEAD_S * face.rate)
    return replace(face, angles=face.angles - kernel[:, None] * step)


def _timed(t: Floats, curve: Floats, peak: float) -> tuple[float, float, float]:
    """Begin, closing and opening of the blink that the frame plays (see face.blink), nearest to a curve by the least
    squares over all of them: finer than the film's frames lie."""
    closing, opening, shift = np.meshgrid(_CLOSINGS, _OPENINGS, np.linspace(-0.04, 0.04, 9), indexing="ij")
    begin = peak + shift - closing - HELD / 2
    since = t[:, None, None, None] - begin
    down, up = _ease(since / closing), _ease((since - closing - HELD) / opening)
    error = ((down - up - curve[:, None, None, None]) ** 2).sum(0)
    best = np.unravel_index(int(np.argmin(error)), error.shape)
    return float(begin[best]), float(closing[best]), float(opening[best])


def _ease(x: Floats) -> Floats:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * x * (x * (6 * x - 15) + 10))


def smiles(face: Signals) -> list[Piece]:
    """Both corners go out and up, and stay."""
    amount = face.corners.mean(-1)
    if not np.isfinite(amount).any():
        return []
    rest = float(np.nanpercentile(amount, 20))
    raised = np.nan_to_num(amount - rest)
    found = []
    for start, end in runs(raised > SMILE / 2):
        top = start + int(np.argmax(raised[start:end]))
        if raised[top] >= SMILE and end - start >= SMILE_S * face.rate:
            low = raised[start:end] >= 0.85 * raised[top]
            shut = np.where(low, face.gap[start:end], np.inf)  # of the strongest moments the one with the lips closed
            found.append(Piece(start, end, start + int(np.argmin(shut)), float(raised[top])))
    return found


def nods(pitch: Floats, rate: float) -> list[Piece]:
    """Down and up again at least once, quickly; `size` is the deepest, degrees."""
    slow = smoothed(pitch, 0.45 * rate)
    bent = _extremes(pitch)
    found: list[Piece] = []
    ways: list[tuple[int, int]] = []

    def close() -> None:
        downs = [(a, b) for a, b in ways if pitch[b] > pitch[a]]
        ups = [(a, b) for a, b in ways if pitch[b] < pitch[a]]
        if downs and ups and downs[0][0] < ups[-1][1]:
            start, end = ways[0][0], ways[-1][1] + 1
            peak = max((b for _, b in downs), key=lambda k: pitch[k] - slow[k])
            found.append(Piece(start, end, peak, float(np.ptp(pitch[start:end]))))
        ways.clear()

    for a, b in itertools.pairwise(bent):
        known = np.isfinite(pitch[a : b + 1]).all()
        way = _steep(pitch, a, b) if known else (a, b)
        if ways and way[0] - ways[-1][1] > _PAUSE_S * rate:
            close()
        if known and abs(pitch[b] - pitch[a]) >= NOD and NOD_S[0] <= (way[1] - way[0]) / rate <= NOD_S[1]:
            ways.append(way)
        else:
            close()
    close()
    return found


def _steep(curve: Floats, a: int, b: int) -> tuple[int, int]:
    """The part of a way from `a` to `b` without its level beginning and end."""
    share = (curve[a : b + 1] - curve[a]) / (curve[b] - curve[a] or 1.0)
    late = np.flatnonzero(share < _LEVEL)
    start = int(late[-1]) if len(late) else 0
    there = np.flatnonzero(share[start:] > 1 - _LEVEL)
    return a + start, a + start + (int(there[0]) if len(there) else b - a - start)


def _extremes(curve: Floats) -> list[int]:
    """First, last, and between them where a curve turns by more than a third of NOD."""
    known = np.flatnonzero(np.isfinite(curve))
    if len(known) < 3:
        return []
    first, last = int(known[0]), int(known[-1])
    turns, low, high, rising = [first], first, first, 0
    for k in known.tolist():
        low, high = (k if curve[k] < curve[low] else low), (k if curve[k] > curve[high] else high)
        if rising >= 0 and curve[high] - curve[k] > NOD / 3:
            turns += [high] if high != turns[-1] else []
            low, high, rising = k, k, -1
        elif rising <= 0 and curve[k] - curve[low] > NOD / 3:
            turns += [low] if low != turns[-1] else []
            low, high, rising = k, k, 1
    return [*turns, last]


def lowered(pitch: Floats, rate: float) -> list[Piece]:
    """The head goes down, stays a while, and comes up again."""
    if not np.isfinite(pitch).any():
        return []
    down = np.nan_to_num(pitch - np.nanmedian(pitch))
    found = []
    for start, end in runs(down > 0.25 * LOWERED):
        peak = start + int(np.argmax(down[start:end]))
        held = int((down[start:end] > 0.7 * down[peak]).sum())
        whole = start > 0 and end < len(down) and np.isfinite(pitch[start - 1 : end + 1]).all()
        if whole and down[peak] >= LOWERED and held >= LOWERED_S * rate:
            before, after = np.flatnonzero(down[:start] < _LEVEL * LOWERED), down[end:] < _LEVEL * LOWERED
            first = int(before[-1]) if len(before) else start
            last = end + (int(np.argmax(after)) if after.any() else 0)
            found.append(Piece(first, last, peak, float(down[peak])))
    return found


def sips(face: Signals) -> list[Piece]:
    """Something is before the mouth for a while and goes away again. What it is, nobody here knows."""
    hidden = np.nan_to_num(face.covered) > COVERED
    least, most = (s * face.rate for s in COVERED_S)
    found = []
    for start, end in runs(_closed(hidden, round(0.3 * face.rate))):
        inside = start > 0 and end < len(hidden) and face.seen[start - 1 : end + 1].mean() > 0.5
        if inside and least <= end - start <= most:
            found.append(Piece(start, end, (start + end) // 2, float(np.nanmax(face.covered[start:end]))))
    return found


def calm(face: Signals) -> list[Piece]:
    """Eyes open but for blinks, mouth closed and not smiling, head nearly still; `size` is its seconds."""
    shut = np.nan_to_num(closure(face.lids, face.rate)) > DEEP
    dozing = np.zeros(len(shut), bool)
    for start, end in runs(shut):
        dozing[start:end] = end - start > LONGEST_BLINK * face.rate
    slow = smoothed(face.angles, _SLOW_S * face.rate)
    speed = np.linalg.norm(np.gradient(slow, axis=0), axis=-1) * face.rate if len(shut) > 1 else np.zeros(1)
    quiet = face.seen & ~dozing & (np.nan_to_num(speed, nan=1e3) < _STILL) & (np.nan_to_num(face.covered) < COVERED / 2)
    quiet &= np.nan_to_num(face.gap, nan=1) < 0.06
    for piece in (*smiles(face), *nods(face.angles[:, 1], face.rate), *lowered(face.angles[:, 1], face.rate)):
        quiet[piece.start : piece.end] = False
    for start, end in runs(~quiet):
        if end - start <= 2 and face.seen[start:end].all():
            quiet[start:end] = True
    return [
        Piece(a, b, (a + b) // 2, (b - a) / face.rate) for a, b in runs(quiet) if b - a >= CALM_S * face.rate
    ]  # fmt: skip


def _closed(flags: Flags, reach: int) -> Flags:
    """Holes of up to `reach` samples filled."""
    out = flags.copy()
    for start, end in runs(~flags):
        if start > 0 and end < len(flags) and end - start <= reach:
            out[start:end] = True
    return out


def _around(values: Floats, seconds: float, rate: float, percent: float) -> Floats:
    """(n,) that percentile of what is known within `seconds` of each sample; looked at every quarter of a second."""
    step, reach = max(round(rate / 4), 1), max(round(seconds * rate), 1)
    at = np.arange(0, len(values), step)
    level = np.array([_percentile(values[max(k - reach, 0) : k + reach + 1], percent) for k in at])
    known = np.isfinite(level)
    if not known.any():
        return np.full(len(values), np.nan)
    return np.asarray(np.interp(np.arange(len(values)), at[known], level[known]))


def _percentile(values: Floats, percent: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.percentile(known, percent)) if len(known) else float("nan")
