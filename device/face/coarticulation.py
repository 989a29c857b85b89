"""The mouth over time: visemes blended by dominance functions, with the lips really shut on p, b and m. Pure.

Method: Cohen and Massaro, "Modeling coarticulation in synthetic visual speech" (1993): every segment pulls the mouth
towards its own shape with a dominance D(t) = a exp(-theta |t - centre|), and the mouth is the dominance-weighted mean.
Vowels a = 1, theta = 6 /s; consonants a = 0.85, theta = 11 /s; theta scales with sqrt(0.09 s / duration).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.face.curves import ease, pulse
from device.face.pose import INDEX, PARAMETERS, Pose
from device.face.viseme_poses import VISEME_POSES
from device.link import Speak

VOWELS = frozenset({"aa", "E", "I", "O", "U"})
CLARITY = 2.2
"""Our factor on theta: at 1 a vowel keeps only 38 % of its own shape between 90 ms neighbours, which mumbles; at 2.2
it keeps about 75 %."""
REST_PULL = 0.015
"""Dominance of the closed resting mouth at all times."""
PAUSE_PULL = 2.0
"""Dominance of a pause: lips come to rest in it, they do not hang open between two vowels."""
SILENCE = 0.08
"""s; a gap between two visemes at least this long is a pause in which the mouth comes to rest."""
PLATEAU = 0.09
"""s; of a longer segment only the outer 45 ms on each side fade."""
ARRIVAL = 0.05
"""s over which a clause that was announced late takes hold of the mouth."""
HUSH = 0.10
"""s in which the mouth closes when speech is cut."""
HELD = 0.020
"""s to either side of a p, b or m for which the lips stay pressed: more than one frame at 30 fps in all."""
CLOSING = 0.09
"""s of the lips' way into and out of a closure."""
OPEN_BEFORE = 0.2
"""s before the first sound at which the lips part for the breath (100-200 ms before in people)."""
NEW_BREATH = 0.5
"""s of silence before a clause that make it the first of an utterance."""
KEEP = 2.0
"""s for which a finished clause is still remembered."""

TARGETS = np.zeros((len(VISEME_POSES), len(PARAMETERS)), np.float32)
ROW = {shape: row for row, shape in enumerate(VISEME_POSES)}
for _shape, _weights in VISEME_POSES.items():
    for _name, _weight in _weights.items():
        TARGETS[ROW[_shape], INDEX[_name]] = _weight

_JAW, _SHUT, _ROLL = INDEX["jawOpen"], INDEX["mouthClose"], INDEX["mouthRollLower"]
_OPENERS = np.array([INDEX[n] for n in ("mouthUpperUp", "mouthLowerDown", "mouthFunnel", "mouthStretch", "tongueUp")])

Track = NDArray[np.float64]


class _Clause:
    """One Speak as arrays: rows (start, end, a, theta) in `segments` and their `shapes`, pauses included."""

    def __init__(self, speak: Speak, told: float, fresh: bool) -> None:
        self.turn = speak.turn
        self.index = speak.index
        self.t0 = speak.t0
        self.end = speak.t0 + speak.seconds
        self.told = told
        self.fresh = fresh
        self.cut = float("inf")
        rows, shapes, closures = [], [], []
        for shape, start, end, weight in speak.visemes:
            if shape not in ROW or not 0.0 <= start <= end:
                continue
            a, theta = (1.0, 6.0) if shape in VOWELS or shape == "sil" else (0.85, 11.0)
            seconds = max(end - start, 0.02)
            rows.append((start, end, a, theta * CLARITY * (0.09 / seconds) ** 0.5))
            shapes.append(TARGETS[ROW[shape]] * min(max(weight, 0.0), 1.0))
            if shape in ("PP", "FF"):
                closures.append((0.5 * (start + end), min(0.3 * seconds, 0.05), _SHUT if shape == "PP" else _ROLL))
        _fill_pauses(rows, shapes, speak.seconds)
        self.segments = np.array(rows, np.float64).reshape(-1, 4)
        self.segments[:, :2] += speak.t0
        self.shapes = np.array(shapes, np.float32).reshape(-1, len(PARAMETERS))
        self.closures = [(speak.t0 + centre, max(half, HELD), index) for centre, half, index in closures]

    def strength(self, t: float) -> float:
        """0..1: how much of the mouth it has: late arrival and hush considered."""
        return ease((t - self.told) / ARRIVAL) * (1.0 - ease((t - self.cut) / HUSH))


def _fill_pauses(rows: list[tuple[float, float, float, float]], shapes: list[Pose], seconds: float) -> None:
    """Adds resting segments before, after and in the longer gaps between visemes."""
    rest = np.zeros(len(PARAMETERS), np.float32)
    edges = sorted((start, end) for start, end, _, _ in rows)
    before = -1.0
    for start, end in [*edges, (seconds + 1.0, seconds + 1.0)]:
        if start - before >= SILENCE:
            rows.append((before, start, PAUSE_PULL, 11.0 * CLARITY))
            shapes.append(rest)
        before = max(before, end)


def _dominance(segments: Track, t: float) -> Track:
    centre = 0.5 * (segments[:, 0] + segments[:, 1])
    flat = np.maximum(0.5 * (segments[:, 1] - segments[:, 0]) - 0.5 * PLATEAU, 0.0)
    away = np.maximum(np.abs(t - centre) - flat, 0.0)
    return np.asarray(segments[:, 2] * np.exp(-segments[:, 3] * away))


class Mouth:
    """All clauses that are being said, were just said, or are announced."""

    def __init__(self) -> None:
        self._clauses: list[_Clause] = []

    def add(self, speak: Speak, told: float) -> None:
        """A clause with its absolute `t0`; `told` is when we learnt of it, in case it has begun already.

        The same turn and index again replaces it: an announcement is corrected when the sound really starts."""
        same = [c for c in self._clauses if (c.turn, c.index) == (speak.turn, speak.index)]
        self._clauses = [c for c in self._clauses if c not in same and c.end > told - KEEP]
        last = max((c.end for c in self._clauses if c.cut == float("inf")), default=float("-inf"))
        told = min([told, *(c.told for c in same)])
        self._clauses.append(_Clause(speak, told, speak.t0 - last > NEW_BREATH))

    def hush(self, turn: int, t: float) -> None:
        """Everything of this and earlier turns is cut at `t`."""
        for clause in self._clauses:
            if clause.turn <= turn:
                clause.cut = min(clause.cut, t)

    def speaking(self, t: float) -> bool:
        """Whether something is audible at `t`."""
        return any(c.t0 <= t < c.end and t < c.cut for c in self._clauses)

    def inhale(self, t: float) -> float:
        """0..1: the breath that is drawn before an utterance."""
        return max((pulse(t, c.t0 - 0.45, 0.9) * c.strength(t) for c in self._clauses if c.fresh), default=0.0)

    def at(self, t: float) -> Pose:
        """The mouth's parameters when the sound of time `t` is heard; the rest of the vector is zero."""
        near = [c for c in self._clauses if c.t0 - 1.0 < t < c.end + 1.0]
        mouth = np.zeros(len(PARAMETERS), np.float32)
        if not near:
            return mouth
        pull = REST_PULL
        for clause in near:
            weights = _dominance(clause.segments, t)
            strength = clause.strength(t)
            mouth += (strength * weights).astype(np.float32) @ clause.shapes
            pull += float(weights.sum())
        mouth /= np.float32(pull)
        self._part_lips(mouth, t, near)
        for clause in near:
            _close(mouth, t, clause)
        return mouth

    def _part_lips(self, mouth: Pose, t: float, near: list[_Clause]) -> None:
        for clause in near:
            if clause.fresh:
                early = pulse(t, clause.t0 - OPEN_BEFORE, 2.0 * OPEN_BEFORE) * clause.strength(t)
                mouth[_JAW] = max(mouth[_JAW], 0.13 * early)
                mouth[_OPENERS[1]] = max(mouth[_OPENERS[1]], 0.08 * early)


def _close(mouth: Pose, t: float, clause: _Clause) -> None:
    """Presses the lips (p b m) or lays the lower lip to the teeth (f v) around each centre, whatever the blend."""
    for centre, half, index in clause.closures:
        away = abs(t - centre) - half
        if away >= CLOSING:
            continue
        shut = (1.0 - ease(away / CLOSING)) * clause.strength(t)
        full = 1.0 if index == _SHUT else 0.85
        mouth[index] = max(mouth[index], full * shut)
        mouth[_JAW] *= 1.0 - (0.75 if index == _SHUT else 0.6) * shut
        mouth[_OPENERS] *= 1.0 - (0.9 if index == _SHUT else 0.5) * shut
