"""Which of a memory's own sentences answer a question. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from device.mind import sentences
from device.mind.words import Term, index_terms, query_terms

MAX_SENTENCES = 3
LAST_WORDS = 52
"""English words (LAST_CHARACTERS Chinese characters) within which a fourth and last sentence is still said: it is
often the point."""
LAST_CHARACTERS = 90

_DANGLING = re.compile(
    r"^(?:he|she|it|they|him|her|them|that|this|those|these|then|there|but|and|so|or|because|his|its|their|"
    r"in the \w+ year|under it|after\w*|"
    r"later|also|both|one|the (?:other|second|third))\b|^(?:他|她|它|那|这|后来|可|但|所以|因为|然后|于是|又|也|"
    r"就|还|结果|里头|上面|下面|第[二三])",
    re.IGNORECASE,
)
"""A sentence that begins so leans on the one before it."""


def choose(text: str, question: str) -> tuple[int, int]:
    """(first, behind the last) of the sentences to quote: from the one that answers, as far as they belong together."""
    parts = sentences.split(text)
    first = _start(parts, query_terms(question)) if _long(parts) else 0
    return first, first + _length(parts[first:])


def beginnings(text: str) -> range:
    """The sentences with which `choose` may begin: a short memory is always told from its first."""
    parts = sentences.split(text)
    return range(len(parts) if _long(parts) else min(1, len(parts)))


def _long(parts: Sequence[str]) -> bool:
    return len(parts) > MAX_SENTENCES + 1


def rest(text: str, begin: int) -> tuple[int, int]:
    """The same for what follows sentence `begin`, when somebody asks what came then."""
    return begin, begin + _length(sentences.split(text)[begin:])


def leans(sentence: str) -> bool:
    """Whether a sentence begins so that it is not understood without the one before it."""
    return _DANGLING.search(sentence) is not None


def passage(text: str, span: tuple[int, int], language: str) -> str:
    """Those sentences of a text, as they are said."""
    return sentences.joined(sentences.split(text)[span[0] : span[1]], language)


def _start(parts: Sequence[str], terms: Sequence[Term]) -> int:
    shares = [_covered(part, terms) for part in parts]
    best = max(range(len(parts)), key=lambda i: (shares[i], -i), default=0)
    if best and shares[best] <= shares[0]:
        best = 0
    while best > 0 and leans(parts[best]):
        best -= 1
    return best


def _covered(part: str, terms: Sequence[Term]) -> float:
    present = set(index_terms(part))
    return sum(1.0 if t.word in present else 0.7 for t in terms if t.alternatives & present)


def _length(parts: Sequence[str]) -> int:
    if len(parts) == MAX_SENTENCES + 1:
        whole = "".join(parts)
        short = (
            len(whole) <= LAST_CHARACTERS
            if not whole.isascii() and " " not in whole
            else len(" ".join(parts).split()) <= LAST_WORDS
        )
        return len(parts) if short else MAX_SENTENCES
    return min(len(parts), MAX_SENTENCES)
