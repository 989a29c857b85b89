"""Do two texts sound alike? A transcriber writes what it hears: 外公 as 歪公 or waigong, Grandpa as grampa. Pure.

Chinese is compared syllable by syllable in pinyin without tones; what many speakers don't part counts as the same; and
everything else by an edit distance in which sounds of a kind are near. 太公 is not 外公, and Grandma is not Grandpa.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypinyin import lazy_pinyin

_UNIT = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_\u3400-\u9fff]+)*|\d+")

TOLERANCE = 0.25
"""Edits per letter of the name that are allowed: one doubtful sound in a name of two syllables, never another word of
the family (Grandma costs 2 where 1.5 are allowed)."""

MOST_EDITS = 1.9
"""However long the name: less than one consonant of another kind."""

KINDS = ("aeiouy", "pb", "td", "kgcq", "fv", "szx", "nm", "lr", "wh", "j")
"""Letters that are taken for one another."""
_KIND = {letter: kind for kind, letters in enumerate(KINDS) for letter in letters}
_WEAK = frozenset("aeiouywh")
SAME_KIND, WEAK, STRONG, OTHER = 0.5, 0.5, 1.25, 2.0
"""Cost of a letter for another of its kind; of a vowel, w or h too many or too few; of a consonant so; of a letter for
one of another kind."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A Chinese character or a word of another script."""

    start: int
    end: int
    sound: str
    """Pinyin without tone, or the word in lower case."""
    chinese: bool


def units(text: str) -> list[Unit]:
    """A text's characters and words with their sounds."""
    found = list(_UNIT.finditer(text))
    # All at once: a reading may hang on the characters around it.
    characters = "".join(m.group() for m in found if "\u3400" <= m.group() <= "\u9fff")
    readings = iter(_readings(characters))
    made = []
    for one in found:
        chinese = "\u3400" <= one.group() <= "\u9fff"
        sound = next(readings, "") if chinese else re.sub(r"['’]s?$|['’]", "", one.group().lower())
        made.append(Unit(one.start(), one.end(), sound, chinese))
    return made


def _readings(characters: str) -> list[str]:
    """Pinyin without tones for each character; rare ones without a reading stand for themselves."""
    together = lazy_pinyin(characters, errors="ignore") if characters else []
    if len(together) == len(characters):
        return together
    return [(lazy_pinyin(character, errors="ignore") or [character])[0] for character in characters]


def match(said: Sequence[Unit], wanted: Sequence[Unit]) -> int:
    """How many units of what was `said`, from the first, sound like `wanted`; 0 for none."""
    if all(unit.chinese for unit in wanted) and all(unit.chinese for unit in said[: len(wanted)]):
        first, meant = said[: len(wanted)], wanted
        alike = len(first) == len(meant) and all(map(same_syllable, _sounds(first), _sounds(meant)))
        return len(meant) if alike else 0
    name = "".join(_sounds(wanted))
    longest = min(len(said), len(wanted) + 2)
    costs = [(sound_distance("".join(_sounds(said[:n])), name), n) for n in range(1, longest + 1)]
    cost, length = min(costs, default=(1.0, 0))
    return length if cost < min(MOST_EDITS, TOLERANCE * len(_slurred(name))) else 0


def alike(one: str, other: str) -> bool:
    """Whether the whole of both texts sounds the same."""
    said, wanted = units(one), units(other)
    return bool(wanted) and match(said, wanted) == len(said)


def _sounds(some: Sequence[Unit]) -> list[str]:
    return [unit.sound for unit in some]


def same_syllable(one: str, other: str) -> bool:
    """Two pinyin syllables without tones are the same to speakers who do not part zh and z, l and n, ing and in."""
    return _merged(one) == _merged(other)


def near_syllable(one: str, other: str) -> bool:
    """They begin with the same consonant, to the same speakers: 小 is written as 想 by who mishears."""
    first, second = (re.match("[^aeiouü]+", _merged(syllable)) for syllable in (one, other))
    return first is not None and second is not None and first.group() == second.group()


def _merged(syllable: str) -> str:
    merged = re.sub(r"^([zcs])h", r"\1", syllable)
    merged = re.sub(r"^[nr](?=[a-zü])", "l", merged)
    merged = re.sub(r"(?<=[aeiou])ng$", "n", merged)
    return re.sub(r"^h(?=u)", "f", merged).replace("fuan", "fan").replace("fui", "fei")


def sound_distance(one: str, other: str) -> float:
    """Edit distance between two words in lower case; letters of a kind are near one another, doubled ones are one."""
    one, other = map(_slurred, (one, other))
    row = [0.0]
    for letter in other:
        row.append(row[-1] + _alone(letter))
    for letter in one:
        above, row = row, [row[0] + _alone(letter)]
        for at, against in enumerate(other):
            changed = above[at] + _instead(letter, against)
            row.append(min(changed, above[at + 1] + _alone(letter), row[at] + _alone(against)))
    return row[-1]


def _slurred(word: str) -> str:
    """Doubled letters once, and no t or d between a nasal and another stop: nobody speaks the d of Grandpa."""
    return re.sub(r"(.)\1", r"\1", re.sub(r"(?<=[nm])[td](?=[pbkgm])", "", word))


def _alone(letter: str) -> float:
    return WEAK if letter in _WEAK else STRONG


def _instead(letter: str, other: str) -> float:
    if letter == other:
        return 0.0
    return SAME_KIND if _KIND.get(letter, -1) == _KIND.get(other, -2) else OTHER
