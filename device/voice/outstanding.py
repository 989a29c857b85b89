"""What the loudspeaker's process was given and has not finished: its account in the mind, which outlives it.

Pure: no thread, no clock, time is an argument. While there is a process, its reports are the truth. While there is
none, time passes all the same: what is outstanding begins and ends when it would have, so that a turn never hangs.
"""

from __future__ import annotations

from dataclasses import dataclass

from device.ports import Played, Utterance


@dataclass(slots=True)
class _Item:
    utterance: Utterance
    begins: float | None = None
    """s, when its first sample is in the air; None: not yet."""
    cut: float | None = None
    """s, when it was told to stop."""


class Outstanding:
    """The utterances in their order, the one that plays first."""

    def __init__(self) -> None:
        self._items: list[_Item] = []

    def __len__(self) -> int:
        return len(self._items)

    def add(self, utterance: Utterance) -> None:
        """Queues it behind the others."""
        self._items.append(_Item(utterance))

    def stop(self, now: float) -> None:
        """All of them were told to stop at `now` s."""
        for item in self._items:
            if item.cut is None:
                item.cut = now

    def report(self, played: Played) -> None:
        """The process's word about one of them. Those before it are over, or were dropped by a stop."""
        for number, item in enumerate(self._items):
            if (item.utterance.turn, item.utterance.index) == (played.turn, played.index):
                item.begins = played.t
                del self._items[: number if played.kind == "started" else number + 1]
                return

    def elapse(self, now: float) -> list[Played]:
        """Nobody plays: what begins and ends by `now` s without having been heard."""
        events: list[Played] = []
        at = now
        while self._items:
            item = self._items[0]
            if item.begins is None and item.cut is None:
                item.begins = at
                events.append(_event(item, "started", at))
            if item.begins is not None:
                at = item.begins + item.utterance.speech.seconds
                if item.cut is not None:
                    at = max(item.begins, min(at, item.cut))
                if at > now:
                    break
                events.append(_event(item, "ended" if item.cut is None else "stopped", at))
            self._items.pop(0)
        return events

    def rest(self, now: float) -> list[tuple[Utterance, float]]:
        """What a new process is to play from `now` s on: each utterance, and how many s of it are past."""
        return [
            (item.utterance, 0.0 if item.begins is None else max(0.0, now - item.begins))
            for item in self._items
            if item.cut is None
        ]


def _event(item: _Item, kind: str, t: float) -> Played:
    begins = t if item.begins is None else item.begins
    return Played(item.utterance.turn, item.utterance.index, kind, t, t - begins)
