"""How well the frame hears through its own voice: scenes through what the frame itself uses (reference, delay tracking,
echo cancelling, speech detector).

Not in real time: the blocks carry their times, and nothing else asks for one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.bench.scene import Placed, Recording
from device.ears import echo_free
from device.ports import BLOCK, MIC_RATE, Block, Pcm, SpeechDetector
from device.voice.reference import Reference

Floats = NDArray[np.float64]

BEGIN_S = 10.0
"""s on the clock at the first sample of a scene."""


@dataclass(slots=True)
class Trace:
    """What the ears made of it, one value a block."""

    out: Pcm
    """Without echo, shape (samples,)."""
    probability: Floats
    """Of speech, from the detector."""
    raw_db: Floats
    near_db: Floats
    far_db: Floats
    own: NDArray[np.bool_]
    shift_s: Floats
    cpu_s: float
    """Of echo cancelling, delay tracking and reference together."""


class Playing:
    """A loudspeaker that reports what it plays to the reference, 0.1 s ahead, as time is told."""

    def __init__(self, reference: Reference, playback: Sequence[Placed]) -> None:
        self._reference = reference
        self._due = list(playback)

    def until(self, t: float) -> None:
        """What is due by `t` s (scene time) is reported."""
        while self._due and self._due[0][0] <= t + 0.1:
            at, sound = self._due.pop(0)
            self._reference.begin((0, len(self._due)), sound, BEGIN_S + at)


class _Blocks:
    """Behind the port Microphone: a recording as fast as it is read; the loudspeaker reports along with it."""

    def __init__(self, pcm: Pcm, reference: Reference, playback: Sequence[Placed]) -> None:
        self._pcm, self._playing, self._number = pcm, Playing(reference, playback), 0

    def read(self) -> Block | None:
        first = self._number * BLOCK
        if first + BLOCK > len(self._pcm):
            return None
        t = first / MIC_RATE
        self._playing.until(t)
        self._number += 1
        return Block(self._pcm[first : first + BLOCK], BEGIN_S + t)

    def close(self) -> None:
        """Nothing to release."""


def hear(pcm: Pcm, playback: Sequence[Placed], detector: SpeechDetector) -> Trace:
    """The microphone's sound through echo cancelling and detector."""
    reference = Reference()
    ears = echo_free.create(_Blocks(pcm, reference, playback), reference)
    rows: list[tuple[float, float, float, float, bool, float]] = []
    out: list[Pcm] = []
    cpu_s = 0.0
    while True:
        begin = time.process_time()
        block = ears.read()
        cpu_s += time.process_time() - begin
        if block is None:
            break
        h = ears.heard
        out.append(block.pcm)
        rows.append((detector.feed(block.pcm), h.raw_db, h.near_db, h.far_db, h.own_voice, ears.tracker.shift_s))
    table = np.array(rows, np.float64).T
    return Trace(np.concatenate(out), table[0], table[1], table[2], table[3], table[4] > 0, table[5], cpu_s)


def block_power(pcm: Pcm) -> Floats:
    """Mean square of each whole block."""
    whole = pcm[: len(pcm) // BLOCK * BLOCK].reshape(-1, BLOCK)
    return np.asarray(np.mean(whole.astype(np.float64) ** 2, axis=1))


def erle_db(recording: Recording, trace: Trace, skip_s: float = 3.0) -> float:
    """Echo return loss enhancement where the echo is audible, dB: power of the microphone against power after
    cancelling (ITU-T G.168); without the first `skip_s` of the scene."""
    power = block_power(recording.echo)
    loud = power > 1e-3 * np.quantile(power, 0.95)
    loud[: round(skip_s * MIC_RATE / BLOCK)] = False
    before, after = block_power(recording.microphone), block_power(trace.out)
    return float(10 * np.log10(before[loud].mean() / max(after[loud].mean(), 1e-12)))


def near_end_loss_db(recording: Recording, trace: Trace, skip_s: float = 3.0) -> float:
    """dB by which the person is weaker after cancelling while both talk: from the part of the output that is coherent
    with the person's own sound, in blocks of 0.1 s where person and echo are both within 15 dB of their loud level."""
    lag = _lag(recording.person, trace.out)
    out, person = trace.out[lag:], recording.person[: len(trace.out) - lag]
    size = MIC_RATE // 10
    count = len(person) // size
    rows = [x[: count * size].reshape(count, size).astype(np.float64) for x in (out, person, recording.echo)]
    power = [np.mean(row**2, axis=1) for row in rows]
    both = np.ones(count, np.bool_)
    both[: round(10 * skip_s)] = False
    for p in power[1:]:
        both &= p > 10**-1.5 * np.quantile(p, 0.95)
    coherent = np.sum(rows[0] * rows[1], axis=1)[both] ** 2 / np.sum(rows[1] ** 2, axis=1)[both]
    return float(10 * np.log10(np.sum(rows[1][both] ** 2) / max(float(coherent.sum()), 1e-12)))


def _lag(a: Pcm, b: Pcm, longest: int = 400) -> int:
    """Samples by which b is later than a."""
    size = 1 << (len(a) + longest).bit_length()
    cross = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    return int(np.abs(cross[:longest]).argmax())
