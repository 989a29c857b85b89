"""How a person speaks, in figures and examples, never in adjectives."""

from __future__ import annotations

import msgspec


class Habit(msgspec.Struct, frozen=True):
    """Words that come again and again."""

    words: str
    count: int
    per_thousand: float
    """Of the person's sentences"""
    examples: tuple[str, ...]
    """Up to three whole sentences, as they were written"""


class Manner(msgspec.Struct, frozen=True):
    """How they write and speak in one language."""

    language: str
    sentences: int
    """That this rests on"""
    length: tuple[int, int, int]
    """Words (characters in Chinese) of a sentence: lower quartile, median, upper quartile"""
    sayings: tuple[Habit, ...]
    fillers: tuple[Habit, ...]
    particles: tuple[Habit, ...]
    """语气词 at the end of sentences; in English, tags such as "you know" """
    dialect: tuple[Habit, ...]
    address: dict[str, Habit]
    """Relative -> how the person addresses them"""
    greetings: tuple[Habit, ...]
    farewells: tuple[Habit, ...]
    jokes: tuple[str, ...]
    """Sentences that got laughter back, or laugh themselves"""
    emoji: tuple[Habit, ...] = ()
    answer_length: tuple[int, int, int] = (0, 0, 0)
    """Of a whole message or answer"""
    dialects: dict[str, int] = {}
    """Way of speaking -> how often words of it were found: 吴语, Scots"""
    typical: tuple[str, ...] = ()
    """Sentences as they usually are"""


class Proposals(msgspec.Struct, frozen=True):
    """What persona.toml could say where the family left it out, by language."""

    style: dict[str, str] = {}
    greeting: dict[str, str] = {}
    farewell: dict[str, str] = {}
    sayings: dict[str, tuple[str, ...]] = {}
    fillers: dict[str, tuple[str, ...]] = {}
    tokens: dict[str, int] = {}
    """Of `style`, in the language model's own tokens"""
    rests_on: dict[str, int] = {}
    """Sentences of the person's in that language"""
