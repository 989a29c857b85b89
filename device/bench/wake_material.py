"""Gathers what the measurement of wake phrases is made of: who says what, and the frame's own voice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from device.bench import wake_texts
from device.bench.wake_sounds import CONDITIONS, Call, Pool, Sentence, call
from device.bench.wake_voices import SLOW, Set, Voice, numbered
from device.ears.called import called
from device.ports import Pcm

Speak = Callable[[Voice, str], Pcm]
"""A voice and a text -> sound at MIC_RATE."""

QUESTIONS = {
    "en": ("What was your father's work?", "How do you make pork?", "Did you ever have a dog?", "Where were you born?"),
    "zh": ("你爸爸是做什么的？", "红烧肉怎么烧？", "你养过狗吗？", "你是在哪里出生的？"),
}
BEFORE = {
    "en": ("I wanted to ask you something,", "Now it is your turn,", "Good morning and"),
    "zh": ("我想问你一件事，", "现在轮到你了，", "我回来了，"),
}
STOPS = {"en": (".", "!", "?"), "zh": ("。", "！", "？")}
"""Said with each of these, a phrase has other melodies."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is synthesised."""

    calls: int = 20
    """For each condition and language."""
    sentences: int = 50
    """For each voice ..."""
    slow_sentences: int = 8
    """... and for one whose engine takes long."""


def talk(
    voices: Sequence[Voice],
    which: Set,
    stories: Mapping[str, Sequence[str]],
    names: Sequence[str],
    n: Amounts,
    speak: Speak,
) -> tuple[dict[str, list[Sentence]], list[Sentence], list[Sentence]]:
    """What people say, by language, without the names; sentences with one of them; sentences that sound so."""
    by_language: dict[str, list[Sentence]] = {v.language: [] for v in voices}
    named: list[Sentence] = []
    nearly: list[Sentence] = []
    for number, voice in enumerate(voices):
        texts = list(numbered(wake_texts.sentences(voice.language, stories.get(voice.language, ())), which))
        wanted = n.slow_sentences if voice.engine in SLOW else n.sentences
        # What sounds like a call is said by everybody; of the rest each says another part.
        near = [text for text in texts if text in wake_texts.NEAR[voice.language]]
        rest = [text for text in texts if text not in near]
        step = number * wanted % max(1, len(rest))
        for text in [*near, *(rest[step:] + rest[:step])][:wanted]:
            with_name = called(text, names, anywhere=True) is not None
            others = nearly if text in near else by_language[voice.language]
            _say(voice, text, speak, named if with_name else others)
        about = [
            text.format(name) for name in _names(names, voice.language) for text in wake_texts.ABOUT[voice.language]
        ]
        for text in about[: 2 if voice.engine in SLOW else 6]:
            _say(voice, text, speak, named)
    return by_language, named, nearly


def _say(voice: Voice, text: str, speak: Speak, into: list[Sentence]) -> None:
    pcm = speak(voice, text)
    if len(pcm):
        into.append(Sentence(text, voice.language, voice.name, pcm))


def _names(names: Sequence[str], language: str) -> list[str]:
    return [name for name in names if language_of(name) == language]


def language_of(phrase: str) -> str:
    """ "zh" where there is a Chinese character."""
    return "zh" if any("\u3400" <= letter <= "\u9fff" for letter in phrase) else "en"


Plan = tuple[str, str, int]
"""Condition, language and number of a call."""


def plans(phrases: Mapping[str, Sequence[str]], n: Amounts, own_voice: bool) -> list[Plan]:
    """All calls that are to be made."""
    conditions = [name for name, condition in CONDITIONS.items() if own_voice or not condition.own_voice]
    return [(name, code, number) for name in conditions for code in phrases for number in range(n.calls)]


def called_by(
    plan: Plan, voices: Sequence[Voice], phrases: Mapping[str, Sequence[str]], seed: int, pool: Pool, speak: Speak
) -> Call | None:
    """The call of a plan, by the language's voices in turn; None where nobody speaks it."""
    condition, language, number = plan
    speakers = [v for v in voices if v.language == language]
    if not speakers:
        return None
    random = np.random.default_rng((seed, list(CONDITIONS).index(condition), number, language == "zh"))
    voice, phrase = speakers[number % len(speakers)], phrases[language][number % len(phrases[language])]
    parts = _parts(CONDITIONS[condition].sentence, phrase, language, random)
    sounds = [(kind, speak(voice, text)) for kind, text in parts]
    return call(condition, sounds, language, voice.name, random, pool)


def _parts(sentence: str, phrase: str, language: str, random: np.random.Generator) -> list[tuple[str, str]]:
    def one(texts: Sequence[str]) -> str:
        return texts[int(random.integers(len(texts)))]

    if sentence == "before":
        return [("phrase", phrase + ("," if language == "en" else "，")), ("question", one(QUESTIONS[language]))]
    if sentence == "after":
        return [("before", one(BEFORE[language])), ("phrase", phrase + one(STOPS[language][:2]))]
    return [("phrase", phrase + one(STOPS[language]))]
