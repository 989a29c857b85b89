"""Light, black level and gamma as one table of 256 values, in which true black always stays true black. Pure.

On a sheet of glass black is what one sees through: the smallest glow of the screen there is a grey veil over the room.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.render import Frame

LEVELS = 64
"""Steps of brightness: tables are kept, and nobody sees a step of 1/64 that lasts a frame."""


@lru_cache(maxsize=2 * LEVELS)
def table(black: int, gamma: float, light: float) -> NDArray[np.uint8]:
    """(256,): what becomes of each value. All up to `black` (0..254) becomes 0, 255 becomes 255 * `light` (0..1), what
    lies between follows a power of 1 / `gamma` (above 1: the shadows come out)."""
    above = np.clip((np.arange(256) - black) / (255.0 - black), 0.0, 1.0)
    return np.asarray(np.rint(255.0 * light * above ** (1.0 / gamma)), np.uint8)


def toned(frame: Frame, black: int = 0, gamma: float = 1.0, light: float = 1.0) -> Frame:
    """The frame with every value looked up; the frame itself where nothing is to be changed."""
    light = round(LEVELS * min(max(light, 0.0), 1.0)) / LEVELS
    if black == 0 and gamma == 1.0 and light == 1.0:
        return frame
    return np.asarray(cv2.LUT(frame, table(black, gamma, light)), np.uint8)
