"""What the family corrects, in the shoebox's folder `review/`: memories by their ids, and who is who."""

from __future__ import annotations

from typing import Literal

import msgspec

from device.errors import BadInput
from device.schema import convert, parse_toml
from provisioning.memories.kinship import ways

MEMORIES, PEOPLE, ANSWERS = "review/memories.toml", "review/people.toml", "review/answers.txt"


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the family says of one memory; what it leaves out stays as it was found."""

    text: str | None = None
    when: str | None = None
    people: tuple[str, ...] | None = None
    place: str | None = None
    hidden: bool = False
    keep: bool = False
    """Keeps what would be left out as private"""


class Somebody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the family or of their friends."""

    kinship: str = ""
    """To the person, in a word of English or Chinese: daughter, 外孙, "wife's sister"; "" no relative"""
    names: tuple[str, ...] = ()
    """What else they are called; these are merged"""
    granted: bool = False
    """May be named although no relative"""


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`review/people.toml`."""

    person: tuple[str, ...] = ()
    """Accounts and names under which the person wrote, in every chat"""
    sex: Literal["male", "female", ""] = ""
    people: dict[str, Somebody] = {}


def parse_corrections(raw: bytes) -> dict[str, Correction]:
    """`review/memories.toml`: a table for each memory. Raises BadInput naming all mistakes."""
    found, problems = {}, []
    for id, table in parse_toml(raw, MEMORIES).items():
        try:
            found[id] = msgspec.convert(table, Correction)
        except msgspec.ValidationError as error:
            problems.append(f"{id}: {error}")
    if problems:
        raise BadInput(MEMORIES, expected="a table of text, when, people, place, hidden", got="; ".join(problems))
    return found


def parse_people(raw: bytes) -> People:
    """`review/people.toml`. Raises BadInput, also for a kinship that is no word of kinship."""
    people = convert(parse_toml(raw, PEOPLE), People, PEOPLE)
    wrong = [f"{name}: {one.kinship}" for name, one in people.people.items() if one.kinship and not ways(one.kinship)]
    if wrong:
        hint = "such as daughter, mother's brother or 外孙女"
        raise BadInput(PEOPLE, expected="words of kinship", got=", ".join(wrong), hint=hint)
    return people
