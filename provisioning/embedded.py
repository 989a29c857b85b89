"""Vectors that were made before, by the digests of their texts: a changed letter embeds only its own sentences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from device.mind.embedding import DIMENSIONS, Embedder, SmallE5, Vectors

VECTORS, KEYS = "vectors.npy", "keys.json"


class Embedded:
    """An Embedder that knows its texts in advance, for building."""

    name = SmallE5.name

    def __init__(self, vectors: dict[str, Vectors]) -> None:
        """`vectors`: digest of a text (`key`) -> unit vector."""
        self._vectors = vectors

    @classmethod
    def make(cls, texts: Iterable[str], engine: Embedder) -> Embedded:
        """Embeds them."""
        ordered = sorted(set(texts))
        return cls(dict(zip(map(key, ordered), engine.passages(ordered), strict=True)))

    @classmethod
    def load(cls, folders: Sequence[Path]) -> Embedded:
        """All that `save` wrote into these folders."""
        vectors: dict[str, Vectors] = {}
        for folder in folders:
            keys = json.loads((folder / KEYS).read_text(encoding="utf-8"))
            vectors.update(zip(keys, np.load(folder / VECTORS, allow_pickle=False), strict=True))
        return cls(vectors)

    def save(self, folder: Path) -> None:
        """Writes them as float32, with their keys beside them."""
        keys = sorted(self._vectors)
        matrix = np.stack([self._vectors[k] for k in keys]) if keys else np.zeros((0, DIMENSIONS), np.float32)
        np.save(folder / VECTORS, matrix.astype(np.float32), allow_pickle=False)
        (folder / KEYS).write_text(json.dumps(keys), encoding="utf-8")

    def query(self, text: str) -> Vectors:
        """See Embedder; a question is never known in advance."""
        return SmallE5().query(text)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder. Raises KeyError for a text that was not made."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.stack([self._vectors[key(text)] for text in texts])


def key(text: str) -> str:
    """A text's digest."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
