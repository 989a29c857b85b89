"""Somebody interrupts the frame: the rule of `conversation/barge_in.py` in a closed loop, where lowering the own voice
changes what the ears hear next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from device.bench.echo import BEGIN_S, Playing, block_power
from device.bench.room import StreamConvolver
from device.bench.scene import Placed, Scene, loudspeaker, record
from device.conversation.barge_in import BargeIn
from device.ears import echo_free
from device.ports import BLOCK, MIC_RATE, Block, Pcm, SpeechDetector
from device.voice.gain import DUCKED
from device.voice.playout import GAIN_RAMP_S
from device.voice.reference import Reference

AFTER_S = 0.6
"""s after a person's last sound in which a signal still belongs to it."""

BLOCK_S = BLOCK / MIC_RATE


@dataclass(frozen=True, slots=True)
class Interruption:
    """What became of one sentence said over the own voice; s from its first audible sound, None: it did not come."""

    duck_s: float | None
    speech_s: float | None


@dataclass(slots=True)
class Outcome:
    """Of a scene."""

    playback_s: float
    """s of own voice alone, nobody speaking."""
    interruptions: list[Interruption] = field(default_factory=list)
    false_ducks: int = 0
    false_speech: int = 0
    """Signals while nobody spoke."""


class Stage:
    """Behind the port Microphone: the scene, with the own voice as loud as it is told to be."""

    def __init__(self, scene: Scene, playback: Sequence[Placed], others: Pcm, reference: Reference) -> None:
        self._others = others
        self._track = loudspeaker(scene, playback, len(others))
        self._room = StreamConvolver(scene.response(person=False), BLOCK)
        self._latency_s = scene.latency_s
        self._reference = reference
        self._playing = Playing(reference, playback)
        self._gains: list[tuple[float, float]] = [(0.0, 1.0)]
        self._number = 0

    def set_gain(self, factor: float, t: float) -> None:
        """From `t` s on (scene time), for loudspeaker and reference."""
        self._gains += [(t, self._gains[-1][1]), (t + GAIN_RAMP_S, factor)]
        self._reference.set_gain(factor, BEGIN_S + t, GAIN_RAMP_S)

    def read(self) -> Block | None:
        first = self._number * BLOCK
        if first + BLOCK > len(self._others):
            return None
        t = first / MIC_RATE
        self._playing.until(t)
        self._number += 1
        times, factors = zip(*self._gains, strict=True)
        gain = np.interp(t - self._latency_s + np.arange(BLOCK) / MIC_RATE, times, factors)
        echo = self._room(np.asarray(self._track[first : first + BLOCK] * gain, np.float32))
        sound = np.clip(echo + self._others[first : first + BLOCK], -1.0, 1.0)
        return Block(np.asarray(sound, np.float32), BEGIN_S + t)

    def close(self) -> None:
        """Nothing to release."""


def interrupted(
    scene: Scene,
    playback: Sequence[Placed],
    person: Sequence[Placed],
    seconds: float,
    detector: SpeechDetector,
    rule: BargeIn,
) -> Outcome:
    """Plays the scene to its end."""
    apart = record(scene, [], person, seconds)
    reference = Reference()
    stage = Stage(scene, playback, np.asarray(apart.person + apart.noise, np.float32), reference)
    ears = echo_free.create(stage, reference)
    signals: list[tuple[float, str]] = []
    own: list[bool] = []
    while (block := ears.read()) is not None:
        t = block.t - BEGIN_S
        heard = ears.heard
        own.append(heard.own_voice)
        probability = detector.feed(block.pcm)
        for signal in rule.step(t, probability, heard):
            stage.set_gain({"duck": DUCKED, "speech": 0.0, "unduck": 1.0}[signal.kind], t + BLOCK_S)
            signals.append((t + BLOCK_S, signal.kind))
    return _outcome(signals, np.array(own), _spoken(apart.person, person))


def _spoken(pcm: Pcm, person: Sequence[Placed]) -> list[tuple[float, float]]:
    """When the person is really audible, s: from the first to the last block within 30 dB of the loud level."""
    power = block_power(pcm)
    loud = power > 1e-3 * np.quantile(power[power > 0], 0.95) if power.any() else power > 0
    spans = []
    for at, sound in person:
        first, last = round(at / BLOCK_S), round((at + len(sound) / MIC_RATE) / BLOCK_S) + 5
        blocks = np.flatnonzero(loud[first:last])
        if len(blocks):
            spans.append(((first + int(blocks[0])) * BLOCK_S, (first + int(blocks[-1]) + 1) * BLOCK_S))
    return spans


def _outcome(signals: list[tuple[float, str]], own: np.ndarray, spans: list[tuple[float, float]]) -> Outcome:
    free = own.copy()
    for begin, end in spans:
        free[round(begin / BLOCK_S) : round((end + AFTER_S) / BLOCK_S)] = False
    outcome = Outcome(float(free.sum()) * BLOCK_S)
    for begin, end in spans:
        if own[round(begin / BLOCK_S) : round((begin + 0.3) / BLOCK_S)].mean() > 0.9:
            times = {
                kind: [t - begin for t, k in signals if k == kind and begin <= t <= end + AFTER_S]
                for kind in ("duck", "speech")
            }
            outcome.interruptions.append(Interruption(*(min(found, default=None) for found in times.values())))
    claimed = [any(b <= t <= e + AFTER_S for b, e in spans) for t, _ in signals]
    outcome.false_ducks = sum(k == "duck" and not c for (_, k), c in zip(signals, claimed, strict=True))
    outcome.false_speech = sum(k == "speech" and not c for (_, k), c in zip(signals, claimed, strict=True))
    return outcome
