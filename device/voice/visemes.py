"""From speech sounds with durations to mouth shapes with times. Pure; the tables are in `viseme_table`.

What must not go wrong in a face: lips that fail to close on p, b and m. So closures get their time from their
neighbours, and are never merged away; everything else may be shortened, merged or left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from device.ports import Viseme
from device.voice import viseme_table as table
from device.voice.phones import Phone

MIN_S = 0.03
"""s; a shape that would last less is left to its neighbour: no lip moves that fast."""

MIN_PAUSE_S = 0.09
"""s; a shorter pause between words is no reason to close the mouth."""

FLOOR_S = 0.02
"""s that a closure leaves to a neighbour from which it takes time."""

NEUTRAL_WEIGHT = 0.8
"""Factor for Mandarin syllables in the neutral tone."""


@dataclass(slots=True)
class _Segment:
    shape: str
    seconds: float
    weight: float
    vowel: bool = False

    @property
    def closure(self) -> bool:
        return self.shape in table.CLOSURE_S


DUST_S = 1e-9
"""s; what is shorter has no place on a clock of floats."""


def visemes(phones: Sequence[Phone]) -> tuple[Viseme, ...]:
    """Mouth shapes that cover the phones from 0 s to the sum of their durations, in order, without gaps.

    Every p, b, m gives PP and every f, v gives FF, at least CLOSURE_S long where the neighbours have time to give.
    """
    segments = _segments(phones)
    segments = _without_short(_merged(segments))
    _widen_closures(segments)
    return _timed([segment for segment in segments if segment.seconds > DUST_S])


def _segments(phones: Sequence[Phone]) -> list[_Segment]:
    """One or two segments for every sound; marks are folded into what they belong to."""
    reader = _Reader(tonal=any(p.symbol in table.TONES for p in phones))
    for phone in phones:
        reader.read(phone)
    return reader.finish()


class _Reader:
    """Reads phones from left to right; time without a shape of its own goes to the sound before or after it."""

    def __init__(self, tonal: bool) -> None:
        self._tonal = tonal
        self._segments: list[_Segment] = []
        self._owed = 0.0
        self._stress = 0.0

    def read(self, phone: Phone) -> None:
        symbol, seconds = phone.symbol, phone.seconds
        if symbol in table.STRESS:
            self._stress = table.STRESS[symbol]
            self._owed += seconds
        elif symbol in table.TRANSPARENT:
            self._owed += seconds
        elif symbol in table.PAUSES:
            self._pause(symbol, seconds)
        elif symbol in table.DIPHTHONGS:
            first, second = table.DIPHTHONGS[symbol]
            self._sound(first, seconds * 0.6, self._vowel_weight(1.0), True)
            self._sound(second, seconds * 0.4, 0.8, True)
        elif symbol in table.VOWELS:
            shape, weight = table.VOWELS[symbol]
            self._sound(shape, seconds, self._vowel_weight(weight), True)
        elif symbol in table.CONSONANTS:
            shape, weight = table.CONSONANTS[symbol]
            self._sound(shape, seconds, weight, False)
        else:
            self._mark(symbol, seconds)

    def finish(self) -> list[_Segment]:
        owed, self._owed = self._owed, 0.0
        if owed:
            self._give(owed)
        return self._segments

    def _vowel_weight(self, weight: float) -> float:
        factor = (NEUTRAL_WEIGHT if self._tonal else self._stress) or table.UNSTRESSED
        self._stress = 0.0
        return weight * factor

    def _sound(self, shape: str, seconds: float, weight: float, vowel: bool) -> None:
        self._segments.append(_Segment(shape, seconds + self._owed, weight, vowel))
        self._owed = 0.0

    def _pause(self, symbol: str, seconds: float) -> None:
        self._stress = 0.0
        if (symbol == " " or seconds < MIN_PAUSE_S) and self._segments and symbol not in "$.!?":
            # Between two words the mouth is on its way from one to the other.
            self._segments[-1].seconds += seconds / 2
            self._owed += seconds / 2
        else:
            self._sound(table.SIL, seconds, 1.0, False)

    def _mark(self, symbol: str, seconds: float) -> None:
        """Length, colour and tone belong to the sound before; what is unknown is treated the same."""
        if symbol in table.TONES:
            for segment in reversed(self._segments):
                if segment.vowel:
                    segment.weight = min(1.0, segment.weight / NEUTRAL_WEIGHT)
                    break
        self._give(seconds)

    def _give(self, seconds: float) -> None:
        if self._segments:
            self._segments[-1].seconds += seconds
        else:
            self._sound(table.SIL, seconds, 1.0, False)


def _merged(segments: Sequence[_Segment]) -> list[_Segment]:
    """Neighbours of one shape become one."""
    result: list[_Segment] = []
    for segment in segments:
        if result and result[-1].shape == segment.shape:
            result[-1].seconds += segment.seconds
            result[-1].weight = max(result[-1].weight, segment.weight)
            result[-1].vowel |= segment.vowel
        else:
            result.append(segment)
    return result


def _without_short(segments: list[_Segment]) -> list[_Segment]:
    """Shapes shorter than MIN_S are left out, the shortest first, and the longer neighbour gets their time."""
    while len(segments) > 1:
        short = [i for i, s in enumerate(segments) if s.seconds < MIN_S and not s.closure]
        if not short:
            break
        at = min(short, key=lambda i: segments[i].seconds)
        neighbours = [i for i in (at - 1, at + 1) if 0 <= i < len(segments)]
        heir = max(neighbours, key=lambda i: (segments[i].shape != table.SIL, segments[i].seconds))
        segments[heir].seconds += segments[at].seconds
        segments = _merged(segments[:at] + segments[at + 1 :])
    return segments


def _widen_closures(segments: list[_Segment]) -> None:
    """Closures that are too short take time from both sides, in equal parts where both have it."""
    for at, segment in enumerate(segments):
        missing = table.CLOSURE_S.get(segment.shape, 0.0) - segment.seconds
        givers = [segments[i] for i in (at - 1, at + 1) if 0 <= i < len(segments) and not segments[i].closure]
        for asked in (0.5, 1.0):
            for giver in givers:
                taken = max(0.0, min(missing * asked, giver.seconds - FLOOR_S))
                giver.seconds -= taken
                segment.seconds += taken
                missing -= taken


def _timed(segments: Sequence[_Segment]) -> tuple[Viseme, ...]:
    result = []
    t = 0.0
    for segment in segments:
        result.append(Viseme(segment.shape, t, t + segment.seconds, round(segment.weight, 3)))
        t += segment.seconds
    return tuple(result)
