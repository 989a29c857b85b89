"""Names of people who are neither family nor granted, and how to speak of them instead. Pure.

English names are found by titles, by who they are said to be ("our neighbour Bob"), by first names and by Chinese
surnames; Chinese ones by surnames with a title (王老师), a way of address (老王), who they are said to be, and by the
segmenter's own recognition of names. Whoever takes part in a chat is looked for by the name they have there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from device.schema import read_toml
from provisioning.memories.kinship import CHINESE as KIN_CHINESE
from provisioning.memories.kinship import any_of
from provisioning.memories.places import is_place
from provisioning.memories.private import Found

_TABLE = read_toml(Path(__file__).with_name("names.toml"))
SURNAMES = frozenset(_TABLE["surnames"].strip())
PUBLIC = frozenset(_TABLE["public"].split())
_NO_NAMES = frozenset(_TABLE["no_names"].split()) | frozenset(_TABLE["english_no_names"].split())
_SURNAME = f"(?:{any_of(_TABLE['compound'].split())}|[{''.join(sorted(SURNAMES))}])"
_HAN = r"[\u4e00-\u9fff]"
_TITLED = re.compile(rf"(?<!{_HAN}老)(?P<name>{_SURNAME}{_HAN}{{0,2}}?)(?P<role>{any_of(_TABLE['titles'].split())})")
_ADDRESSED = re.compile(rf"(?<![从古到])(?P<name>[老小]{_SURNAME})(?!{_HAN}?[师时学])")
_ROLE = re.compile(
    rf"(?P<role>{any_of(_TABLE['roles'].split())})(?:叫|名叫|是)?(?P<name>{_SURNAME}{_HAN}{{1,2}}|[老小阿]{_HAN})"
)
_CANDIDATE = re.compile(rf"{_SURNAME}{_HAN}{{1,2}}")
_ENGLISH_TITLED = re.compile(
    rf"(?<![A-Za-z])(?P<role>{any_of(_TABLE['english_titles'].split())})\.? "
    r"(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![A-Za-z])"
)
_ENGLISH_ROLE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]he|[Aa]n?|[Oo]ld) (?:\w+ )?"
    rf"(?P<role>{any_of(_TABLE['english_roles'].split())})s?,? (?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![A-Za-z])"
)
_FIRST = any_of(_TABLE["english_first"].split())
_PINYIN = any_of(_TABLE["pinyin_surnames"].split())
_ENGLISH_NAME = re.compile(
    rf"(?<![A-Za-z])(?P<name>(?:{_FIRST})(?: (?!(?:I|And|But|The)\b)[A-Z][a-z]+)?|"
    rf"(?:{_PINYIN}) [A-Z][a-z]+|(?<=\bold )(?:{_PINYIN})|[A-Z][a-z]+ (?:{_PINYIN}))"
    r"(?![A-Za-z]|['’]t\b| Dynasty| dynasty)"
)
_TRADE = re.compile(r" the [a-z]+\b")
_CAPITAL = re.compile(r"[A-Z]")
_FUNCTION = re.compile(r"[才就也都又还不没上下里边水的了在和是有要会能到去来过着得把被让给说讲]")
"""No given name is written with these."""
_BEFORE = re.compile(r"[叫和跟给找问请同与、让替教]")
_AFTER = re.compile(r"[说讲问答笑叫喊家]")
"""Beside a name of two characters: 姜丝 and 张张 are as often none."""
_SOMEBODY = {"zh": "一位熟人", "en": "somebody"}
_ENGLISH_SAID = {
    **{t: "somebody" for t in ("Old", "Little", "Sir", "Madam")},
    "Mr": "a man",
    "Mrs": "a lady",
    "Ms": "a lady",
    "Miss": "a lady",
    "Dr": "a doctor",
    "Prof": "a professor",
    "Uncle": "an uncle",
    "Aunt": "an aunt",
    "Auntie": "an aunt",
    "Granny": "an old lady",
    "Father": "a priest",
}


class Names:
    """Knows who may be named."""

    def __init__(self, allowed: Iterable[str], others: Iterable[str] = ()) -> None:
        """`allowed`: family, friends who are granted, whoever the family itself names in its stories. `others`: who
        else takes part in the chats."""
        family = frozenset(a for a in allowed if a)
        self.allowed = family | PUBLIC | {pet for name in family for pet in _pet_names(name)}
        parts = {part for name in self.allowed if name.isascii() for part in name.split() if part[:1].isupper()}
        self._parts = self.allowed | parts
        self.others = frozenset(o.strip() for o in others) - self._parts - {""}
        names = sorted(
            o for o in self.others if len(o) >= 2 and not o.isdecimal() and (o.isascii() is False or len(o) >= 3)
        )
        self._pattern = re.compile("|".join(map(_whole, sorted(names, key=len, reverse=True)))) if names else None

    def found(self, text: str) -> Iterator[Found]:
        """Names of third parties, in the text's order, none overlapping another."""
        taken: list[Found] = []
        for found in self._all(text):
            if not any(f.start < found.end and found.start < f.end for f in taken):
                taken.append(found)
        yield from sorted(taken, key=lambda f: f.start)

    def _all(self, text: str) -> Iterator[Found]:
        han = re.search(_HAN, text) is not None
        if self._pattern:
            somebody = _SOMEBODY["zh" if han else "en"]
            for match in self._pattern.finditer(text):
                yield Found(*match.span(), "third-party", somebody)
        if han:
            yield from self._chinese(text)
        if _CAPITAL.search(text):
            yield from self._english(text)

    def _chinese(self, text: str) -> Iterator[Found]:
        for match in _ROLE.finditer(text):
            if self._foreign(match["name"]) and not (_is_word(match["name"]) or _FUNCTION.search(match["name"][1:])):
                yield Found(*match.span(), "third-party", f"一位{match['role']}")
        for match in _TITLED.finditer(text):
            if self._titled(match["name"], match[0], text[match.start() - 1 : match.start() + 1]):
                yield Found(*match.span(), "third-party", f"一位{match['role']}")
        for match in _ADDRESSED.finditer(text):
            if self._foreign(match["name"]) and not _is_word(text[match.start() : match.start() + 3], 1):
                yield Found(*match.span(), "third-party", _SOMEBODY["zh"])
        if any(self._doubtful(m[0], text, m.start()) for m in _CANDIDATE.finditer(text)):
            yield from self._recognised(text)

    def _titled(self, name: str, whole: str, before: str) -> bool:
        """Whether it is a stranger's; 园林师傅 is nobody called 林."""
        word = (len(name) > 1 and _is_word(name)) or (len(before) > 1 and _is_word(before))
        return not word and self._foreign(name) and self._foreign(whole)

    def _doubtful(self, name: str, text: str, at: int) -> bool:
        """Whether a surname and what follows may be a name: words of the dictionary are none."""
        return not _is_word(name[:2]) and not (at and _is_word(text[at - 1 : at + 1])) and self._foreign(name)

    def _recognised(self, text: str) -> Iterator[Found]:
        at = 0
        for word, tag in _tagged(text):
            start, at = text.index(word, at), text.index(word, at) + len(word)
            if tag != "nr" or not 2 <= len(word) <= 4 or word[0] not in SURNAMES or _FUNCTION.search(word[1:]):
                continue
            short = len(word) == 2 and not (_BEFORE.match(text[start - 1 : start]) or _AFTER.match(text[at : at + 1]))
            if (
                not short
                and word[0] != word[1]
                and not _is_word(word)
                and word not in KIN_CHINESE
                and self._foreign(word)
            ):
                yield Found(start, at, "third-party", _SOMEBODY["zh"])

    def _english(self, text: str) -> Iterator[Found]:
        for match in _ENGLISH_ROLE.finditer(text):
            if self._foreign(match["name"]):
                start = match.start("name")
                yield Found(start - (text[start - 1] == " ") - (text[start - 2] == ","), match.end(), "third-party", "")
        for match in _ENGLISH_TITLED.finditer(text):
            if self._foreign(match["name"]) and self._foreign(match[0]):
                role = match["role"]
                yield Found(*match.span(), "third-party", _ENGLISH_SAID.get(role, f"a {role.lower()}"))
        for match in _ENGLISH_NAME.finditer(text):
            if self._foreign(match["name"]) and not is_place(match["name"]):
                trade = _TRADE.match(text, match.end())  # "Bob the tailor" is the tailor
                end, instead = (
                    (match.end() + 1, "")
                    if trade
                    else (match.end(), _SOMEBODY["zh" if re.search(_HAN, text) else "en"])
                )
                yield Found(match.start(), end, "third-party", instead)

    def _foreign(self, name: str) -> bool:
        """Whether nobody who may be named is called so."""
        if name in self._parts or name in _NO_NAMES or is_place(name):
            return False
        if name.isascii():
            return not any(part in self._parts for part in name.split())
        return len(name) < 2 or not any(a in name or name in a for a in self.allowed if len(a) > 1 and not a.isascii())


def _pet_names(name: str) -> Iterator[str]:
    """小夏, 阿夏, 夏夏 and 夏儿 for 林夏."""
    if re.fullmatch(rf"{_HAN}{{2,4}}", name):
        last = name[-1]
        yield from (f"小{last}", f"阿{last}", last * 2, f"{last}儿")


def _whole(name: str) -> str:
    return rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)


@functools.cache
def _segmenter() -> Any:
    import jieba.posseg

    jieba.setLogLevel(60)
    jieba.initialize()
    return jieba


def _is_word(text: str, least: int = 20) -> bool:
    """Whether the dictionary counted it at least so often: what is rarer may be a name that got into it."""
    return text in _NO_NAMES or int(_segmenter().dt.FREQ.get(text, 0)) >= least


def _tagged(text: str) -> Iterator[tuple[str, str]]:
    for pair in _segmenter().posseg.cut(text):
        yield pair.word, pair.flag
