"""Does the picture keep with the sound? What the face drew, and when, against what the loudspeaker really played."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from device.conversation import events as ev
from device.errors import BadInput
from device.face import sync
from device.link import Speak, Stats
from device.ports import MIC_RATE, Pcm, Speech
from device.voice.resample import resample

SHORTEST_S = 1.0
"""s of a clause in which there is enough to compare."""
LEAST_R = 0.6
"""Correlation from which the offset means something."""
REPORTED_S = 2.0
"""s after a clause in which the face's last frames are reported."""
COMPARED_S = 0.5
"""s of a clause's sound that are looked for in the air."""
APART_S = 0.1
"""s before and after its reported time in which it is looked for."""

InTheAir = Callable[[float, float, int], Pcm]


@dataclass(frozen=True, slots=True)
class Offsets:
    """Of one clause, ms."""

    picture: float
    """+: the mouth is ahead of the sound."""
    sound: float
    """The sound's true time less the reported one."""


@dataclass(frozen=True, slots=True)
class _Clause:
    key: tuple[int, int]
    speech: Speech
    t: float


class Lips:
    """Observer of a loop, and of the face's reports; `measure` belongs to one thread."""

    def __init__(self, in_the_air: InTheAir) -> None:
        """`in_the_air` must know the last half minute."""
        self._in_the_air = in_the_air
        self._lock = threading.Lock()
        self._speeches: dict[tuple[int, int], Speech] = {}
        self._begun: _Clause | None = None
        self._over: deque[_Clause] = deque(maxlen=8)
        self._frames: deque[tuple[float, float]] = deque(maxlen=1200)

    def stats(self, stats: Stats) -> None:
        """The face's report."""
        with self._lock:
            self._frames.extend(stats.mouth)

    def event(self, event: ev.Event) -> None:
        """Observer."""
        with self._lock:
            if isinstance(event, ev.Synthesized):
                self._speeches[event.turn, event.index] = event.speech
            elif isinstance(event, ev.PlaybackReported):
                self._played(event)

    def finished(self, turn: ev.FinishTurn) -> None:
        """Observer."""
        with self._lock:
            self._speeches.clear()

    def _played(self, event: ev.PlaybackReported) -> None:
        played = event.played
        key = (played.turn, played.index)
        if played.kind == "started":
            speech = self._speeches.get(key)
            self._begun = None if speech is None else _Clause(key, speech, played.t)
        elif played.kind == "ended" and self._begun is not None and self._begun.key == key:
            if self._begun.speech.seconds >= SHORTEST_S:
                self._over.append(self._begun)
            self._begun = None

    def measure(self, now: float) -> Offsets | None:
        """The newest clause that ended long enough ago, once; None where there is none, or it cannot be told."""
        with self._lock:
            done = [c for c in self._over if now > c.t + c.speech.seconds + REPORTED_S]
            for clause in done:
                self._over.remove(clause)
            frames = list(self._frames)
        return self._offsets(done[-1], frames) if done else None

    def _offsets(self, clause: _Clause, frames: list[tuple[float, float]]) -> Offsets | None:
        sound = sounded_at(clause.speech, clause.t, self._in_the_air)
        if sound is None:
            return None
        shown = np.array([f for f in frames if -0.2 < f[0] - sound < clause.speech.seconds + 0.2]).reshape(-1, 2)
        speech = clause.speech
        visemes = tuple((v.shape, float(v.start), float(v.end), float(v.weight)) for v in speech.visemes)
        speak = Speak(*clause.key, sound, speech.seconds, visemes, speech.text, speech.language)
        try:
            found = sync.measure(shown[:, 0], shown[:, 1], [speak])
        except BadInput:
            return None  # a mouth at rest: the face was away
        if found.r < LEAST_R:
            return None
        return Offsets(round(found.offset_ms, 1), round(1000 * (sound - clause.t), 1))


def sounded_at(speech: Speech, t: float, in_the_air: InTheAir) -> float | None:
    """When the speech that was reported for `t` s really began in the air; None where it is not to be found there."""
    wanted = resample(speech.pcm, speech.rate, MIC_RATE)[: round(COMPARED_S * MIC_RATE)]
    air = in_the_air(t - APART_S, t + APART_S + len(wanted) / MIC_RATE, MIC_RATE)
    loud = float(np.linalg.norm(wanted))
    if not air.any() or loud == 0.0 or len(air) <= len(wanted):
        return None
    likeness = np.correlate(air, wanted, "valid")
    best = int(np.argmax(likeness))
    found = likeness[best] / (loud * max(1e-9, float(np.linalg.norm(air[best : best + len(wanted)]))))
    return t - APART_S + best / MIC_RATE if found > LEAST_R else None
