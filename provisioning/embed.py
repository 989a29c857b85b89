"""Embeds a shoebox's texts on all cores, a process each: the engine's own threads get into each other's way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from device.mind.embedding import DIMENSIONS, SmallE5, Vectors

AT_ONCE = 16
"""Texts in one piece of work."""

_engine: SmallE5 | None = None


class EmbedderPool:
    """An Embedder for building; answers to single questions come from this process itself."""

    name = SmallE5.name

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or os.cpu_count() or 1

    def query(self, text: str) -> Vectors:
        """See Embedder."""
        return SmallE5().query(text)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder; the same vectors whatever the number of processes."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        pieces = [list(texts[i : i + AT_ONCE]) for i in range(0, len(texts), AT_ONCE)]
        with ProcessPoolExecutor(min(self._processes, len(pieces))) as pool:
            return np.concatenate(list(pool.map(_embed, pieces)))


def _embed(texts: list[str]) -> Vectors:
    global _engine
    _engine = _engine or SmallE5()
    return _engine.passages(texts)
