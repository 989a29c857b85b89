"""Learns from the memories who is whose daughter, so that a question about "your daughter" finds her by name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from device.mind.lexicon import CHINESE_STOP, KIN

_ENGLISH_KIN = {word: line.split() for line in KIN for word in line.split() if word.isascii()}
_CHINESE_KIN = {word: line.split() for line in KIN for word in line.split() if not word.isascii()}
_KIN_PATTERN = "|".join(_ENGLISH_KIN)
_ENGLISH = re.compile(
    rf"\b(?:[Mm]y|[Yy]our|[Oo]ur) (?:\w+ )?({_KIN_PATTERN}),? ([A-Z][a-z]+)"
    rf"|\b([A-Z][a-z]+), (?:my|your) ({_KIN_PATTERN})"
)
_CHINESE = re.compile(rf"[我你]({'|'.join(sorted(_CHINESE_KIN, key=len, reverse=True))})([\u4e00-\u9fff]{{2}})")
_NAME_SEEN = 3
"""A Chinese name must occur this often in the memories: what follows a kinship word is mostly no name."""


def relations(texts: Sequence[str], people: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Name -> kinship words of both languages, from phrases such as "my daughter Ting" and 我女儿听潮."""
    found: dict[str, tuple[str, ...]] = {}
    everything = "\n".join(texts)
    known = set(people)
    for word, name, name_first, word_last in _ENGLISH.findall(everything):
        if (name or name_first) in known:
            found[name or name_first] = tuple(_ENGLISH_KIN[word or word_last])
    for word, name in _CHINESE.findall(everything):
        if not any(stop in name for stop in CHINESE_STOP) and everything.count(name) >= _NAME_SEEN:
            found[name] = tuple(_CHINESE_KIN[word])
    return found


def keywords(text: str, people: Sequence[str], relations: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The kinship words of everybody in a memory."""
    named = [p for p in relations if p in people or (not p.isascii() and p in text)]
    direct = [line.split() for line in KIN for p in people if p.lower() in line.split()]
    return [word for name in named for word in relations[name]] + [word for line in direct for word in line]
