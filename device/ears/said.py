"""The sound of what is being said, of the moment before it, and of what was said last. One thread."""

from __future__ import annotations

from collections import deque

import numpy as np

from device.ports import BLOCK, MIC_RATE, Pcm

TAIL_S = 0.1
"""s kept after the last voiced block: a soft last consonant belongs to the utterance."""


class Said:
    """Blocks come in by `add`; `begin` and `end` say which of them are a turn's."""

    def __init__(self, before_s: float) -> None:
        """`before_s`: s that are kept of what comes before a turn."""
        self._before: deque[Pcm] = deque(maxlen=round(before_s * MIC_RATE / BLOCK))
        self.turn: list[Pcm] = []
        """The turn's blocks so far; empty between turns."""
        self.last: list[Pcm] = []
        """Those of the turn before, until another begins."""

    def add(self, pcm: Pcm) -> None:
        """A block of the turn, if there is one."""
        (self.turn if self.turn else self._before).append(pcm)

    def begin(self, before_s: float, goes_on: bool) -> None:
        """A turn begins with so many s of what came before it, or `goes_on` with the last one."""
        before = list(self._before)[-round(before_s * MIC_RATE / BLOCK) :]
        self.turn, self.last = [*(self.last if goes_on else ()), *before], []
        self._before.clear()

    def end(self) -> None:
        """The turn is over."""
        self.last, self.turn = self.turn, []

    def so_far(self, silence_s: float = 0.0) -> Pcm:
        """The turn as one sound, without all but TAIL_S of the silence that it ends with."""
        pcm = np.concatenate(self.turn)
        return pcm[: len(pcm) - round(max(0.0, silence_s - TAIL_S) * MIC_RATE)]

    def forget(self) -> None:
        """Everything."""
        self.turn, self.last = [], []
        self._before.clear()

    def __bool__(self) -> bool:
        return bool(self.turn or self._before)
