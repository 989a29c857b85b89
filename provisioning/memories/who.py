"""Which items are the person's own words. Where nobody said who of a chat they are, nothing is taken for theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from device.persona.unpacked import PersonaFile
from provisioning.importers.item import Item
from provisioning.memories.review import People

OWNER = "owner"
"""In persona.toml's [chats]: the person is whose export it is."""


@dataclass(frozen=True, slots=True)
class Who:
    """The person, as the exports tell speakers apart."""

    names: frozenset[str]
    """What they are called everywhere, with the accounts of review/people.toml"""
    chats: Mapping[str, frozenset[str]]
    """Path or conversation -> speakers who are the person; "*" all"""

    def wrote(self, item: Item) -> bool:
        """Whether the person wrote it. A letter or story without a name is theirs: it lies in their shoebox."""
        if {item.speaker, item.name} & self.names - {""}:
            return True
        if item.kind in ("letter", "story"):
            return not item.speaker and not item.name
        told = self.chats.get(item.where.path) or self.chats.get(item.chat) or self.chats.get("*") or frozenset()
        return bool({item.speaker, item.name} & told - {""}) or (OWNER in told and item.own is True)

    def by(self, name: str) -> bool:
        """Whether a name is the person's."""
        return name in self.names


def who(persona: PersonaFile, people: People, speakers: Mapping[str, Iterable[str]]) -> Who:
    """From persona.toml, review/people.toml, and the speakers that were guessed and confirmed for each chat."""
    chats: dict[str, frozenset[str]] = {path: frozenset(names) for path, names in speakers.items()}
    for path, table in persona.chats.items():
        chats[path] = chats.get(path, frozenset()) | frozenset(v for k, v in table.items() if k == "person")
    return Who(frozenset({persona.person.name, *persona.person.called, *people.person} - {""}), chats)
