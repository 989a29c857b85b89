"""Kinship words of Chinese and English, and what each means from whoever says it (`kinship.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path as File

from device.schema import read_toml
from provisioning.memories.kin_path import Path, Sex, agreed, inverse, parsed, reduced

_TABLE = read_toml(File(__file__).with_name("kinship.toml"))


def _ways(text: str) -> tuple[Path, ...]:
    return tuple(tuple(way.split()) for way in text.split("|"))


CHINESE: dict[str, tuple[Path, ...]] = {w: _ways(t) for words, t in _TABLE["zh"].items() for w in words.split()}
ENGLISH: dict[str, tuple[Path, ...]] = {w: _ways(t) for words, t in _TABLE["en"].items() for w in words.split()}
"""Word -> ways that it may mean, the likeliest first."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


CHINESE_WORD = any_of(CHINESE)
ENGLISH_WORD = any_of(ENGLISH)

_STACKED = re.compile(rf"({CHINESE_WORD})(?:的)?")
_ENGLISH_STACKED = re.compile(rf"({ENGLISH_WORD})(?:['’]s)?", re.IGNORECASE)
_PATERNAL = {"paternal": "f", "maternal": "m"}


def ways(phrase: str) -> tuple[Path, ...]:
    """What a phrase of kinship words means: 妈妈的弟弟, "mother's brother", "maternal grandfather", or a word as
    `kin_path.word` writes it; () for what is none."""
    phrase = phrase.strip()
    side = ""
    for name, step in _PATERNAL.items():
        if phrase.lower().startswith(f"{name} "):
            phrase, side = phrase[len(name) + 1 :], step
    found = _stacked(phrase)
    if not found and (way := parsed(phrase)):
        found = (way,)
    return tuple(way for way in found if not side or way[:1] == (side,))


def _stacked(phrase: str) -> tuple[Path, ...]:
    pattern, table = (_ENGLISH_STACKED, ENGLISH) if phrase.isascii() else (_STACKED, CHINESE)
    at = 0
    found: list[Path] = [()] if phrase else []
    while at < len(phrase):
        match = pattern.match(phrase, at)
        if not match:
            return ()
        found = [(*before, *way) for before in found for way in table[match.group(1).lower()]]
        at = match.end() + (phrase[match.end() : match.end() + 1] == " ")
    return tuple(found)


def kin_of(speaker: tuple[Path, ...], said: tuple[Path, ...], ego: Sex) -> tuple[Path, ...]:
    """Ways from the person to whom a speaker means, when the person's way to the speaker is one of `speaker`. The
    shortest only: a grandchild's "grandmother" is the wife, before the other grandmother."""
    found = {way for first in speaker for then in said if (way := reduced((*first, *then), ego)) is not None}
    shortest = min(map(len, found), default=0)
    return tuple(sorted(way for way in found if len(way) == shortest))


def turned(said: tuple[Path, ...], ego: Sex = "") -> tuple[Path, ...]:
    """Ways back of each."""
    return tuple(dict.fromkeys(inverse(way, ego) for way in said))


def narrowed(known: tuple[Path, ...], more: tuple[Path, ...]) -> tuple[Path, ...]:
    """Ways that agree with both; () for a contradiction."""
    return tuple(dict.fromkeys(w for one in known for other in more if (w := agreed(one, other)) is not None))


def kin_word(kinship: str, language: str) -> str:
    """A kinship as people of a language call it: mothers-father is 外公, daughters-child "grandchild"."""
    if language == "zh":
        meant = set(ways(kinship))
        return next((w for w, found in CHINESE.items() if meant and meant <= set(found)), kinship.replace("-", " "))
    meant = set(ways(kinship))
    if meant and all(len(way) == 2 and set(way) <= set("sdc") for way in meant):
        return next((w for w, found in ENGLISH.items() if meant <= set(found)), kinship)
    parts = kinship.split("-")
    return " ".join(f"{p[:-1]}'s" if p.endswith("s") and at < len(parts) - 1 else p for at, p in enumerate(parts))
