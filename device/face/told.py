"""What whoever is connected was told about the screen, and who comes is told anew."""

from __future__ import annotations

from typing import Protocol

from device.link import Message, Ready, Showing, Worn


class Line(Protocol):
    """To minds and keepers."""

    @property
    def peers(self) -> int:
        """How many minds are connected."""
        ...

    def send(self, message: Message) -> None:
        """To all of them, and to keepers."""
        ...


class Told:
    """Belongs to the face's thread."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._ready: Ready | None = None
        self._showing: tuple[str, ...] = ()
        self._minds = 0
        self.worn: Worn | None = None
        """The portrait on the screen, once it is there"""

    def ready(self, ready: Ready) -> None:
        """A picture is on the screen."""
        self._ready = ready
        self._line.send(ready)

    def wears(self, worn: Worn) -> None:
        """A persona's portrait is."""
        self.worn = worn
        self._line.send(worn)

    def shows(self, files: tuple[str, ...], t: float) -> None:
        """The album has these photographs on the screen at `t` s."""
        if files != self._showing:
            self._showing = files
            self._line.send(Showing(files, t))

    def minds(self, count: int) -> None:
        """So many are connected now."""
        if count > self._minds:
            self.again()
        self._minds = count

    def again(self) -> None:
        """Somebody new is there."""
        for message in (self._ready, self.worn):
            if message is not None:
                self._line.send(message)
