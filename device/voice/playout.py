"""What is to be played, sample by sample, and what is said about it: the part that all loudspeakers share.

Pure but for a lock: one thread queues and stops, the audio thread pulls. Time is an argument.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

from device.ports import Pcm, Played, Utterance

BLOCK_S = 0.02
"""s of sound that a loudspeaker asks for at a time."""

FADE_S = 0.02
"""s from a stop to silence: short enough to feel immediate, long enough not to click."""


NOBODY = -1
"""Turn and index in reports that are about no utterance."""

GAIN_RAMP_S = 0.03
"""s over which a change of the gain is spread, at full span: a step would click."""


@dataclass(slots=True)
class _Item:
    utterance: Utterance
    pcm: Pcm
    """At the device's rate."""
    position: int = 0
    """Samples handed out so far."""
    started: bool = False
    cut: bool = False
    """It was stopped; `pcm` now ends with the fade."""


class Playout:
    """A queue of utterances, played without a gap, as blocks of samples at `rate` Hz."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._items: deque[_Item] = deque()
        self._gain = self._wanted_gain = self._told_gain = 1.0
        self._lock = threading.Lock()

    @property
    def idle(self) -> bool:
        """Nothing is playing or waiting."""
        with self._lock:
            return not self._items

    def add(self, utterance: Utterance, pcm: Pcm, past: int = 0) -> None:
        """Queues an utterance whose sound at `rate` is `pcm`. One that goes on after an interruption begins at sample
        `past`, and its start is not told again."""
        with self._lock:
            self._items.append(_Item(utterance, pcm, min(past, len(pcm)), started=past > 0))

    def set_gain(self, gain: float) -> None:
        """The factor on all samples from here on, reached by a ramp."""
        with self._lock:
            self._wanted_gain = gain

    def stop(self) -> None:
        """What has begun fades out within FADE_S, and all the rest is dropped without a word."""
        with self._lock:
            self._items = deque(item for item in self._items if item.started)
            for item in self._items:
                if not item.cut:
                    item.pcm = _faded(item.pcm, item.position, round(FADE_S * self.rate))
                    item.cut = True

    def pull(self, count: int, t: float) -> tuple[Pcm, list[Played]]:
        """The next `count` samples, whose first is in the air at `t` s, and what begins, ends and changes in them."""
        block = np.zeros(count, np.float32)
        events: list[Played] = []
        filled = 0
        with self._lock:
            while self._items and filled < count:
                item = self._items[0]
                if not item.started:
                    item.started = True
                    events.append(_event(item, "started", t + filled / self.rate, 0))
                piece = item.pcm[item.position : item.position + count - filled]
                block[filled : filled + len(piece)] = piece
                filled += len(piece)
                item.position += len(piece)
                if item.position >= len(item.pcm):
                    self._items.popleft()
                    kind = "stopped" if item.cut else "ended"
                    events.append(_event(item, kind, t + filled / self.rate, item.position / self.rate))
            if self._told_gain != self._wanted_gain:
                self._told_gain = self._wanted_gain
                events.insert(0, Played(NOBODY, NOBODY, "gain", t, self._wanted_gain))
            self._apply_gain(block)
        return block, events

    def _apply_gain(self, block: Pcm) -> None:
        """Scales the block in place; the gain moves towards the wanted one by at most 1 in GAIN_RAMP_S."""
        if self._gain == self._wanted_gain == 1.0:
            return
        way = self._wanted_gain - self._gain
        steps = np.arange(1, len(block) + 1, dtype=np.float32) / np.float32(GAIN_RAMP_S * self.rate)
        gains = self._gain + np.sign(way) * np.minimum(steps, abs(way))
        block *= gains.astype(np.float32)
        if len(block):
            self._gain = self._wanted_gain if steps[-1] >= abs(way) else float(gains[-1])


def _event(item: _Item, kind: str, t: float, heard: float) -> Played:
    return Played(item.utterance.turn, item.utterance.index, kind, t, heard)


def _faded(pcm: Pcm, position: int, samples: int) -> Pcm:
    """The sound up to `position`, then at most `samples` more that fade to nothing (half a cosine)."""
    tail = pcm[position : position + samples]
    ramp = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, len(tail) + 1, dtype=np.float32) / max(1, len(tail)))
    return np.concatenate([pcm[:position], (tail * ramp).astype(np.float32)])
