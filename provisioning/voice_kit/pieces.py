"""Long recordings in pieces of about five minutes, cut where it is quiet, so that they are heard in parallel. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from device.ports import MIC_RATE, Pcm

PIECE_S = 300.0
"""s; at most."""
SEARCH_S = 12.0
"""s before a piece's end in which the quietest place is looked for."""
QUIET_S = 0.3
"""s of sound that are judged together."""


def count(seconds: float) -> int:
    """How many pieces a recording of so many seconds has, at most."""
    return max(1, math.ceil(seconds / (PIECE_S - SEARCH_S)))


def pieces(blocks: Iterable[Pcm], piece_s: float = PIECE_S) -> Iterator[tuple[float, Pcm]]:
    """A stream at MIC_RATE -> pieces in order, each with the s at which it begins. None is longer than `piece_s`."""
    waiting: list[Pcm] = []
    held, done, most = 0, 0, round(piece_s * MIC_RATE)
    for block in blocks:
        waiting.append(block)
        held += len(block)
        while held >= most:
            sound = np.concatenate(waiting)
            cut = quietest(sound[:most], min(SEARCH_S, piece_s / 2))
            yield done / MIC_RATE, sound[:cut]
            done += cut
            waiting, held = [sound[cut:]], held - cut
    if held:
        yield done / MIC_RATE, np.concatenate(waiting)


def quietest(sound: Pcm, search_s: float) -> int:
    """The sample in the last `search_s` s around which QUIET_S are the softest."""
    step = MIC_RATE // 100
    first = max(0, len(sound) - round(search_s * MIC_RATE))
    searched = sound[first:]
    power = np.square(searched[: len(searched) // step * step], dtype=np.float64).reshape(-1, step).mean(axis=1)
    width = min(len(power), round(QUIET_S * MIC_RATE / step))
    smooth = np.convolve(power, np.ones(width), "valid")
    return first + (int(smooth.argmin()) + width // 2) * step
