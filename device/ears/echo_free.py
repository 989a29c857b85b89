"""A microphone that does not hear the frame's own loudspeaker."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from device import registry
from device.conversation.echo_levels import ABOUT, FLOOR_DB, Heard
from device.ears.delay import HOP_S, LATEST_S, WINDOW_S, DelayTracker
from device.ears.kept_delay import KeptDelay
from device.ports import BLOCK, MIC_RATE, Block, EchoCanceller, Microphone, Pcm
from device.voice.reference import Reference

TAIL_S = 0.6
"""s after the last own sound in which the room still rings with it: a living room's reverberation time."""

AUDIBLE_DB = -70.0
"""dBFS of a block of the reference from which it counts as own sound."""


def level_db(pcm: Pcm) -> float:
    """Mean square of samples, dBFS (0 dB: all samples 1)."""
    return max(FLOOR_DB, 10 * float(np.log10(np.mean(np.square(pcm, dtype=np.float64)) + ABOUT)))


@dataclass(frozen=True, slots=True)
class Cancellers:
    """Two ways to take the own voice away."""

    subtracting: EchoCanceller
    """Leaves everybody else whole, and some of the echo: what is heard."""
    suppressing: EchoCanceller
    """Leaves hardly any echo, and little of those who speak at the same time: tells whether there is only echo."""

    def reset(self) -> None:
        """Forgets the room."""
        self.subtracting.reset()
        self.suppressing.reset()


class EchoFreeMicrophone:
    """Behind the port Microphone, around another one; `read` belongs to one thread."""

    def __init__(
        self,
        microphone: Microphone,
        reference: Reference,
        cancellers: Cancellers,
        kept: KeptDelay | None = None,
    ) -> None:
        """`kept`: the delay that was found before the last restart, and where the next is to be written."""
        self.tracker = DelayTracker(kept.load() if kept is not None else None)
        self._kept = kept
        self.heard = Heard()
        """About the block that `read` gave last; for the thread that reads."""
        self._microphone = microphone
        self._reference = reference
        self._cancellers = cancellers
        blocks = round(WINDOW_S * MIC_RATE / BLOCK)
        self._window = deque([np.zeros(BLOCK, np.float32)] * blocks, maxlen=blocks)
        self._fresh = 0  # samples with playback since the delay was last estimated
        self._last_played = -np.inf  # s, when the loudspeaker was last given sound
        self._last_audible = -np.inf  # s, when that was last in the microphone

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
        raw_db = level_db(block.pcm)
        if block.t - self._last_played > self._patience():
            self.heard = Heard(False, raw_db, raw_db, raw_db)
            return block
        fresh = self._track(block.t)
        far = self._reference.read(block.t - self.tracker.shift_s, len(block.pcm))
        far_db = level_db(far)
        if far_db > AUDIBLE_DB:
            self._last_audible = block.t
        pcm = self._cancellers.subtracting.process(block.pcm, far)
        suppressed_db = level_db(self._cancellers.suppressing.process(block.pcm, far))
        own = block.t - self._last_audible <= TAIL_S
        self.heard = Heard(own, raw_db, level_db(pcm), suppressed_db, far_db, fresh)
        return Block(pcm, block.t)

    def _patience(self) -> float:
        """s after the last own sound for which the canceller stays on."""
        delay = self.tracker.delay_s
        return TAIL_S + (LATEST_S if delay is None else max(0.0, delay))

    def _track(self, t: float) -> bool:
        """Whether the reference was moved."""
        self._fresh += BLOCK
        if self._fresh < HOP_S * MIC_RATE:
            return False
        self._fresh = 0
        begin = t + BLOCK / MIC_RATE - WINDOW_S
        moved = self.tracker.add(
            np.concatenate(self._window), self._reference.read(begin - LATEST_S, self.tracker.far_samples)
        )
        if moved:
            # What the cancellers have learnt is about another delay: they start faster from nothing than from that.
            self._cancellers.reset()
            if self._kept is not None and self.tracker.delay_s is not None:
                self._kept.save(self.tracker.delay_s)
        return moved


def create(microphone: Microphone, reference: Reference, kept: KeptDelay | None = None) -> EchoFreeMicrophone:
    """With the frame's own cancellers."""
    cancellers = Cancellers(registry.make("echo_canceller", "kalman"), registry.make("echo_canceller", "webrtc"))
    return EchoFreeMicrophone(microphone, reference, cancellers, kept)
