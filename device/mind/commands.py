"""What a person may order with a word: by rule, never by a model, so that it is obeyed at once and always. Pure.

The phrases are in `commands.toml`; a turn is an order when, courtesies and forms of address aside, it is one of them
and nothing else: "Stop, please" is, "When did you stop working?" is not. Chinese is compared by its sound, for that is
what a transcriber writes: 小声一点 as 小生一点, or 想深一点.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, cast, get_args

from device.schema import read_toml
from device.sounds_like import near_syllable, same_syllable, units

Command = Literal["stop", "louder", "softer", "again", "next-photo", "album", "mute", "captions-off", "captions-on"]

_COURTESIES = frozenset(
    ("please", "could", "can", "will", "would", "you", "just", "now", "okay", "ok", "hey", "oh", "well", "then", "for",
     "me", "a", "bit", "little", "grandpa", "grandma", "granddad", "grandfather", "grandmother")
)  # fmt: skip
_PARTICLES = re.compile(r"(?:了|吧|啊|呀|嘛|哦|呢|好吗|好不好|行吗|可以吗|一下子)+$")
_OPENERS = re.compile(r"^(?:请|麻烦|帮我|能不能|可不可以|可以|外公|外婆|爷爷|奶奶|阿公|阿婆|你可以|你能不能)+")
_CONTRACTIONS = (
    ("that's", "that is"), ("you're", "you are"), ("don't", "do not"), ("didn't", "did not"),
    ("can't", "cannot"), ("can not", "cannot"),
)  # fmt: skip
SHORTEST, LONG = 3, 4
"""Syllables from which an order is known by its sound, and from which one of them may be doubtful."""
_MARKS = re.compile(r"[,.!?;:，。！？；：、~～…\n]+")


def find(text: str) -> Command | None:
    """The order that a turn consists of, or None.

    Said twice counts as once ("stop, stop!"): people do when they are not obeyed."""
    plain = text.lower().replace("’", "'")
    for short, long in _CONTRACTIONS:
        plain = plain.replace(short, long)
    parts = [bare for part in _MARKS.split(plain) if (bare := _bare(part))]
    found = {_phrases().get(part) or _by_sound(part) for part in parts}
    return found.pop() if len(found) == 1 else None


def _bare(part: str) -> str:
    """A stretch between two marks without its courtesies, unless it is a phrase as it stands."""
    part = part.strip()
    if part in _phrases():
        return part
    if not part.isascii():
        return _PARTICLES.sub("", _OPENERS.sub("", part.replace(" ", "")))
    words = part.split()
    while words and words[0] in _COURTESIES and " ".join(words) not in _phrases():
        words.pop(0)
    while words and words[-1] in _COURTESIES and " ".join(words) not in _phrases():
        words.pop()
    return " ".join(words)


def _by_sound(part: str) -> Command | None:
    """The order in Chinese that sounds like this: the shorter, the more exactly."""
    said = _syllables(part)
    if len(said) < SHORTEST:
        return None
    for meant, command in _sounds():
        if len(meant) == len(said):
            other = [(a, b) for a, b in zip(said, meant, strict=True) if not same_syllable(a, b)]
            if not other or (len(said) >= LONG and len(other) == 1 and near_syllable(*other[0])):
                return command
    return None


@functools.cache
def _sounds() -> tuple[tuple[tuple[str, ...], Command], ...]:
    spoken = ((_syllables(phrase), command) for phrase, command in _phrases().items())
    return tuple((syllables, command) for syllables, command in spoken if syllables)


def _syllables(text: str) -> tuple[str, ...]:
    """In pinyin without tones; none where not all of it is Chinese."""
    said = units(text)
    return tuple(unit.sound for unit in said) if all(unit.chinese for unit in said) else ()


@functools.cache
def _phrases() -> dict[str, Command]:
    table = read_toml(Path(__file__).with_name("commands.toml"))
    return {
        written: cast(Command, command)
        for command in get_args(Command)
        for language in ("en", "zh")
        for phrase in table[command][language]
        for written in _written(phrase, " " if language == "en" else "")
    }


def _written(phrase: str, joint: str) -> Iterator[str]:
    """Every way to write a phrase: with and without each bit in brackets."""
    bit = re.search(r"\(([^)]*)\)", phrase)
    if bit is None:
        yield joint.join(phrase.split())
        return
    yield from _written(phrase[: bit.start()] + bit[1] + phrase[bit.end() :], joint)
    yield from _written(phrase[: bit.start()] + phrase[bit.end() :], joint)
