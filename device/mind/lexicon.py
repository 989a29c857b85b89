"""The word lists of `lexicon.toml`, in the shapes that searching and checking use them in."""

from __future__ import annotations

from pathlib import Path

from device.schema import read_toml

_LISTS = read_toml(Path(__file__).with_name("lexicon.toml"))


def _words(name: str) -> tuple[str, ...]:
    """All words of a list, longest first, so that 什么时候 goes before 什么."""
    return tuple(sorted(_LISTS[name].split(), key=len, reverse=True))


def _groups(name: str) -> tuple[str, ...]:
    """Its lines, each a group of words."""
    return tuple(line for line in _LISTS[name].splitlines() if line.strip())


ENGLISH_STOP = frozenset(_words("english_stop"))
ENGLISH_IRREGULAR = dict(pair.split(":") for pair in _words("english_irregular"))
ENGLISH_SAME = _groups("english_same")
ENGLISH_NUMBERS = frozenset(_words("english_numbers"))
CHINESE_STOP = _words("chinese_stop")
CHINESE_SAME = _groups("chinese_same")
HARMLESS_ENGLISH = frozenset(_words("harmless_english"))
"""Stems."""
HARMLESS_CHINESE = _words("harmless_chinese")
KIN = _groups("kin")
"""A memory of Ting is found by "daughter"."""
GENERIC = frozenset(_words("generic"))
GENERIC_WEIGHT = 0.35
"""What a generic word's weight is multiplied by."""
PHRASES: tuple[tuple[str, str], ...] = tuple((pattern, plain) for pattern, plain in _LISTS["phrases"])

OWN_GRANDPARENTS = (
    (r"\b{whose} (?:own )?grand(?:mother|ma|father|pa|dad|parents?)\b|\b{whose} granny\b", " owngrandparent "),
    (r"{whose}的?(?:亲)?(?:奶奶|外婆|爷爷|外公|祖父|祖母)(?!家|后院)", " owngrandparent "),
)
"""Whose grandparents are meant: "your grandmother" asked of a grandfather is not his wife, nor is his "my
grandmother"."""
