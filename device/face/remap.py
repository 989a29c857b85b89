"""OpenCV's remap with one map of places, typed for what it is used for here."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_NO_SECOND_MAP: Any = None  # OpenCV takes None here; its type stubs do not know


def remap(
    picture: NDArray[Any],
    places: NDArray[np.float32],
    method: int = cv2.INTER_LINEAR,
    border: int = cv2.BORDER_REPLICATE,
) -> NDArray[Any]:
    """`picture` (H, W[, C]) read at `places` (h, w, 2), x before y; the type of the pixels stays."""
    return np.asarray(cv2.remap(picture, places, _NO_SECOND_MAP, method, borderMode=border))
