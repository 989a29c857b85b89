"""What every renderer of a likeness offers, whatever it draws with."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from device.face.pose import Pose

Frame = NDArray[np.uint8]
"""Shape (height, width, 3), RGB."""
Rgba = NDArray[np.uint8]
"""Shape (height, width, 4), RGB multiplied with alpha / 255, and alpha."""


class Renderer(Protocol):
    """Turns poses into pictures of one size."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of every frame, pixels."""
        ...

    def render(self, pose: Pose) -> Frame:
        """The face in this pose. The same pose always gives the same pixels; the frame is the caller's to keep."""
        ...


class Cutout(Protocol):
    """What a renderer offers beside frames where it can show the person without what is behind them."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of every picture, pixels."""
        ...

    def person(self, pose: Pose) -> Rgba:
        """The person alone in this pose, exactly 0 where they are not. The picture is the caller's to keep."""
        ...
