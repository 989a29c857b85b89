"""Speech sounds with their durations: what a synthesizer knows about its own output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Phone:
    """One symbol of the International Phonetic Alphabet (or of Kokoro's variant of it), a mark, or punctuation."""

    symbol: str
    seconds: float


def cut(phones: Sequence[Phone], lead: float, tail: float) -> list[Phone]:
    """The phones of a sound that loses `lead` s at its start and `tail` s at its end.

    Phones that lie wholly in what is cut stay with 0 s, so that a closure before the first sound is not forgotten.
    A negative cut lengthens the first or last phone: silence was added there.
    """
    shortened = _cut_front(phones, lead)
    return _cut_front(shortened[::-1], tail)[::-1]


def _cut_front(phones: Sequence[Phone], seconds: float) -> list[Phone]:
    left = seconds
    result = []
    for phone in phones:
        taken = min(left, phone.seconds)
        result.append(replace(phone, seconds=phone.seconds - taken))
        left -= taken
    return result
