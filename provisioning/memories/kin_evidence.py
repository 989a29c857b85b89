"""Finds who is called a relative: "my daughter Ting", 我女儿听潮, "Dear Leo ... Your Grandpa", 外公，在吗. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from device.mind.lexicon import CHINESE_STOP, ENGLISH_STOP
from provisioning.memories.kin_path import Path, Sex, sex_at
from provisioning.memories.kinship import CHINESE_WORD, ENGLISH, ENGLISH_WORD, any_of, kin_of, turned, ways
from provisioning.memories.memory import Cited

SEEN = 3
"""A Chinese name that nobody listed must stand behind its kinship word so often: what follows is mostly no name."""

PRONOUNS = frozenset(["me", "myself", "i", "you", "我", "自己", "本人", "你", "您"])
"""What programmes call their owners."""

_STACK = rf"(?:{ENGLISH_WORD})(?:['’]s (?:{ENGLISH_WORD}))*"
_ENGLISH_FIRST = re.compile(
    rf"\b(?P<whose>[Mm]y|[Oo]ur|[Yy]our) (?:(?!{ENGLISH_WORD})\w+ )?(?P<kin>{_STACK}),? (?P<name>[A-Z][a-z]+)\b"
)
_ENGLISH_LAST = re.compile(
    rf"\b(?P<name>[A-Z][a-z]+), (?P<whose>my|our|your) (?:(?!{ENGLISH_WORD})\w+ )?(?P<kin>{_STACK})\b"
)
_FULL = r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)*"
_ABOUT = re.compile(
    rf"\b(?P<kin>(?i:{ENGLISH_WORD})) (?:of|to) "
    rf"(?P<names>{_FULL}(?:(?:, | and |, and ){_FULL})*)",
)
_ABOUT_CHINESE = re.compile(
    rf"(?P<names>[\u4e00-\u9fff]{{2,4}}(?:[、和][\u4e00-\u9fff]{{2,4}})*)的(?P<kin>{CHINESE_WORD})(?=[，。、；\s]|$)"
)
_STACK_CHINESE = rf"(?:{CHINESE_WORD})(?:的?(?:{CHINESE_WORD}))*"
_CALLED = re.compile(
    rf"(?P<whose>[我你您])(?:们|的)?(?P<kin>{_STACK_CHINESE})(?:名叫|叫做?)(?P<name>[\u4e00-\u9fff]{{2,3}})(?=[，。！、；\s]|$)"
)
_BEHIND = re.compile(rf"(?P<whose>[我你您])(?:们|的)?(?P<kin>{_STACK_CHINESE})(?P<name>[\u4e00-\u9fff]{{2}})")
_VOCATIVE = re.compile(
    rf"^(?P<zh>{CHINESE_WORD})(?:[，,！!。~～ ：:]|$)|^(?:hi |hello |hey |dear )?(?P<en>{ENGLISH_WORD})(?:[,!. ]|$)|"
    rf"[，, ](?P<zh_last>{CHINESE_WORD})[！!。~～？?]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where somebody is called a relative of the person."""

    name: str
    ways: tuple[Path, ...]
    cited: Cited


def sex_of(called: Iterable[str], about: str) -> Sex:
    """The person's, from what the family calls them; "" where that does not say."""
    words = [*called, *(m["kin"] for m in _ABOUT.finditer(about)), *(m["kin"] for m in _ABOUT_CHINESE.finditer(about))]
    found = {sex_at(way) for word in words for part in (word, word.split()[0]) for way in ways(part)} - {""}
    return found.pop() if len(found) == 1 else ""


def in_about(about: str, cited: Cited) -> Iterator[Evidence]:
    """ "Husband of Shen Xiulan, father of Tingchao and Wen": the kinship is the person's to those named."""
    for match in _ABOUT.finditer(about):
        for name in re.split(r", and |, | and ", match["names"]):
            yield Evidence(name, turned(ways(match["kin"])), cited)
    for match in _ABOUT_CHINESE.finditer(about):
        for name in re.split("[、和]", match["names"]):
            yield Evidence(name, turned(ways(match["kin"])), cited)


class Finder:
    """Looks through the person's own texts."""

    def __init__(self, names: Iterable[str], texts: Iterable[str], sex: Sex) -> None:
        """`names`: who is known by name; `texts`: all of the person's, to learn Chinese names that recur."""
        self._sex = sex
        behind = Counter(m["name"] for text in texts for m in _BEHIND.finditer(text) if not _stopped(m["name"]))
        chinese = {n for n in names if n and not n.isascii()} | {n for n, times in behind.items() if times >= SEEN}
        known = any_of(sorted(chinese)) if chinese else "(?!)"
        self._named = re.compile(rf"(?P<whose>[我你您])(?:们|的)?(?P<kin>{_STACK_CHINESE})(?P<name>{known})")
        self._named_first = re.compile(rf"(?P<name>{known})是(?P<whose>[我你您])(?:们|的)?(?P<kin>{_STACK_CHINESE})")

    def find(self, text: str, to: tuple[Path, ...], cited: Cited) -> Iterator[Evidence]:
        """In one text of the person's; `to`: ways to whom it is addressed, for "your" and 你."""
        patterns = (_ENGLISH_FIRST, _ENGLISH_LAST, _CALLED, self._named, self._named_first)
        for match in (m for pattern in patterns for m in pattern.finditer(text)):
            name = match["name"]
            if name.lower() in ENGLISH_STOP or name.lower() in ENGLISH:
                continue
            found = ways(match["kin"])
            if match["whose"].lower() in ("your", "你", "您"):
                found = kin_of(to, found, self._sex)
            if found and () not in found:
                yield Evidence(name, found, cited)


def addressing(text: str) -> tuple[Path, ...]:
    """Ways from the person to who wrote a message to them that calls them by a kinship word; () for none."""
    match = _VOCATIVE.search(text) if len(text) < 200 else None
    word = match and (match["zh"] or match["en"] or match["zh_last"])
    return turned(ways(word.lower())) if word else ()


def _stopped(name: str) -> bool:
    return any(stop in name for stop in CHINESE_STOP)
