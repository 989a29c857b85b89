"""Questions to what was built of the shoeboxes, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
SAME = {
    "chats/wechat/xia-echotrace.json": "chats/wechat/xia-pywxdump.csv",
    "chats/备份2020/xia-pywxdump.csv": "chats/wechat/xia-pywxdump.csv",
    "chats/wechat/family-chatlab.jsonl": "chats/wechat/family-memotrace.csv",
    "chats/telegram-all/result.json": "chats/telegram/result.json",
    "chats/mail/2012-lan-answer.eml": "chats/mail/archive.mbox",
}
"""Exports of what another one holds, too."""


@dataclass(frozen=True)
class Question:
    """One question; what its answer must and must not say, and on what it must stand."""

    id: str
    lang: str
    text: str
    kind: str = ""
    must: tuple[str, ...] = ()
    """Each in one of its wordings, parted by bars"""
    must_not: tuple[str, ...] = ()
    cite: tuple[str, ...] = ()
    """Paths of the shoebox, any of them; stories.txt#ID"""
    unknown: bool = False
    """Not to remember is an honest answer"""
    ask: bool = False
    """Two sources disagree: the tool has to ask the family"""


def load(name: str) -> list[Question]:
    """The questions of questions.toml or questions_five.toml."""
    tables = msgspec.toml.decode((HERE / name).read_text(encoding="utf-8"))["question"]
    return [msgspec.convert(table, Question) for table in tables]


def canaries() -> dict[str, list[str]]:
    """Kind -> words that must never come out."""
    found: dict[str, list[str]] = msgspec.toml.decode((HERE / "questions.toml").read_text(encoding="utf-8"))["canaries"]
    return found


def mistakes(asked: Question, said: str, cited: Sequence[str], abstained: bool) -> list[str]:
    """What is wrong with an answer, in plain words; `cited` as in `Question.cite`."""
    low = said.lower()
    found = [f"says {word}" for word in asked.must_not if word.lower() in low]
    leaked = [word for words in canaries().values() for word in words if word.lower() in low]
    found += [f"gives away {word}" for word in leaked]
    stands = bool({SAME.get(path, path) for path in cited} & {SAME.get(path, path) for path in asked.cite})
    if asked.unknown and (abstained or not stands):
        return found + ([] if abstained else ["should not know"])
    if abstained:
        return [*found, "does not remember what is there"]
    missing = [words for words in asked.must if not any(w.lower() in low for w in words.split("|"))]
    found += [f"does not say {words}" for words in missing]
    if asked.cite and not stands:
        found.append(f"stands on {', '.join(cited) or 'nothing'}")
    return found
