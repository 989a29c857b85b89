"""A style of Kokoro's that sounds more like the person: searched without gradients, scored by one speaker encoder,
stopped and judged by another that takes no part in the search.

A style's first half colours the sound, the second shapes melody and rhythm; each is a mixture of the styles at hand
(weights that sum to one and may lie a little outside 0..1), so that it stays a style that the network knows. The search
is an evolution strategy with one step size a coordinate and rank-based weights (Hansen 2016, "The CMA Evolution
Strategy: A Tutorial", in its separable form of Ros & Hansen 2008), small enough for two cores and an evening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm, Speech
from provisioning.voice_kit.encoder import Encoder
from provisioning.voice_kit.vectors import Vector

HALF = 128
OUTSIDE = 0.35
"""How far a weight may lie outside 0..1."""
POPULATION = 6
ROUNDS = 6
PATIENCE = 2
"""Rounds in which the judge gains nothing before the search ends."""
GAIN = 0.003
"""Likeness that counts as a gain."""
PITCHES = (0.4, 1.3)
"""Factors on the styles' own pitch."""
FIRST_STEP = 0.25
SEARCHED = ("今天的天气真好，我们一起出去走走吧。",)
JUDGED = ("小时候，我最喜欢在河边钓鱼。",)
"""What is said while searching, and while judging."""


class Voice(Protocol):
    """Kokoro, as the frame has it."""

    @property
    def styles(self) -> dict[str, NDArray[np.float32]]: ...

    def wear(self, style: NDArray[np.float32], pitch: float, tract: float = 1.0, pace: float = 1.0) -> None: ...

    def synthesize(self, text: str) -> Speech: ...


@dataclass(frozen=True, slots=True)
class Round:
    """The best of one round, and what the judge says of it."""

    scored: float
    judged: float


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of it."""

    style: NDArray[np.float32]
    """Shape (256,)"""
    pitch: float
    rounds: tuple[Round, ...]
    start: Round
    """Of the style that the search began with"""

    @property
    def gained(self) -> bool:
        """Whether the judge hears a difference too: otherwise the style is not worth using."""
        return max((r.judged for r in self.rounds), default=0.0) >= self.start.judged + GAIN


def search(
    voice: Voice, scoring: Encoder, target: Vector, judging: Encoder, held_out: Vector, rounds: int = ROUNDS
) -> Searched:
    """Looks for a style like `target`, the person's vector of the `scoring` encoder; `held_out` is that of the other
    encoder, from other clips. The same inputs give the same style. Raises Broken if an engine fails."""
    table = np.stack([voice.styles[name].mean(axis=0) for name in sorted(voice.styles)])

    def wear(point: NDArray[np.float64]) -> None:
        style, pitch = style_of(point, table)
        voice.wear(style[None], pitch)

    def score(point: NDArray[np.float64]) -> float:
        wear(point)
        return _likeness(voice, SEARCHED, scoring, target)

    def judge(point: NDArray[np.float64]) -> float:
        wear(point)
        return _likeness(voice, JUDGED, judging, held_out)

    first = _first(len(table), score)
    start = Round(score(first), judge(first))
    made: list[Round] = []
    best, best_judged, idle = first, start.judged, 0
    for point, value in evolve(score, first, rounds):
        made.append(Round(value, judge(point)))
        if made[-1].judged >= best_judged + GAIN:
            best, best_judged = point, made[-1].judged
            idle = 0
        else:
            idle += 1
        if idle >= PATIENCE:
            break
    style, pitch = style_of(best, table)
    return Searched(style, pitch, tuple(made), start)


def style_of(point: NDArray[np.float64], table: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """A point of the search -> style of shape (256,) and factor on its pitch. The point holds a weight per style for
    each half, and the pitch's place in PITCHES."""
    count = len(table)
    timbre, melody = _weights(point[:count]), _weights(point[count : 2 * count])
    style = np.concatenate([timbre @ table[:, :HALF], melody @ table[:, HALF:]])
    low, high = PITCHES
    return np.asarray(style, np.float32), float(low * (high / low) ** np.clip(point[-1], 0.0, 1.0))


def evolve(
    score: Callable[[NDArray[np.float64]], float], first: NDArray[np.float64], rounds: int, seed: int = 7
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """The best point so far and its score, after each round of POPULATION scores."""
    random = np.random.default_rng(seed)
    mean, step = first.copy(), np.full(len(first), FIRST_STEP)
    best, value = first, -np.inf
    shares = np.log(POPULATION / 2 + 0.5) - np.log(np.arange(1, POPULATION // 2 + 1))
    shares /= shares.sum()
    for _ in range(rounds):
        drawn = mean + step * random.normal(size=(POPULATION, len(mean)))
        values = np.array([score(point) for point in drawn])
        order = np.argsort(-values, kind="stable")[: POPULATION // 2]
        chosen = drawn[order]
        step = 0.6 * step + 0.4 * np.sqrt(shares @ np.square(chosen - mean))
        mean = shares @ chosen
        if values[order[0]] > value:
            best, value = drawn[order[0]], float(values[order[0]])
        yield best, value


def _first(count: int, score: Callable[[NDArray[np.float64]], float]) -> NDArray[np.float64]:
    """The single style and pitch that are most like the person."""
    points = []
    for number in range(count):
        for pitch in (0.35, 0.8):
            point = np.full(2 * count + 1, 0.0)
            point[number] = point[count + number] = 1.0
            point[-1] = pitch
            points.append(point)
    return max(points, key=score)


def _weights(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums to one; none far outside 0..1."""
    clipped = np.clip(raw, -OUTSIDE, 1.0 + OUTSIDE)
    total = clipped.sum()
    return clipped / total if total > 0.2 else np.full(len(raw), 1.0 / len(raw))


def _likeness(voice: Voice, texts: Sequence[str], encoder: Encoder, target: Vector) -> float:
    return float(np.mean([encoder.embed(_at_16k(voice.synthesize(text))) @ target for text in texts]))


def _at_16k(speech: Speech) -> Pcm:
    return np.asarray(soxr.resample(speech.pcm, speech.rate, MIC_RATE), np.float32)
