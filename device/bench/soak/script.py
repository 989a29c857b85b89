"""A seeded script of life with a frame: what is said, when somebody interrupts or is silent, what breaks. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

import numpy as np

from device.bench.noises import NOISES

_T = TypeVar("_T")

Kind = Literal["question", "interruption", "listener", "command", "silence", "noise", "calamity"]

WEIGHTS: dict[Kind, int] = {"question": 5, "interruption": 3, "listener": 1, "command": 1, "silence": 1, "noise": 1}
"""How often what happens, between calamities."""
ROUND_S = 540.0
"""s in which every calamity comes once: ten minutes, less the time that the last one takes."""
FIRST_S = 30.0
"""s until the first calamity."""
PAUSE_S = (0.8, 2.5)
SILENCE_S = (4.0, 12.0)
NOISE_S = (3.0, 7.0)
INTO_ANSWER_S = (0.5, 2.5)
"""s from the first sound of an answer to an interruption."""
INTO_QUESTION_S = (0.0, 4.0)
"""s from the beginning of a question to a calamity: while it is asked, thought about, or answered."""


class Line(NamedTuple):
    """Something said by one of the voices."""

    text: str
    language: str
    voice: str


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What may be said, and what may break."""

    questions: tuple[Line, ...]
    remarks: tuple[Line, ...]
    """That interrupt."""
    sounds: tuple[Line, ...]
    """Of a listener; they interrupt nothing."""
    orders: tuple[Line, ...]
    calamities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One scene."""

    kind: Kind
    line: Line | None = None
    second: Line | None = None
    """What is said into the answer."""
    after_s: float = 0.0
    """When that, or the calamity, comes."""
    seconds: float = 0.0
    """Of silence or noise."""
    name: str = ""
    """Of the noise or the calamity."""
    pause_s: float = 1.0
    """s of silence after it."""


class Life:
    """Asked for one act after the other."""

    def __init__(self, repertoire: Repertoire, seed: int) -> None:
        self._repertoire = repertoire
        self._seed = seed
        self._random = np.random.default_rng(seed)
        self._bags: dict[str, tuple[np.random.Generator, list[int]]] = {}
        self._calamities = 0

    def next(self, elapsed_s: float) -> Act:
        """What happens after so many s: a calamity if one is due, else everyday life."""
        if self._repertoire.calamities and elapsed_s >= self._due():
            self._calamities += 1
            name = self._drawn("calamity", self._repertoire.calamities)
            return Act("calamity", self.question(), after_s=self._between(INTO_QUESTION_S), name=name)
        kinds = [kind for kind, weight in WEIGHTS.items() for _ in range(weight)]
        return self._everyday(self._drawn("kind", tuple(kinds)))

    def question(self) -> Line:
        """One of the questions; all of them, before one comes again."""
        return self._drawn("question", self._repertoire.questions)

    def _due(self) -> float:
        return FIRST_S + self._calamities * ROUND_S / len(self._repertoire.calamities)

    def _everyday(self, kind: Kind) -> Act:
        pause_s = self._between(PAUSE_S)
        if kind == "silence":
            return Act(kind, seconds=self._between(SILENCE_S))
        if kind == "noise":
            name = self._drawn("noise", tuple(sorted(NOISES)))
            return Act(kind, seconds=self._between(NOISE_S), name=name, pause_s=pause_s)
        if kind == "command":
            return Act(kind, self._drawn("order", self._repertoire.orders), pause_s=pause_s)
        if kind == "question":
            return Act(kind, self.question(), pause_s=pause_s)
        said = self._repertoire.remarks if kind == "interruption" else self._repertoire.sounds
        second = self._drawn(kind, said)
        return Act(kind, self.question(), second, self._between(INTO_ANSWER_S), pause_s=pause_s)

    def _between(self, bounds: tuple[float, float]) -> float:
        return round(float(self._random.uniform(*bounds)), 2)

    def _drawn(self, bag: str, things: tuple[_T, ...]) -> _T:
        """Without putting back, so that everything comes equally often; each bag in an order of its own, whatever the
        time that acts take makes of the order between bags."""
        random, left = self._bags.setdefault(bag, (np.random.default_rng([self._seed, zlib.crc32(bag.encode())]), []))
        if not left:
            left += [int(i) for i in random.permutation(len(things))]
        return things[left.pop()]
