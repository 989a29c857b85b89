"""Where somebody speaks: stretches of speech between pauses, from the probabilities of a speech detector. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from device.ports import MIC_RATE, Pcm, SpeechDetector

WINDOW = 512
"""Samples (32 ms) that Silero judges at a time."""
STEP_S = WINDOW / MIC_RATE
BEGINS, GOES_ON = 0.5, 0.35
"""Probabilities from which speech begins, and goes on (Silero's own)."""
PAUSE_S = 0.55
"""s without speech that end a stretch: sentences are parted by about that, words within one by less."""
BEFORE_S, AFTER_S = 0.15, 0.2
"""s kept around it: soft first and last consonants."""
LEAST_S = 0.15
LONGEST_S = 25.0
"""s; the transcriber hears 30 at once."""


def probabilities(sound: Pcm, detector: SpeechDetector) -> list[float]:
    """That somebody speaks, for each STEP_S from the sound's beginning."""
    detector.reset()
    starts = range(0, len(sound) - WINDOW + 1, WINDOW)
    return [detector.feed(sound[at : at + WINDOW]) for at in starts]


def stretches(speaking: Sequence[float], seconds: float) -> list[tuple[float, float]]:
    """Probabilities every STEP_S -> (start, end) in s of every stretch of speech, with its margins, in order; they do
    not overlap. `seconds`: the sound's length."""
    found: list[tuple[int, int]] = []
    for first, end in _raw(speaking):
        found += _cut(speaking, first, end)
    kept = [(a * STEP_S, b * STEP_S) for a, b in found if (b - a) * STEP_S >= LEAST_S]
    made: list[tuple[float, float]] = []
    for number, (begins, ends) in enumerate(kept):
        following = kept[number + 1][0] if number + 1 < len(kept) else seconds
        before = made[-1][1] if made else 0.0
        made.append((max(before, begins - BEFORE_S), min(ends + AFTER_S, max(ends, following - BEFORE_S / 2), seconds)))
    return made


def _raw(speaking: Sequence[float]) -> list[tuple[int, int]]:
    """Steps from the first to the last of speech between pauses."""
    found, first, last = [], None, 0
    pause = round(PAUSE_S / STEP_S)
    for at, probability in enumerate(speaking):
        if first is None and probability >= BEGINS:
            first, last = at, at
        elif first is not None and probability >= GOES_ON:
            last = at
        elif first is not None and at - last > pause:
            found.append((first, last + 1))
            first = None
    return [*found, (first, last + 1)] if first is not None else found


def _cut(speaking: Sequence[float], first: int, end: int) -> list[tuple[int, int]]:
    """A stretch in parts of at most LONGEST_S, cut where speech is least likely in the later half of each."""
    most = round(LONGEST_S / STEP_S)
    made = []
    while end - first > most:
        window = range(first + most // 2, first + most)
        at = min(window, key=lambda step: (speaking[step], -step))
        made.append((first, at))
        first = at
    return [*made, (first, end)]
