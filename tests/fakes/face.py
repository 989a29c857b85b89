"""The mind's line to a face that only writes down what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from device.link import Message, Mood

PATIENCE_S = 20.0
"""s after which what a test waits for is held not to come."""


class FakeFace:
    """Behind the FaceLink port; another thread may wait for a message."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._arrived = threading.Condition()

    def send(self, message: Message) -> None:
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()

    def close(self) -> None:
        """Nothing to close."""

    @property
    def moods(self) -> list[str]:
        return [m.state for m in self.messages if isinstance(m, Mood)]

    def wait(self, until: Callable[[Sequence[str]], bool]) -> None:
        """Until that is so of the moods shown. Fails the test if it never is."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: until(self.moods), PATIENCE_S), self.messages
