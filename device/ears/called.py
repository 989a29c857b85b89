"""Was the frame called by a name, and what was said besides? Judged from a transcript. Pure.

A transcriber writes names as it hears them: 外公 as 歪公 or waigong, Grandpa as grampa or grand pa. So text is compared
by sound: Chinese syllable by syllable in pinyin without tones, where what many speakers don't part counts as the same;
everything else by an edit distance in which sounds of a kind are near. 太公 is not 外公, and Grandma is not Grandpa.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypinyin import lazy_pinyin

_UNIT = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_\u3400-\u9fff]+)*|\d+")
_GREETING = re.compile(
    r"(?:hello|hallo|hullo|hi|hey|oh|ah|okay|ok|dear|good (?:morning|evening|afternoon)"
    r"|你好|您好|喂|嗨|哎|诶|欸|嘿|哈[喽罗啰]|早上好|晚上好|早)[\s,，.。!！、~…]*",
    re.I,
)
_BETWEEN = " \t\n,，.。!！?？、:：;；~…-—'\"“”’"

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
class Called:
    """A name that was found."""

    name: str
    """As it was given, not as it was written in the transcript."""
    before: str
    """What was said before it, greetings left out; empty if the sentence begins with the name."""
    rest: str
    """What was said after it, without the punctuation between."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A Chinese character or a word of another script."""

    start: int
    end: int
    sound: str
    """Pinyin without tone, or the word in lower case."""
    chinese: bool


def called(text: str, names: Sequence[str], *, anywhere: bool = False) -> Called | None:
    """The longest of `names` with which `text` begins, greetings apart; with `anywhere`, the first that it contains.

    None where none is there. A name said twice (外公外公) is one call."""
    found = list(_calls(text, names, anywhere))
    if not found:
        return None
    start, end, name = min(found, key=lambda call: (call[0], -call[1]))
    again = called(text[end:], [name]) if end < len(text) else None
    rest = again.rest if again is not None else text[end:].lstrip(_BETWEEN).rstrip()
    return Called(name, _without_greetings(text[:start]), rest)


def _calls(text: str, names: Sequence[str], anywhere: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of every call."""
    units = _units(text)
    for name in names:
        wanted = _units(name)
        for at in range(len(units) if wanted else 0):
            if not anywhere and _without_greetings(text[: units[at].start]):
                break
            length = _match(units[at:], wanted)
            if length:
                yield units[at].start, units[at + length - 1].end, name


def _without_greetings(text: str) -> str:
    text = text.strip(_BETWEEN)
    while text and (greeting := _GREETING.match(text)):
        text = text[greeting.end() :].strip(_BETWEEN)
    return text


def _units(text: str) -> list[_Unit]:
    found = list(_UNIT.finditer(text))
    # All at once: a reading may hang on the characters around it.
    characters = "".join(m.group() for m in found if "\u3400" <= m.group() <= "\u9fff")
    readings = iter(_readings(characters))
    units = []
    for match in found:
        chinese = "\u3400" <= match.group() <= "\u9fff"
        sound = next(readings, "") if chinese else re.sub(r"['’]s?$|['’]", "", match.group().lower())
        units.append(_Unit(match.start(), match.end(), sound, chinese))
    return units


def _readings(characters: str) -> list[str]:
    """Pinyin without tones for each character; rare ones without a reading stand for themselves."""
    together = lazy_pinyin(characters, errors="ignore") if characters else []
    if len(together) == len(characters):
        return together
    return [(lazy_pinyin(character, errors="ignore") or [character])[0] for character in characters]


def _match(units: Sequence[_Unit], wanted: Sequence[_Unit]) -> int:
    """How many of `units`, from the first, sound like `wanted`; 0 for none."""
    if all(unit.chinese for unit in wanted) and all(unit.chinese for unit in units[: len(wanted)]):
        said, meant = units[: len(wanted)], wanted
        alike = len(said) == len(meant) and all(map(same_syllable, _sounds(said), _sounds(meant)))
        return len(meant) if alike else 0
    name = "".join(_sounds(wanted))
    longest = min(len(units), len(wanted) + 2)
    costs = [(sound_distance("".join(_sounds(units[:n])), name), n) for n in range(1, longest + 1)]
    cost, length = min(costs, default=(1.0, 0))
    return length if cost < min(MOST_EDITS, TOLERANCE * len(_slurred(name))) else 0


def _sounds(units: Sequence[_Unit]) -> list[str]:
    return [unit.sound for unit in units]


def same_syllable(one: str, other: str) -> bool:
    """Two pinyin syllables without tones are the same to speakers who do not part zh and z, l and n, ing and in."""
    return _merged(one) == _merged(other)


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
