"""A screen that only keeps what it is shown, and on which a test can press keys."""

from __future__ import annotations

from device.face.render import Frame


class FakeDisplay:
    """Behind the Display port."""

    def __init__(self, rhythm: float = 0.0, outgrown_after: int | None = None) -> None:
        """`outgrown_after`: after so many frames the screen has another shape."""
        self.rhythm = rhythm
        self._outgrown_after = outgrown_after
        self.pressed: list[str] = []
        """Lines of events that are still to be told."""
        self.frames = 0
        self.frame: Frame | None = None

    @property
    def outgrown(self) -> bool:
        return self._outgrown_after is not None and self.frames >= self._outgrown_after

    def show(self, frame: Frame) -> None:
        self.frames += 1
        self.frame = frame

    def events(self) -> list[str]:
        told, self.pressed = self.pressed, []
        return told

    def close(self) -> None:
        self.frame = None
