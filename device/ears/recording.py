"""Recorded speech instead of a microphone: files of any common kind, and a microphone that plays them in real time."""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray

from device.ears import wav
from device.ears.levels import Downmix, clipped
from device.errors import BadInput
from device.ports import BLOCK, MIC_RATE, Block, Clock, Pcm

log = logging.getLogger(__name__)

LONGEST_S = 600.0
"""s; nobody asks a question for ten minutes."""
LOWEST_RATE = 4000
"""Hz; below it speech cannot be understood."""
HIGHEST_RATE = 768_000
BLOCK_S = BLOCK / MIC_RATE

VOICE_BELOW_LOUD = 1e-4
"""Power against the loud level, -40 dB: softer is not voice."""
SILENCE_POWER = 1e-6
"""Mean square of a block (-60 dBFS) below which there is no voice at all."""


def load_recording(path: Path) -> Pcm:
    """A recording as mono samples at MIC_RATE.

    WAV with integers of 8, 16, 24 or 32 bits or floats is read here, a cut-off one as far as it goes; everything
    else through libav. Raises `BadInput` in one line for what is no recording, or none that can be used."""
    frames, rate = _decode(path)
    _check(path, frames, rate)
    if np.abs(frames).max() > 1.0:
        frames = np.clip(frames, -1.0, 1.0)
    mono = Downmix()(frames, rate)
    if clipped(mono) > 1e-3 * len(mono):
        log.warning("%s is clipped: it was recorded too loud and may be misunderstood", path.name)
    if rate != MIC_RATE:
        mono = soxr.resample(mono, rate, MIC_RATE, quality="HQ")
    return np.ascontiguousarray(mono, np.float32)


def _bad(path: Path, got: str, hint: str = "") -> BadInput:
    return BadInput(path.name, expected="a recording of speech", got=got, hint=hint)


def _decode(path: Path) -> tuple[Pcm, int]:
    """Frames of shape (samples, channels) and their rate."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError as error:
        raise _bad(path, error.strerror or str(error)) from error
    if not start:
        raise _bad(path, "an empty file")
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        sound = wav.read(path, LONGEST_S)
        if sound is not None:
            return sound
    from device.ears.other_formats import decode  # libav is large, and most recordings are WAV

    return decode(path, LONGEST_S)


def _check(path: Path, frames: Pcm, rate: int) -> None:
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise _bad(path, f"{rate} samples per second", f"from {LOWEST_RATE} on, best {MIC_RATE} or more")
    if len(frames) == 0:
        raise _bad(path, "no samples", "the file has a header, but no sound")
    if len(frames) > LONGEST_S * rate:
        raise _bad(path, "more than 10 minutes", "cut out the question")
    if not np.isfinite(frames).all():
        raise _bad(path, "samples that are not numbers", "the file is damaged")


def speech_bounds(pcm: Pcm) -> tuple[float, float] | None:
    """Where the voice is in a recording at MIC_RATE: seconds from its first sample, in steps of 10 ms; None in silence.

    From the first to the last block above -40 dB relative to the loud level, which is the blocks' mean power
    weighted with itself: silence around the voice does not lower it, and one click hardly raises it."""
    power = _block_power(pcm)
    total = float(power.sum())
    if total == 0.0 or float(power.max()) < SILENCE_POWER:
        return None
    loud = float(np.square(power).sum()) / total
    voiced = np.flatnonzero(power >= max(loud * VOICE_BELOW_LOUD, SILENCE_POWER))
    return float(voiced[0]) * BLOCK_S, min((float(voiced[-1]) + 1.0) * BLOCK_S, len(pcm) / MIC_RATE)


def _block_power(pcm: Pcm) -> NDArray[np.float64]:
    padded = np.pad(pcm, (0, -len(pcm) % BLOCK)).astype(np.float64)
    return np.asarray(np.square(padded.reshape(-1, BLOCK)).mean(axis=1), np.float64)


class Said(NamedTuple):
    """When the voice of a recording is in the air, s on the clock."""

    start: float
    end: float


class RecordedMicrophone:
    """Recordings as if spoken at the frame: blocks in real time, silence where nothing is said.

    `read` belongs to one thread; the other methods may come from another. Blocks that were not read in time wait, as
    they would in a sound card."""

    def __init__(
        self, clock: Clock, lead_silence_s: float = 0.5, wait: Callable[[float], object] | None = None
    ) -> None:
        """`lead_silence_s` of silence come before anything is said. `wait` sleeps for so many seconds, by default until
        `close` at the latest."""
        self._clock = clock
        self._lead = math.ceil(lead_silence_s / BLOCK_S)
        self._closed = threading.Event()
        self._wait = wait or self._closed.wait
        self._lock = threading.Lock()
        self._queue: deque[tuple[int, Pcm]] = deque()
        self._begin: float | None = None
        self._next = 0
        self._free = self._lead
        self._finished = False

    def say(self, pcm: Pcm) -> Said:
        """Lets a recording be heard from now on, or after what is still being said. Returns the true times of its
        voice; where it has none, those of its first and last sample."""
        with self._lock:
            begin = self._started()
            now = math.ceil((self._clock.now() - begin) / BLOCK_S - 1e-6)
            first = max(now, self._next, self._free)
            self._queue.append((first, np.pad(pcm, (0, -len(pcm) % BLOCK))))
            self._free = first + -(-len(pcm) // BLOCK)
        start, end = speech_bounds(pcm) or (0.0, len(pcm) / MIC_RATE)
        at = begin + first * BLOCK_S
        return Said(at + start, at + end)

    def finish(self) -> None:
        """After what is still to be said, `read` returns None."""
        self._finished = True

    def close(self) -> None:
        """Ends at once."""
        self._closed.set()

    def read(self) -> Block | None:
        """The next 10 ms, once they are over; None when all was said after `finish`, or closed."""
        with self._lock:
            begin = self._started()
        due = begin + (self._next + 1) * BLOCK_S
        while (rest := due - self._clock.now()) > 0 and not self._over():
            self._wait(rest)
        with self._lock:
            if self._over():
                return None
            block = Block(self._sound(self._next), begin + self._next * BLOCK_S)
            self._next += 1
            return block

    def _over(self) -> bool:
        return self._closed.is_set() or (self._finished and self._next >= self._free)

    def _started(self) -> float:
        if self._begin is None:
            self._begin = self._clock.now()
        return self._begin

    def _sound(self, number: int) -> Pcm:
        while self._queue:
            first, pcm = self._queue[0]
            offset = (number - first) * BLOCK
            if offset < 0:
                break
            if offset < len(pcm):
                return np.asarray(pcm[offset : offset + BLOCK], np.float32)
            self._queue.popleft()
        return np.zeros(BLOCK, np.float32)
