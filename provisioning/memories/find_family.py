"""Drafts of who is who, where the family itself has said so: a name and a kinship, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provisioning.memories.draft import Draft
from provisioning.memories.kinship import kin_word
from provisioning.memories.memory import Cited
from provisioning.memories.review import FILE, People

_SAID = {"en": "My {kin} is called {name}.", "zh": "我{kin}叫{name}。"}
_ASKED = {"en": "What is your {kin} called? Who is {name}?", "zh": "你{kin}叫什么名字？{name}是谁？"}


def from_people(people: People, languages: Sequence[str]) -> Iterator[Draft]:
    """One for each relative of review/people.toml and language. In English a Chinese name is written as somebody writes
    it in Latin letters, where anybody does."""
    for name, kinship in sorted(people.kinship.items()):
        if not kinship.strip():
            continue
        for code in languages:
            told = _spelled(name, people) if code == "en" else name
            kin = kin_word(kinship, code)
            text = _SAID[code].format(kin=kin, name=told)
            asked = _ASKED[code].format(kin=kin, name=told)
            yield Draft(text, Cited(FILE), "family", own=False, language=code, question=asked, people=(name,))


def _spelled(name: str, people: People) -> str:
    if name.isascii():
        return name
    also = sorted(alias for alias, of in people.merge.items() if of == name and alias.isascii())
    return max(also, key=len) if also else name
