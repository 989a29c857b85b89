"""Who of a recording's voices is who: turns within a stretch, voices within a recording, persons across recordings.

Pure: vectors of a speaker encoder in, numbers out. Thresholds are cosines of Resemblyzer's vectors, measured on eight
synthetic voices: whole sentences by one voice lie at 0.87 and above, by different voices at 0.48 to 0.87, two of 28
pairs above 0.8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from provisioning.voice_kit.vectors import Vector, unit

SAME = 0.76
"""From here on two groups of passages are one voice: real voices vary more from day to day than synthetic ones."""
TURN = 0.66
"""Under it, what lies before and behind a moment is by two voices: the windows are short, so likenesses are lower."""
RELIABLE_S = 1.2
"""s from which a passage founds a voice; shorter ones join the voice that they are most like."""
SIDE_S = 2.4
"""s before and behind a moment that are compared."""


def turns(parts: Vector, middles: Sequence[float], pauses: Sequence[float]) -> list[float]:
    """Moments among `pauses` (s) at which another voice takes over. `parts`: unit vectors of short windows, whose
    middles are at `middles` (s)."""
    at = np.asarray(middles)
    found: list[tuple[float, float]] = []
    for pause in pauses:
        before = parts[(at < pause) & (at > pause - SIDE_S)]
        behind = parts[(at >= pause) & (at < pause + SIDE_S)]
        if len(before) < 2 or len(behind) < 2:
            continue
        alike = float(unit(before.mean(axis=0)) @ unit(behind.mean(axis=0)))
        if alike < TURN:
            found.append((alike, pause))
    kept: list[float] = []
    for _, pause in sorted(found):
        if all(abs(pause - other) >= SIDE_S / 2 for other in kept):
            kept.append(pause)
    return sorted(kept)


def group(vectors: Sequence[Sequence[float]], seconds: Sequence[float], same: float = SAME) -> list[int]:
    """The voice of each passage, numbered from 0 by how much they speak: agglomerative clustering with the likeness of
    the groups' means. Passages without a vector get -1."""
    known = [n for n, vector in enumerate(vectors) if len(vector)]
    founding = [n for n in known if seconds[n] >= RELIABLE_S] or known
    if not founding:
        return [-1] * len(vectors)
    table = np.asarray([vectors[n] for n in founding], np.float64)
    weights = np.asarray([seconds[n] for n in founding], np.float64)
    groups = _merged(table, weights, same)
    spoken = [sum(seconds[founding[n]] for n in members) for members in groups]
    order = sorted(range(len(groups)), key=lambda g: (-spoken[g], min(groups[g])))
    means = unit(np.asarray([weights[m] @ table[m] for m in (groups[g] for g in order)], np.float32))
    labels = [-1] * len(vectors)
    for number, g in enumerate(order):
        for member in groups[g]:
            labels[founding[member]] = number
    for n in known:
        if labels[n] < 0:
            labels[n] = int((means @ np.asarray(vectors[n], np.float32)).argmax())
    return labels


def _merged(table: NDArray[np.float64], weights: NDArray[np.float64], same: float) -> list[list[int]]:
    """Joins the two groups that are most alike, until none are alike enough."""
    groups = [[n] for n in range(len(table))]
    sums = table * weights[:, None]
    alike = _cosines(sums)
    alive = np.ones(len(table), bool)
    while alive.sum() > 1:
        one, other = np.unravel_index(int(alike.argmax()), alike.shape)
        if alike[one, other] < same:
            break
        groups[one] += groups[other]
        groups[other] = []
        sums[one] += sums[other]
        alive[other] = False
        row = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)) @ (
            sums[one] / np.linalg.norm(sums[one])
        )
        row[~alive] = -2.0
        row[one] = -2.0
        alike[one], alike[:, one] = row, row
        alike[other], alike[:, other] = -2.0, -2.0
    return [sorted(members) for members in groups if members]


def _cosines(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    alike = np.asarray(rows @ rows.T)
    np.fill_diagonal(alike, -2.0)
    return alike


def mean(vectors: Sequence[Sequence[float]], seconds: Sequence[float]) -> Vector:
    """What a voice is like: the mean of its passages' vectors, longer ones counting more; unit length."""
    return unit(np.asarray(np.asarray(seconds) @ np.asarray(vectors), np.float32))
