"""Takes out of a text what belongs to others: numbers, names of third parties, what ails them and what they owe. Pure.

Every removal is told to the family as a Finding whose excerpt shows blocks where the private part stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from device.mind import sentences
from device.schema import read_toml
from provisioning.memories.kinship import CHINESE_WORD, ENGLISH_WORD
from provisioning.memories.memory import Cited, Finding
from provisioning.memories.names import Names
from provisioning.memories.pieces import together
from provisioning.memories.private import Found, numbers

_TAGS = {tag: re.compile(p, re.IGNORECASE) for tag, p in read_toml(Path(__file__).with_name("sensitive.toml")).items()}
CONFIDED = ("message", "mail")
"""Kinds of which all is left out that was told in confidence; a letter's secrets are its reader's family's own."""
NEVER = ("sex",)
"""Left out of whatever was not told by the family itself."""
OF_OTHERS = ("health", "money", "crime")
"""Left out where they are another's."""
EXCERPT = 60
"""Characters of a finding."""
BLOCK = "█"
SHOWN_OF_SECRET = 4
"""Characters."""

_OWN = re.compile(rf"我(?!们?的?(?:{CHINESE_WORD}))|\bI\b|\b[Mm]y (?!(?:\w+ )?(?:{ENGLISH_WORD})\b)|\bme\b")
_STRANGER = re.compile(
    r"一位(?:熟人|邻居|同[事学]|老师|师傅|朋友|战友|医生)|邻居|隔壁|同事|同学|朋友|人家|"
    r"\b(?:somebody|neighbou?r|colleague|friend|a (?:man|lady|doctor|professor))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be told, and what was done to it."""

    text: str
    """"" where nothing of it may be"""
    count: int
    """Names and numbers taken out"""
    sensitivity: str
    findings: tuple[Finding, ...]


class Redactor:
    """Knows who may be named."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def redact(self, text: str, source: Cited, kind: str, keep: bool = False) -> Redacted:
        """A memory's text. `keep`: the family wants what would be left out; numbers go all the same. A story's names
        stay: the family told it itself."""
        if kind in CONFIDED and not keep and _TAGS["secret"].search(text):
            finding = _tagged(text, "secret", self._found(text, True), source, "left-out")
            return Redacted("", 0, "secret", (finding,))
        parts, findings, count, tags = [], [], 0, []
        for part in sentences.split(text):
            found = self._found(part, names=kind != "story")
            plain = _without(part, found)
            tag = sensitivity(part)
            private = not keep and kind != "story" and _private(plain, tag, kind, bool(found))
            done = "left-out" if private else ""
            findings += [Finding(f.kind, source, _excerpt(part, f, found), done or "redacted") for f in found]
            if tag and kind != "story":
                findings.append(_tagged(part, tag, found, source, done or "kept"))
            if not private:
                parts.append(plain)
                count += len(found)
                tags += [tag] if tag else []
        return Redacted(together(parts), count, tags[0] if tags else "", tuple(findings))

    def plain(self, text: str, names: bool = True) -> str:
        """A text without what is private in it, for questions and examples."""
        return _without(text, self._found(text, names))

    def clean(self, text: str) -> bool:
        """Whether there is nothing private in a text at all."""
        return not self._found(text, True) and not any(pattern.search(text) for pattern in _TAGS.values())

    def _found(self, text: str, names: bool) -> list[Found]:
        found = list(numbers(text))
        for name in self.names.found(text) if names else ():
            if not any(f.start < name.end and name.start < f.end for f in found):
                found.append(name)
        return sorted(found, key=lambda f: f.start)


def sensitivity(text: str) -> str:
    """The first tag of what a family may not want told; "" for none."""
    return next((tag for tag, pattern in _TAGS.items() if tag != "secret" and pattern.search(text)), "")


def _private(plain: str, tag: str, kind: str, third_party: bool) -> bool:
    """Whether a sentence is left out. A letter speaks of its family's troubles to the family; a chat's remarks on them
    were not meant to stay, but for what the person says of themselves."""
    if tag in NEVER:
        return True
    if tag not in OF_OTHERS:
        return False
    if third_party or _STRANGER.search(plain):
        return True
    return kind == "message" and not _OWN.search(plain)


def _without(text: str, found: list[Found]) -> str:
    for one in reversed(found):
        text = text[: one.start] + one.instead + text[one.end :]
    return re.sub(r"  +", " ", text).strip()


def _excerpt(text: str, one: Found, found: list[Found]) -> str:
    """The surroundings of one private stretch, with blocks over all of them."""
    masked = text
    for other in found:
        masked = masked[: other.start] + BLOCK * (other.end - other.start) + masked[other.end :]
    before, after = masked[max(0, one.start - EXCERPT // 2) : one.start], masked[one.end : one.end + EXCERPT // 2]
    return f"{before}{BLOCK * min(one.end - one.start, 8)}{after}"


def _tagged(text: str, tag: str, found: list[Found], source: Cited, done: str) -> Finding:
    """Of what was told in confidence only the beginning is shown."""
    match = _TAGS[tag].search(text)
    start, end = match.span() if match else (0, 0)
    if tag == "secret":
        start, end = min(SHOWN_OF_SECRET, len(text)), len(text)
    return Finding(tag, source, _excerpt(text, Found(start, end, tag, ""), found), done)
