"""Vectors of voices. Pure, and without the networks that make them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


def unit(vectors: Vector) -> Vector:
    """Scaled to length 1 along the last axis; zeros stay zeros."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)
