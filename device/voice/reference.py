"""What was really in the air, by time: the reference for echo cancelling, at the microphone's rate.

Built from the utterances that a loudspeaker is given and from its own reports of when they sound, so that it is true
for a loudspeaker in another process, too. Sample positions follow from the clock: nothing adds up, nothing drifts.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, OnPlayed, Pcm, Played, Speaker, Utterance
from device.voice.playout import FADE_S, GAIN_RAMP_S
from device.voice.resample import delayed, resample

KEPT_S = 5.0
"""s of the past that can be read."""


@dataclass(slots=True)
class _Piece:
    key: tuple[int, int]
    """Turn and index of the utterance."""
    pcm: Pcm
    first: int
    """Number of its first sample on the clock, at MIC_RATE."""
    last: int
    """One beyond its last sample."""
    over: bool = False


class Reference:
    """The last seconds of own sound. Any thread may call."""

    def __init__(self) -> None:
        self._pieces: deque[_Piece] = deque()
        self._gains: deque[tuple[float, float]] = deque([(0.0, 1.0)])  # (s, factor): linear between two of them
        self._lock = threading.Lock()

    def begin(self, key: tuple[int, int], pcm: Pcm, t: float) -> None:
        """The sound `pcm` (at MIC_RATE) of utterance `key` is in the air from `t` s on."""
        # To a part of a sample: a canceller that subtracts has learnt the echo's way to less than that.
        first = math.floor(t * MIC_RATE)
        pcm = delayed(pcm, t * MIC_RATE - first)
        with self._lock:
            self._forget(t - KEPT_S)
            self._pieces.append(_Piece(key, pcm, first, first + len(pcm)))

    def end(self, key: tuple[int, int], t: float, *, cut: bool) -> None:
        """The last sample of utterance `key` was at `t` s; `cut`: it faded out until then."""
        with self._lock:
            for piece in self._pieces:
                if piece.key == key and not piece.over:
                    piece.over = True
                    if cut:
                        piece.last = min(piece.last, round(t * MIC_RATE))
                        piece.pcm = _faded(piece.pcm, piece.last - piece.first)

    def set_gain(self, factor: float, t: float, over_s: float | None = None) -> None:
        """From `t` s on the loudspeaker goes to `factor` (1: as spoken) of its loudness, within `over_s` s; by default
        as fast as `playout.py` does."""
        with self._lock:
            before = self._gain(np.array([t]))[0]
            over_s = GAIN_RAMP_S * abs(factor - float(before)) if over_s is None else over_s
            while len(self._gains) > 1 and self._gains[-1][0] >= t:
                self._gains.pop()
            self._gains += [(t, float(before)), (t + over_s, factor)]

    def read(self, t0: float, samples: int) -> Pcm:
        """`samples` samples at MIC_RATE from `t0` s on; zeros where nothing was played."""
        first = round(t0 * MIC_RATE)
        sound = np.zeros(samples, np.float32)
        with self._lock:
            for piece in self._pieces:
                a, b = max(first, piece.first), min(first + samples, piece.last)
                if a < b:
                    sound[a - first : b - first] += piece.pcm[a - piece.first : b - piece.first]
            if not sound.any():
                return sound
            gain = self._gain((first + np.arange(samples)) / MIC_RATE)
        return np.asarray(sound * gain, np.float32)

    def _gain(self, t: NDArray[np.float64]) -> NDArray[np.float64]:
        times, factors = zip(*self._gains, strict=True)
        return np.asarray(np.interp(t, times, factors))

    def _forget(self, before: float) -> None:
        while self._pieces and self._pieces[0].last < before * MIC_RATE:
            self._pieces.popleft()
        while len(self._gains) > 1 and self._gains[1][0] < before:
            self._gains.popleft()


def _faded(pcm: Pcm, length: int) -> Pcm:
    """Its first `length` samples, the last FADE_S of them fading to nothing as in `playout.py`."""
    sound = pcm[: max(0, length)].copy()
    count = min(len(sound), round(FADE_S * MIC_RATE))
    ramp = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, count + 1, dtype=np.float32) / max(1, count))
    sound[len(sound) - count :] *= ramp
    return sound


@dataclass(slots=True)
class _Waiting:
    key: tuple[int, int]
    pcm: Pcm
    stale: bool = False
    """A stop came after it was queued: it is only played if it had begun by then."""


class ReferencedSpeaker:
    """Any loudspeaker, with a reference kept of what it plays.

    The loudspeaker must be made with `played` as its `OnPlayed`; `attach` gives it to this object afterwards."""

    def __init__(self, reference: Reference, on_played: OnPlayed) -> None:
        """`on_played` is told what the loudspeaker reports, after the reference was."""
        self._reference = reference
        self._on_played = on_played
        self._speaker: Speaker | None = None
        self._waiting: deque[_Waiting] = deque()
        self._lock = threading.Lock()

    def attach(self, speaker: Speaker) -> ReferencedSpeaker:
        """`speaker` plays from now on. Returns itself."""
        self._speaker = speaker
        return self

    def played(self, event: Played) -> None:
        """For the loudspeaker to call."""
        if event.kind == "gain":
            self._reference.set_gain(event.heard, event.t)
            return
        key = (event.turn, event.index)
        if event.kind == "started":
            pcm = self._take(key)
            if pcm is not None:
                self._reference.begin(key, pcm, event.t)
        else:
            self._reference.end(key, event.t, cut=event.kind == "stopped")
        self._on_played(event)

    def play(self, utterance: Utterance) -> None:
        speech = utterance.speech
        pcm = resample(speech.pcm, speech.rate, MIC_RATE)
        with self._lock:
            while self._waiting and self._waiting[0].stale:
                self._waiting.popleft()
            self._waiting.append(_Waiting((utterance.turn, utterance.index), pcm))
        self._inner.play(utterance)

    def set_gain(self, gain: float) -> None:
        self._inner.set_gain(gain)

    def stop(self) -> None:
        with self._lock:
            for waiting in self._waiting:
                waiting.stale = True
        self._inner.stop()

    def close(self) -> None:
        self._inner.close()

    @property
    def _inner(self) -> Speaker:
        if self._speaker is None:
            raise ValueError("no loudspeaker attached")
        return self._speaker

    def _take(self, key: tuple[int, int]) -> Pcm | None:
        """What was queued as `key`; whatever was queued before it will not be played any more."""
        with self._lock:
            if all(waiting.key != key for waiting in self._waiting):
                return None
            while (waiting := self._waiting.popleft()).key != key:
                pass
            return waiting.pcm
