"""Numbers as people write them out: 三十五, 一九八六, nineteen eighty-six, two thousand and six. Pure."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "元": 1}
CHINESE = "[零〇○一二两三四五六七八九十百元]"
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
)
_ENGLISH = {w: i for i, w in enumerate((_ONES + "eighteen nineteen").split())}
_TENS = {
    w: 10 * i for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12, "twentieth": 20}
_UNIT = "|".join([*_ENGLISH, *_TENS])
ENGLISH = rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(list(_ENGLISH)[1:10])})|{_UNIT}"
"""Pattern of a number below a hundred in words."""
ENGLISH_YEAR = (
    rf"(?:nineteen|eighteen) (?:hundred(?: and (?:{ENGLISH}))?|oh[- ](?:{ENGLISH})|(?:{ENGLISH}))"
    rf"|two thousand(?:,? (?:and )?(?:{ENGLISH}))?|twenty (?:{ENGLISH})"
)


def chinese(text: str) -> int | None:
    """三十五, 一百零三, 廿 not; or figures; None for what is no number."""
    if text.isdecimal():
        return int(text) if len(text) <= 6 else None
    total = unit = 0
    for char in text:
        if char in ("十", "百"):
            total += (unit or 1) * (10 if char == "十" else 100)
            unit = 0
        elif char in _DIGITS:
            unit = _DIGITS[char]
        else:
            return None
    return total + unit if text else None


def chinese_year(text: str) -> int | None:
    """一九八六 or 1986, digit for digit; two digits are of the last century: 五六 is 1956."""
    digits = [c if c.isdecimal() and c.isascii() else str(_DIGITS.get(c, "")) for c in text]
    if not all(digits) or len(digits) not in (2, 4):
        return None
    year = int("".join(digits))
    return year if len(digits) == 4 else 1900 + year


def english(text: str) -> int | None:
    """A number below a hundred, in words or figures, also with -th."""
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", text.lower().strip())
    if text.isdecimal():
        return int(text) if len(text) <= 4 else None
    total = 0
    for part in re.split(r"[- ]+", text):
        value = _small(part)
        if value is None:
            return None
        total += value
    return total


def _small(word: str) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS[word]
    if word.endswith("ieth"):
        word = word[:-4] + "y"
    known = {**_ENGLISH, **_TENS}
    return known.get(word, known.get(word.removesuffix("th")))


def english_year(text: str) -> int | None:
    """nineteen eighty-six, two thousand and six, or figures."""
    words = text.lower().replace(",", "").strip()
    if words.isdecimal():
        return int(words)
    if words.startswith("two thousand"):
        return _plus(2000, words[12:].replace(" and ", " "))
    first, _, rest = words.partition(" ")
    century = _ENGLISH.get(first, _TENS.get(first, 0)) * 100
    return _plus(century, re.sub(r"^(?:hundred(?: and)?|oh)[- ]?", "", rest)) if century in (1800, 1900, 2000) else None


def _plus(base: int, rest: str) -> int | None:
    more = english(rest) if rest.strip() else 0
    return base + more if more is not None and more < 100 else None
