"""When each word of a text is said: what the decoder's cross-attention looked at, token by token. Pure.

Whisper's own method (openai/whisper, timing.py): the heads known for it are averaged, and dynamic time warping gives
each token the frame at which it begins; a word lasts until the next one begins.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from device.ears.invented import hanzi
from device.ports import BLOCK, MIC_RATE, Pcm

FRAME_S = 0.02
"""s of an encoder's frame."""
LATE_S = 0.05
"""s added to every beginning: the decoder looks at a word before it is said, by 0.11 s in the middle of English words
and 0.09 s of Chinese ones, measured against synthesizers' own timings; half of that is the gap between words."""
AUDIBLE_DB = -38.0
"""dB below the loudest 10 ms under which a word's edge is silence."""
PAUSE_S = 0.15
"""s of silence that no word has inside."""
LONGEST_WORD_S = 1.2
"""s; a word that seems to last longer has a pause behind it (before it, if it is the first)."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with the marks that belong to it; one character where the text is Chinese."""

    text: str
    start: float
    """s from the utterance's first sample."""
    end: float
    sure: float
    """0..1, mean probability of its tokens."""


def words_of(tokens: Sequence[int], decode: Callable[[list[int]], str]) -> list[tuple[str, list[int]]]:
    """Tokens -> words and the indices of their tokens. Marks belong to the word before them, opening ones to the next;
    a character of several tokens stays whole."""
    words: list[tuple[str, list[int]]] = []
    waiting: list[int] = []
    for index, _ in enumerate(tokens):
        waiting.append(index)
        piece = decode([tokens[at] for at in waiting])
        if "\ufffd" in piece or not piece.strip():
            continue
        _add(words, piece, waiting)
        waiting = []
    if waiting and words:
        words[-1][1].extend(waiting)
    return [(text.strip(), indices) for text, indices in words]


def _add(words: list[tuple[str, list[int]]], piece: str, indices: list[int]) -> None:
    """Appends the piece as a new word, or to the last one."""
    bare = piece.strip()
    marks = all(unicodedata.category(letter)[0] in "PSZ" for letter in bare)
    begins = piece.startswith(" ") or hanzi(bare) or (bool(words) and hanzi(words[-1][0]) and not marks)
    if not words or (begins and not marks):
        words.append((piece, indices))
    else:
        words[-1] = (words[-1][0] + piece, words[-1][1] + indices)


def timed(
    words: Sequence[tuple[str, list[int]]],
    alignment: Sequence[tuple[int, int]],
    probabilities: Sequence[float],
    seconds: float,
) -> list[TimedWord]:
    """`alignment`: pairs (token, frame) along the warping path, both rising. `probabilities`: of each token.
    `seconds`: of the utterance, no word ends later."""
    begins: dict[int, float] = {}
    for token, frame in alignment:
        begins.setdefault(token, frame * FRAME_S + LATE_S)
    last = max(begins, default=-1)
    begins.setdefault(last + 1, seconds)
    starts = [_at(begins, indices[0], seconds) for _, indices in words]
    ends = [*starts[1:], _at(begins, words[-1][1][-1] + 1, seconds)] if words else []
    made: list[TimedWord] = []
    for (text, indices), start, end in zip(words, starts, ends, strict=True):
        first, start, end = not made, min(start, seconds), min(end, seconds)
        if end - start > LONGEST_WORD_S:
            start, end = (end - LONGEST_WORD_S, end) if first else (start, start + LONGEST_WORD_S)
        sure = [probabilities[at] for at in indices if at < len(probabilities)]
        made.append(TimedWord(text, start, max(start, end), sum(sure) / len(sure) if sure else 0.0))
    return made


def _at(begins: dict[int, float], token: int, seconds: float) -> float:
    """When a token begins; the next known one's time where the path skipped it."""
    later = [at for at in begins if at >= token]
    return begins[min(later)] if later else seconds


def trimmed(words: Sequence[TimedWord], utterance: Pcm) -> list[TimedWord]:
    """The words without the silence at their edges; those that are nothing but silence stay as they are."""
    whole = utterance[: len(utterance) // BLOCK * BLOCK].reshape(-1, BLOCK)
    loudness = np.sqrt(np.mean(np.square(whole, dtype=np.float64), axis=1))
    audible = loudness > loudness.max(initial=0.0) * 10 ** (AUDIBLE_DB / 20)
    made: list[TimedWord] = []
    for word in words:
        first, last = round(word.start * MIC_RATE / BLOCK), round(word.end * MIC_RATE / BLOCK)
        start, end = _sounding(audible[first:last])
        if end:
            step = BLOCK / MIC_RATE
            word = replace(word, start=(first + start) * step, end=(first + end) * step)
        made.append(word)
    return made


def _sounding(audible: NDArray[np.bool_]) -> tuple[int, int]:
    """First and end of what sounds, (0, 0) where nothing does. Where a pause parts it in two, the longer part: the
    other is a neighbour's edge."""
    at = np.flatnonzero(audible)
    if not len(at):
        return 0, 0
    gaps = np.diff(at)
    if len(gaps) and gaps.max() * BLOCK / MIC_RATE >= PAUSE_S:
        cut = int(gaps.argmax()) + 1
        at = at[:cut] if 2 * cut >= len(at) else at[cut:]
    return int(at[0]), int(at[-1]) + 1
