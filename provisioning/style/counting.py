"""Counting words and clauses in what somebody said. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from device.mind import sentences
from provisioning.style.figures import Habit
from provisioning.style.utterance import Utterance

EXAMPLES = 3
LONGEST_EXAMPLE = 120
"""Characters."""
Clean = Callable[[str], bool]
"""Whether a text names no third party and nothing private."""

_QUOTED = re.compile(r"[“「『\"][^“”「」『』\"]{4,}[”」』\"]")
_CLAUSES = re.compile(r"[，,。！？!?；;：:、…~～\n]+|(?<=[\u4e00-\u9fff])\s+|\.(?=\s|$)|\s[-–—]\s")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


@dataclass
class Tally:
    """Where words were found: how often, on how many days, and in which sentences."""

    counts: Counter[str] = field(default_factory=Counter)
    days: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sentences: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, words: str, day: str, sentence: str) -> None:
        """One more time; of the sentences only the first few are kept."""
        self.counts[words] += 1
        self.days[words].add(day)
        if len(self.sentences[words]) < 4 * EXAMPLES:
            self.sentences[words][sentence] = None

    def habits(self, total: int, clean: Clean, most: int, least: int = 2, days: int = 1) -> tuple[Habit, ...]:
        """The most frequent that are clean, with up to three clean examples."""
        found: list[Habit] = []
        for words, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            if count < least or len(found) == most:
                break
            if len(self.days[words]) >= days and clean(words):
                examples = [s for s in self.sentences[words] if len(s) <= LONGEST_EXAMPLE and clean(s)][:EXAMPLES]
                found.append(Habit(words, count, round(1000 * count / max(total, 1), 1), tuple(examples)))
        return tuple(found)


def day_of(utterance: Utterance, number: int) -> str:
    """The day; where it is not known each utterance counts as one of its own."""
    return utterance.day or f"#{number}"


def own_words(text: str) -> str:
    """Without what is quoted from others."""
    return _QUOTED.sub("", text)


def sentences_of(text: str) -> list[str]:
    """Sentences; a line of a message ends one too."""
    return [s for line in own_words(text).splitlines() for s in sentences.split(line)]


def clauses_of(sentence: str) -> list[str]:
    """What stands between commas and stops."""
    return [c.strip(" \"'“”‘’()（）") for c in _CLAUSES.split(sentence) if c.strip(" \"'“”‘’()（）")]


def size(text: str, language: str) -> int:
    """Words, Chinese characters."""
    return len(_HAN.findall(text)) if language == "zh" else len(_WORD.findall(text))


def quartiles(values: Iterable[int]) -> tuple[int, int, int]:
    """Lower quartile, median, upper quartile (nearest rank); zeros for none."""
    ordered = sorted(values)
    if not ordered:
        return (0, 0, 0)
    low, middle, high = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.25, 0.5, 0.75))
    return low, middle, high


def runs(parts: Sequence[str], longest: int) -> Iterator[Sequence[str]]:
    """All runs of neighbours up to a length."""
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + longest) + 1):
            yield parts[start:end]
