"""Somebody who watches the loop and remembers."""

from __future__ import annotations

import threading

from device.conversation import events as ev

PATIENCE_S = 20.0
"""s after which what a test waits for is held not to come."""


class FakeObserver:
    """Behind the loop's Observer; another thread may wait for an event."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        self.turns: list[ev.FinishTurn] = []
        self._news = threading.Condition()

    def event(self, event: ev.Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def finished(self, turn: ev.FinishTurn) -> None:
        self.turns.append(turn)

    def wait(self, kind: type[ev.Event], count: int = 1) -> None:
        """Until that many events of the kind were taken. Fails the test if they never are."""
        with self._news:
            met = self._news.wait_for(lambda: sum(isinstance(e, kind) for e in self.events) >= count, PATIENCE_S)
        assert met, self.events
