"""Ends a stream of text at a stop string, holding back what might be the beginning of one. Pure."""

from __future__ import annotations

from collections.abc import Sequence


class StopStrings:
    """`push` gives what may be passed on; once `met`, nothing more comes."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.met = False

    def push(self, text: str) -> str:
        """Takes the next piece, returns the part that is surely before any stop string."""
        return "".join(map(self._take, text))

    def _take(self, character: str) -> str:
        if self.met:
            return ""
        self._held += character
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            self.met = True
            ready, self._held = self._held[: min(found)], ""
            return ready
        keep = self._undecided()
        ready, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return ready

    def flush(self) -> str:
        """The stream has ended: what was held back was no stop string after all."""
        ready, self._held = self._held, ""
        return ready

    def _undecided(self) -> int:
        """Length of the longest end of the held text that a stop string begins with."""
        longest = max((len(stop) - 1 for stop in self._stops), default=0)
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0
