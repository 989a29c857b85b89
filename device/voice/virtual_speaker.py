"""A loudspeaker without a sound card: the monotonic clock asks for a block every 20 ms, and what it gets is kept.

A block is handed over one block before it is in the air, as by a real card. Since queueing and stopping first catch up
with the clock, the result does not depend on when the thread happens to run: nothing sounds before it was asked for.
"""

from __future__ import annotations

import threading

import numpy as np

from device.clock import SystemClock
from device.ports import Clock, OnPlayed, Pcm, Utterance
from device.voice.playout import BLOCK_S, Playout
from device.voice.resample import resample
from device.voice.timeline import Timeline

RATE = 48_000
"""Hz"""


class VirtualSpeaker:
    """Behind the Speaker port; `step` is what its thread does, for tests and for those who bring their own clock."""

    def __init__(
        self, on_played: OnPlayed, clock: Clock, *, rate: int = RATE, volume: float = 1.0, keep_s: float = float("inf")
    ) -> None:
        """`keep_s`: s of the past that `timeline` knows."""
        self._on_played = on_played
        self._clock = clock
        self._volume = volume
        self._block = round(BLOCK_S * rate)
        self._origin = clock.now()
        self._pulled = 0
        self._playout = Playout(rate)
        self._timeline = Timeline(self._origin + self._block / rate, rate, self._block, keep_s)
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Runs in real time from here on."""
        self._thread = threading.Thread(target=self._run, name="virtual-speaker", daemon=True)
        self._thread.start()

    def play(self, utterance: Utterance) -> None:
        speech = utterance.speech
        pcm = (resample(speech.pcm, speech.rate, self._playout.rate) * self._volume).astype(np.float32)
        with self._lock:
            self._catch_up(self._clock.now())
            self._playout.add(utterance, pcm)

    def set_gain(self, gain: float) -> None:
        with self._lock:
            self._catch_up(self._clock.now())
            self._playout.set_gain(gain)

    def stop(self) -> None:
        with self._lock:
            self._catch_up(self._clock.now())
            self._playout.stop()

    def step(self) -> None:
        """Plays what is due by now."""
        with self._lock:
            self._catch_up(self._clock.now())

    def timeline(self, t0: float, t1: float, rate: int) -> Pcm:
        """What was in the air from `t0` to `t1` s (monotonic), at `rate` Hz; see `Timeline.read`."""
        with self._lock:
            self._catch_up(self._clock.now())
            return self._timeline.read(t0, t1, rate)

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=1)

    def _catch_up(self, now: float) -> None:
        due = int((now - self._origin) * self._playout.rate / self._block + 1e-6) + 1
        while self._pulled < due:
            t = self._timeline.origin + self._pulled * self._block / self._playout.rate
            pcm, events = self._playout.pull(self._block, t)
            self._timeline.put(self._pulled, pcm)
            self._pulled += 1
            for event in events:
                self._on_played(event)

    def _run(self) -> None:
        while not self._closed.wait(BLOCK_S / 2):
            self.step()


def create(
    on_played: OnPlayed,
    clock: Clock | None = None,
    volume: float = 1.0,
    device: str = "",
    keep_s: float = float("inf"),
) -> VirtualSpeaker:
    """A running virtual loudspeaker; `device` is ignored, so that all speakers take the same settings."""
    speaker = VirtualSpeaker(on_played, clock or SystemClock(), volume=volume, keep_s=keep_s)
    speaker.start()
    return speaker
