"""Gathers what the measurement of wake phrases is made of: who says what, and the frame's own voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
) -> tuple[dict[str, list[Sentence]], list[Sentence]]:
    """What people say, by language, without the names, and the sentences with one of them."""
    by_language: dict[str, list[Sentence]] = {v.language: [] for v in voices}
    named: list[Sentence] = []
    for number, voice in enumerate(voices):
        texts = list(numbered(wake_texts.sentences(voice.language, stories.get(voice.language, ())), which))
        wanted = n.slow_sentences if voice.engine in SLOW else n.sentences
        # What sounds like a call is said by everybody; of the rest each says another part.
        near = [text for text in texts if text in wake_texts.NEAR[voice.language]]
        rest = [text for text in texts if text not in near]
        step = number * wanted % max(1, len(rest))
        for text in [*near, *(rest[step:] + rest[:step])][:wanted]:
            with_name = called(text, names, anywhere=True) is not None
            pcm = speak(voice, text)
            if len(pcm):
                into = named if with_name else by_language[voice.language]
                into.append(Sentence(text, voice.language, voice.name, pcm))
    return by_language, named


def calls(
    voices: Sequence[Voice], phrases: Mapping[str, Sequence[str]], seed: int, n: Amounts, pool: Pool, speak: Speak
) -> Iterator[Call]:
    """In every condition, by each language's voices in turn."""
    for at, condition in enumerate(CONDITIONS):
        for language, said in phrases.items():
            speakers = [v for v in voices if v.language == language]
            for number in range(n.calls if speakers and said else 0):
                if CONDITIONS[condition].own_voice and not pool.own:
                    continue
                random = np.random.default_rng((seed, at, number, language == "zh"))
                voice = speakers[number % len(speakers)]
                parts = _parts(CONDITIONS[condition].sentence, said[number % len(said)], language, random)
                sounds = [(kind, speak(voice, text)) for kind, text in parts]
                yield call(condition, sounds, language, voice.name, random, pool)


def _parts(sentence: str, phrase: str, language: str, random: np.random.Generator) -> list[tuple[str, str]]:
    def one(texts: Sequence[str]) -> str:
        return texts[int(random.integers(len(texts)))]

    if sentence == "before":
        return [("phrase", phrase + ("," if language == "en" else "，")), ("question", one(QUESTIONS[language]))]
    if sentence == "after":
        return [("before", one(BEFORE[language])), ("phrase", phrase + one(STOPS[language][:2]))]
    return [("phrase", phrase + one(STOPS[language]))]
