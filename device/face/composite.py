"""The person over what was filled in behind them, in whole numbers, so that at rest the sum is the photograph."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def over(person: Image, behind: Image) -> Image:
    """Premultiplied RGBA (h, w, 4) over RGB (h, w, 3)."""
    clear = cv2.bitwise_not(cv2.extractChannel(person, 3))
    seen = cv2.multiply(behind, cv2.cvtColor(clear, cv2.COLOR_GRAY2BGR), scale=1 / 255)
    return np.asarray(cv2.add(cv2.cvtColor(person, cv2.COLOR_BGRA2BGR), seen), np.uint8)


def parted(base: Image, behind: Image, matte: Image) -> tuple[Image, Image]:
    """Premultiplied person and background with `over(person, background) == base`, bit for bit.

    Where the person half covers it, the background is bent just so far that a person's share within 0..255 exists."""
    alpha = matte[:, :, None].astype(np.float32) / 255
    clear = np.maximum(1 - alpha, 1e-3)
    high = np.where(alpha < 1, base / clear, 255.0)
    low = np.where(alpha < 1, (base - 255 * alpha) / clear, 0.0)
    bent = np.clip(behind, np.maximum(low, 0), np.minimum(high, 255))
    background = np.where(alpha > 0, np.floor(bent), base).astype(np.uint8)
    share = over(np.dstack([np.zeros_like(base), matte]), background)
    return np.dstack([cv2.subtract(base, share), matte]), background
