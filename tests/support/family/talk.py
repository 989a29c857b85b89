"""Talks as they were, before a program exported them; every writer makes its own format of the same talk."""

from __future__ import annotations

import datetime
import random
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec

SOURCES = Path(__file__).parent / "sources"
_BRACKET = re.compile(r"^\[(\w+)(?: (.*))?\]$", re.S)


@dataclass(frozen=True)
class Account:
    """How the exports name somebody."""

    key: str
    name: str
    latin: str
    wxid: str
    qq: str
    phone: str
    mail: str


@dataclass(frozen=True)
class Message:
    """One line of a talk; `who` is "" where the program itself speaks."""

    time: datetime.datetime
    who: str
    text: str
    kind: str = "text"
    """text, voice, photo, sticker, link, packet, call, location, system, recall, tapback"""

    @property
    def seconds(self) -> int:
        """Unix time, for a family that keeps Chinese time everywhere (UTC+8)."""
        return int((self.time - datetime.datetime(1970, 1, 1, 8)).total_seconds())


@dataclass(frozen=True)
class Told:
    """What an honest reader must find in a file: records that are somebody's words or media, records that may be either
    a message or left out with a reason, and records that must be left out with a reason."""

    items: int = 0
    either: int = 0
    skipped: int = 0
    note: str = ""

    def __add__(self, other: Told) -> Told:
        return Told(self.items + other.items, self.either + other.either, self.skipped + other.skipped, self.note)


def told(messages: list[Message], note: str = "") -> Told:
    """A talk's account."""
    kinds = [m.kind for m in messages]
    skipped = sum(kind in ("system", "recall") for kind in kinds)
    either = sum(kind in ("packet", "tapback", "sticker", "call") for kind in kinds)
    return Told(len(messages) - skipped - either, either, skipped, note)


@cache
def accounts() -> dict[str, Account]:
    """Everybody who writes, by the key that the talks use."""
    tables = msgspec.toml.decode((SOURCES / "people.toml").read_text(encoding="utf-8"))
    return {key: Account(key, **table) for key, table in tables.items()}


def load(name: str) -> list[Message]:
    """The talk `sources/talks/NAME.txt`, in order of time."""
    found = []
    for line in (SOURCES / "talks" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            time, who, text = line.split(" | ", 2)
            found.append(_message(time, who, filled(text.replace("⏎", "\n"))))
    return sorted(found, key=lambda message: message.time)


def _message(time: str, who: str, text: str) -> Message:
    day = datetime.datetime.strptime(time, "%Y-%m-%d %H:%M:%S")
    bracket = _BRACKET.match(text)
    if not bracket:
        return Message(day, who, text)
    kind, rest = bracket.group(1), bracket.group(2) or ""
    return Message(day, "" if who == "-" and kind == "system" else rest if kind == "recall" else who, rest, kind)


def filled(text: str) -> str:
    """`text` with the numbers that are made for tests."""
    return text.replace("{ID_QIN}", identity_number("999999", "19620305", "002"))


def identity_number(region: str, day: str, order: str) -> str:
    """A Chinese identity number with its right check character (GB 11643-1999) and a region that does not exist."""
    digits = region + day + order
    weights = [pow(2, 17 - k, 11) for k in range(17)]
    total = sum(int(d) * w for d, w in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


_ASKED = (
    "吃了没有？",
    "今天冷不冷？",
    "外婆，在做什么？",
    "睡得好吗？",
    "要不要我带点什么？",
    "天气真好。",
    "膝盖还痛吗？",
)
_SAID = (
    "吃了，吃的{food}。",
    "格么你自己当心，{weather}。",
    "我在{doing}，慢慢来。",
    "蛮好，你莫挂记。",
    "{food}木佬佬多，你回来吃。",
    "晓得了，你去做事体。",
    "{weather}，衣裳收进来了。",
    "困了一歇，醒过来还在{doing}。",
)
_WORDS = {
    "food": ("青菜年糕", "笋干汤", "荠菜馄饨", "咸鸭蛋", "毛豆", "米粥", "豆腐干"),
    "weather": ("外头落雨了", "风大", "太阳蛮好", "桂花香煞", "雾还没有散"),
    "doing": ("补袜子", "听戏", "晒被子", "理线头", "剥毛豆", "看窗外头"),
}


def lengthened(messages: list[Message], count: int, other: str, seed: int) -> list[Message]:
    """The talk with `count` lines of small talk between its own days; nothing in them is a fact about her life."""
    rng = random.Random(seed)
    first, last = messages[0].time, messages[-1].time
    span = (last - first).total_seconds()
    moments = sorted(first + datetime.timedelta(seconds=int(rng.random() * span)) for _ in range(count))
    small = []
    for turn, moment in enumerate(moments):
        said = rng.choice(_SAID).format(**{key: rng.choice(words) for key, words in _WORDS.items()})
        small.append(Message(moment, "lan" if turn % 2 else other, said if turn % 2 else rng.choice(_ASKED)))
    return sorted([*messages, *small], key=lambda message: message.time)


def second_half(messages: list[Message]) -> list[Message]:
    """The later half, as a backup made later begins with what was still there."""
    return [replace(message) for message in messages[len(messages) // 2 :]]
