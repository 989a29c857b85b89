"""What fills the screen, whatever it is: a portrait, a hologram."""

from __future__ import annotations

from typing import Protocol

from device.face.pose import Pose
from device.face.render import Frame


class Scene(Protocol):
    """Composes pictures of one size."""

    def frame(self, pose: Pose) -> Frame:
        """The whole picture, (height, width, 3) RGB; the caller's to keep. The same pose gives the same pixels."""
        ...
