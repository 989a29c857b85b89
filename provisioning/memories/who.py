"""Which items are the person's own words. Where nobody said who of a chat they are, nothing is taken for theirs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from device.persona.unpacked import PersonaFile
from provisioning.importers.item import Item
from provisioning.memories.kin_path import Sex, sex_at
from provisioning.memories.kinship import turned, ways
from provisioning.memories.review import People
from provisioning.memories.same_name import spelled

GROWN = 18
"""Age from which on a letter signed Father is the person's, not to them."""


@dataclass(frozen=True, slots=True)
class Who:
    """The person, as the exports tell speakers apart."""

    names: frozenset[str]
    """What they are called everywhere, with their accounts"""
    chats: Mapping[str, frozenset[str]]
    """Path or conversation -> speakers who are the person; "*" all"""
    sex: Sex = ""
    born: int | None = None

    def wrote(self, item: Item) -> bool:
        """Whether the person wrote it. A letter or story without a name is theirs: it lies in their shoebox."""
        said = {item.speaker, item.name} - {""}
        if said & self.names or said & self._told(item) or any(map(self._spelled, said)):
            return True
        if item.kind in ("letter", "story"):
            return not said or any(self._elder(name, item.when.start) or self._signed(name) for name in said)
        return False

    def _signed(self, signature: str) -> bool:
        """Whether a letter is signed by their given name, alone or behind what the reader calls them: 姐姐玉兰."""
        given = [own for own in self.names if len(own) > 1 and not own.isascii() and signature.endswith(own)]
        return any(not (before := signature.removesuffix(own).strip()) or bool(ways(before)) for own in given)

    def _spelled(self, name: str) -> bool:
        """Whether it is their name in Latin letters."""
        if not name.isascii() or " " not in name:
            return False
        return any(spelled(name, own) for own in self.names if not own.isascii())

    def _told(self, item: Item) -> frozenset[str]:
        places = (item.where.path, item.chat, "*")
        return next((self.chats[place] for place in places if place and place in self.chats), frozenset())

    def _elder(self, signature: str, date: str) -> bool:
        """Whether a letter signed Father or 外公 is theirs: of their sex, and they were grown up."""
        found = ways(signature.lower().removeprefix("your "))
        below = all(step[0] in "sdc" for way in turned(found) for step in way)
        same = {sex_at(way) for way in found} <= {self.sex, ""} or not self.sex
        grown = self.born is None or not date[:4].isdecimal() or int(date[:4]) >= self.born + GROWN
        return bool(found) and below and same and grown


def who(persona: PersonaFile, people: People, speakers: Mapping[str, Iterable[str]], sex: Sex) -> Who:
    """From persona.toml, review/people.toml, and the speakers that were guessed or confirmed for each chat."""
    chats: dict[str, frozenset[str]] = {path: frozenset(names) for path, names in speakers.items()}
    for path, table in persona.chats.items():
        told = {table[key] for key in ("speaker", "person") if table.get(key)}
        chats[path] = frozenset(told)
    chats |= {path: frozenset({name} - {""}) for path, name in people.speakers.items()}
    names = {persona.person.name, *persona.person.called, given_name(persona.person.name)}
    names |= {alias for alias, name in people.merge.items() if name in names}
    return Who(frozenset(names - {""}), chats, sex, born_in(persona))


def given_name(name: str) -> str:
    """玉兰 of 李玉兰: what follows a family name of one character, or two of four; "" of other names."""
    chinese = len(name) in (3, 4) and all("\u3400" <= c <= "\u9fff" for c in name)
    return name[-2:] if chinese else ""


def born_in(persona: PersonaFile) -> int | None:
    """The person's year of birth."""
    born = persona.person.born
    return born.year if isinstance(born, datetime.date) else born
