"""What tells nothing about a life: assent, laughter, greetings, arrangements, links, forwards; each with its reason."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from device.schema import read_toml
from provisioning.importers.item import Item

COPIED = 60
"""Characters from which on the same words from two speakers, or in two chats, are a copied text."""
LONG = 1200
"""Characters of a message that nobody types into a telephone."""

HAN, WORDS = 40, 24
"""Chinese characters, words of English that make a memory by their number alone."""
PASSED_ON = ("a forwarded text", "a link", "a notice of the programme", "a mark of the programme")
"""Reasons of what is nobody's own words."""

_TABLE = read_toml(Path(__file__).with_name("chaff.toml"))


def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    return {reason: re.compile("|".join(parts), re.IGNORECASE) for reason, parts in _TABLE[name].items()}


_WHOLE, _PART = _patterns("whole"), _patterns("part")
_WORDS = {reason: frozenset(words.split()) for reason, words in _TABLE["words"].items()}
_LONGEST = max(len(w) for words in _WORDS.values() for w in words)
_TALE = re.compile(_TABLE["tale"]["words"], re.IGNORECASE)
_ERRAND = re.compile(_TABLE["errand"]["words"], re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z']+")


def reason_against(item: Item) -> str:
    """Why a message tells nothing; "" where it may."""
    if not item.text.strip():
        return f"only a {item.medium}" if item.medium else "no words"
    if item.medium in ("link", "sticker", "call", "location", "file"):
        return f"a {item.medium}"
    return reason_of(item.text)


def reason_of(text: str) -> str:
    """The same of its words alone."""
    if len(text) > LONG:
        return "a forwarded text"
    for reason, pattern in _PART.items():
        if pattern.search(text):
            return reason
    if len(text) <= 120:
        for reason, pattern in _WHOLE.items():
            if pattern.fullmatch(text.strip()):
                return reason
        return _of_small_words(_plain(text))
    return ""


class _Letters(dict[int, str]):
    """For str.translate: keeps letters and figures, a space for all else; learns each character once."""

    def __missing__(self, code: int) -> str:
        kept = unicodedata.category(chr(code))[0] in "LN" or code == 39
        self[code] = chr(code).lower() if kept else " "
        return self[code]


_LETTERS = _Letters()


def _plain(text: str) -> list[str]:
    return text.translate(_LETTERS).split()


def _of_small_words(pieces: list[str]) -> str:
    """The reason where all is made of small words."""
    if not pieces or all(piece.isdigit() and piece != "233" for piece in pieces):
        return "only signs and figures"
    reasons: set[str] = set()
    for piece in pieces:
        at = 0
        while at < len(piece):
            reason, taken = _small_word(piece, at)
            if not reason:
                return ""
            reasons.add(reason)
            at += taken
    return min(reasons, key=list(_WORDS).index)


def _small_word(piece: str, at: int) -> tuple[str, int]:
    for length in range(min(_LONGEST, len(piece) - at), 0, -1):
        word = piece[at : at + length]
        if word.isascii() and length < len(piece) and not set(word) <= set("ha"):
            continue
        for reason, words in _WORDS.items():
            if word in words:
                return reason, length
    return "", 0


def copied(items: Iterable[Item]) -> frozenset[str]:
    """Long texts that more than one speaker sent, or one speaker to more than one chat."""
    seen: Counter[str] = Counter()
    for text, _, _ in {(i.text, i.speaker or i.name, i.chat) for i in items if len(i.text) >= COPIED}:
        seen[text] += 1
    return frozenset(text for text, times in seen.items() if times > 1)


def substance(text: str) -> float:
    """How much a text tells, about 0..2: its length in units of what makes a memory, one more where it tells of former
    times, of family, liking and opinions, half where it is an errand."""
    units = min(len(_HAN.findall(text)) / HAN + len(_WORD.findall(text)) / WORDS, 1.0)
    if units >= 0.25 and _TALE.search(text):
        return units + 1.0
    return units / 2 if _ERRAND.search(text) else units


def tells(text: str) -> bool:
    """Whether a text speaks of former times, of liking or of opinions."""
    return _TALE.search(text) is not None


def laughs(text: str) -> bool:
    """Whether a message is a laugh, or begins or ends with one."""
    return bool(_LAUGH.search(text))


_LAUGH = re.compile(
    r"哈哈|嘿嘿|呵呵|笑死|\b(?:(?:ha){2,}h?|he(?:he)+|lol|lmao|rofl)\b|[😂🤣😆😄😁]|\[(?:大笑|呲牙|偷笑|捂脸|破涕为笑|Laugh)\]",
    re.I,
)
