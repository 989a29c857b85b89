"""Who speaks in what the family brought: counted, with lines by which the family tells one from another."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from provisioning.importers.item import Found, Item

EXAMPLES = 6
EXAMPLE = (6, 60)
"""Characters of a line that shows who it is."""
CALLS = 400
"""Characters of a message in which a form of address is looked for."""


class Speaker(msgspec.Struct, frozen=True):
    """One who speaks."""

    id: str
    name: str
    count: int
    own: bool | None = None
    examples: tuple[str, ...] = ()
    called: dict[str, int] = {}
    """Form of address -> messages of the others in which it stands"""


class Talk(msgspec.Struct, frozen=True):
    """One conversation, or one person's letters or mails, in one file."""

    path: str
    chat: str
    kind: str
    speakers: tuple[Speaker, ...]
    first: str = ""
    last: str = ""


@dataclass
class _Voice:
    name: str = ""
    own: bool | None = None
    count: int = 0
    lines: list[tuple[int, int, str]] = field(default_factory=list)
    says: dict[str, int] = field(default_factory=dict)

    def hear(self, item: Item, words: tuple[str, ...]) -> None:
        self.name = self.name or item.name
        self.own = item.own if self.own is None else self.own
        self.count += 1
        text = item.text
        if EXAMPLE[0] <= len(text) <= EXAMPLE[1] and "\n" not in text:
            entry = (len(text), -self.count, text)
            keep = heapq.heappush if len(self.lines) < EXAMPLES else heapq.heappushpop
            keep(self.lines, entry)
        for word in words:
            if word in text[:CALLS]:
                self.says[word] = self.says.get(word, 0) + 1


@dataclass
class _Talk:
    kind: str
    voices: dict[str, _Voice] = field(default_factory=dict)
    first: str = ""
    last: str = ""


def count(path: str, found: Iterable[Found], called: tuple[str, ...]) -> tuple[Talk, ...]:
    """All conversations of one file. `called`: what the family calls the person, for who is spoken to so."""
    talks: dict[str, _Talk] = {}
    for item in found:
        if not isinstance(item, Item):
            continue
        talk = talks.setdefault(item.chat if item.kind == "message" else "", _Talk(item.kind))
        talk.voices.setdefault(item.speaker or item.name, _Voice()).hear(item, called)
        start = item.when.start
        if start:
            talk.first = min(talk.first or start, start)
            talk.last = max(talk.last, start)
    return tuple(_told(path, chat, talk) for chat, talk in sorted(talks.items()))


def _told(path: str, chat: str, talk: _Talk) -> Talk:
    speakers = []
    for id, voice in sorted(talk.voices.items(), key=lambda pair: (-pair[1].count, pair[0])):
        others = [other.says for name, other in talk.voices.items() if name != id]
        called: dict[str, int] = {}
        for says in others:
            for word, times in sorted(says.items()):
                called[word] = called.get(word, 0) + times
        lines = tuple(text for _, _, text in sorted(voice.lines, reverse=True))
        speakers.append(Speaker(id, voice.name or id, voice.count, voice.own, lines, called))
    return Talk(path, chat, talk.kind, tuple(speakers), talk.first, talk.last)
