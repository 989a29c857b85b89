"""Small random fields and curves, all seeded."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from .mesh import Floats, floats


def cloud(shape: tuple[int, int], cell: float, seed: int, octaves: int = 1, stretch: float = 1.0) -> Floats:
    """Smooth noise of about unit deviation; `cell` is the blob's size in pixels, `stretch` lengthens it in y."""
    total = np.zeros(shape, np.float32)
    rng = np.random.default_rng(seed)
    for octave in range(octaves):
        size = max(cell / 2**octave, 1.0)
        rows, columns = int(shape[0] / size / stretch) + 3, int(shape[1] / size) + 3
        grid = rng.standard_normal((rows, columns)).astype(np.float32)
        total += cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC) / 2**octave
    return total


def blurred(image: Floats, sigma: float) -> Floats:
    """Gaussian blur; large sigmas work on a smaller copy."""
    if sigma < 6:
        return floats(cv2.GaussianBlur(image, (0, 0), max(sigma, 0.1)))
    scale = 4.0 / sigma
    size = max(int(image.shape[1] * scale), 8), max(int(image.shape[0] * scale), 8)
    small = cv2.GaussianBlur(cv2.resize(image, size, interpolation=cv2.INTER_AREA), (0, 0), 4.0)
    return floats(cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_CUBIC))


def curve(points: list[tuple[float, float]], steps: int = 48) -> npt.NDArray[np.float64]:
    """A Catmull-Rom curve (steps, 2) through `points`."""
    knots = np.array([points[0], *points, points[-1]], np.float64)
    at = np.linspace(0, len(points) - 1 - 1e-6, steps)
    k, u = at.astype(int), (at % 1)[:, None]
    a, b, c, d = knots[k], knots[k + 1], knots[k + 2], knots[k + 3]
    return np.asarray(b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a))))


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    """0 below `low`, 1 above `high`, smooth between; `low` may be the larger one."""
    u = np.clip((value - low) / (high - low), 0, 1)
    return floats(u * u * (3 - 2 * u))


def unit(vectors: Floats) -> Floats:
    """Vectors of length one along the last axis."""
    return floats(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
