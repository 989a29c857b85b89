"""A microphone that does not hear the frame's own loudspeaker."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from device.ears.delay import HOP_S, LATEST_S, WINDOW_S, DelayTracker
from device.ports import BLOCK, MIC_RATE, Block, EchoCanceller, Microphone, Pcm
from device.voice.reference import Reference

TAIL_S = 0.3
"""s that a room rings on audibly after the last own sound: a living room's reverberation time is 0.3 to 0.6 s, and in
half of it the echo falls by 30 dB."""

AUDIBLE_DB = -70.0
"""dBFS of a block of the reference from which it counts as own sound."""

LOWERED_DB = -42.0
"""dBFS of the reference: speech of -20 dBFS that is lowered (`voice/gain.py`) stays below, speech not lowered is
above it but for its pauses."""

RING_S = 0.12
"""s of reverberation after a voice was lowered, in which the canceller stays on: 15 dB of it at RT60 0.5 s."""

FLOOR_DB = -100.0
"""Levels below it are given as it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known about the block that was read last."""

    own_voice: bool = False
    """The frame's own sound, or the room's answer to it, was in it."""
    raw_db: float = FLOOR_DB
    """dBFS of the microphone's block."""
    near_db: float = FLOOR_DB
    """dBFS of the block without echo."""
    far_db: float = FLOOR_DB
    """dBFS of the aligned reference."""


def level_db(pcm: Pcm) -> float:
    """Mean square of samples, dBFS (0 dB: all samples 1)."""
    return max(FLOOR_DB, 10 * float(np.log10(np.mean(np.square(pcm, dtype=np.float64)) + 1e-12)))


class EchoFreeMicrophone:
    """Behind the port Microphone, around another one; `read` belongs to one thread."""

    def __init__(
        self,
        microphone: Microphone,
        reference: Reference,
        canceller: EchoCanceller,
        tracker: DelayTracker | None = None,
    ) -> None:
        self.tracker = tracker or DelayTracker()
        self.heard = Heard()
        """About the block that `read` gave last; for the thread that reads."""
        self._microphone = microphone
        self._reference = reference
        self._canceller = canceller
        blocks = round(WINDOW_S * MIC_RATE / BLOCK)
        self._window = deque([np.zeros(BLOCK, np.float32)] * blocks, maxlen=blocks)
        self._fresh = 0  # samples with playback since the delay was last estimated
        self._last_played = -np.inf  # s, when the loudspeaker was last given sound
        self._last_audible = -np.inf  # s, when that was last in the microphone
        self._last_loud = -np.inf  # s, when it was last louder than a lowered voice

    def read(self) -> Block | None:
        """The next block without echo; untouched where nothing was played for as long as an echo may take."""
        block = self._microphone.read()
        return None if block is None else self.clean(block)

    def close(self) -> None:
        self._microphone.close()

    def clean(self, block: Block) -> Block:
        """What `read` does with a block."""
        self._window.append(block.pcm)
        if level_db(self._reference.read(block.t, BLOCK)) > AUDIBLE_DB:
            self._last_played = block.t
        if block.t - self._last_played > self._patience():
            self.heard = Heard(False, raw := level_db(block.pcm), raw)
            return block
        self._track(block.t)
        far = self._reference.read(block.t - self.tracker.shift_s, len(block.pcm))
        far_db = level_db(far)
        if far_db > AUDIBLE_DB:
            self._last_audible = block.t
        pcm = self._canceller.process(block.pcm, far)
        own = block.t - self._last_audible <= TAIL_S
        if far_db > LOWERED_DB:
            self._last_loud = block.t
        elif block.t - self._last_loud > RING_S:
            # The voice is lowered: what the canceller would do to a person is now worse than what is left of the echo.
            pcm = block.pcm
        self.heard = Heard(own, level_db(block.pcm), level_db(pcm), far_db)
        return Block(pcm, block.t)

    def _patience(self) -> float:
        """s after the last own sound for which the canceller stays on."""
        delay = self.tracker.delay_s
        return TAIL_S + (LATEST_S if delay is None else max(0.0, delay))

    def _track(self, t: float) -> None:
        self._fresh += BLOCK
        if self._fresh < HOP_S * MIC_RATE:
            return
        self._fresh = 0
        begin = t + BLOCK / MIC_RATE - WINDOW_S
        if self.tracker.add(
            np.concatenate(self._window), self._reference.read(begin - LATEST_S, self.tracker.far_samples)
        ):
            # What the canceller has learnt is about another delay: it starts faster from nothing than from that.
            self._canceller.reset()
