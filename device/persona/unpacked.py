"""Reads an unpacked persona: a folder with `persona.toml` and the parts that go with it.

`persona.toml` is checked strictly and all its mistakes are named at once. Parts that are not there are reported, with
what the frame does without them: an incomplete persona still speaks as far as it can.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from device.errors import Missing
from device.schema import convert, read_toml

Language = Literal["en", "zh"]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Lines = dict[Language, tuple[Line, ...]]
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]

PARTS = {
    "likeness": "the screen shows captions only",
    "memory": "it remembers nothing and says so",
    "voice": "what it says is only written",
}
"""The parts of a persona, and what the frame does without one."""


GREETING: dict[Language, str] = {"en": "Hello. Here I am.", "zh": "哎，我在呢。"}
FAREWELL: dict[Language, str] = {"en": "Goodbye. Come again soon.", "zh": "好，有空再来。"}
DONT_KNOW: dict[Language, tuple[str, ...]] = {"en": ("I don't remember that.",), "zh": ("这个我不记得了。",)}
"""Ready words of a persona whose family gave none: plain enough to be anybody's."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who they are, and their ready words by language."""

    name: Line
    languages: Annotated[tuple[Language, ...], msgspec.Meta(min_length=1)]
    greeting: dict[Language, Line] = {}
    farewell: dict[Language, Line] = {}
    dont_know: Lines = {}
    called: tuple[Line, ...] = ()
    """What the family calls them"""
    born: datetime.date | int | None = None
    died: datetime.date | int | None = None
    """None for the living"""
    about: str = ""
    zone: str = ""
    """Where the messages were written, as "Asia/Shanghai"; used at building"""
    sayings: Lines = {}
    fillers: Lines = {}
    """Spoken while an answer is on its way; they say nothing"""


class BroughtBy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who brought the material."""

    name: str = ""
    relation: str = ""


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On what ground, and for what; what the frame goes by is made of it (`consent.py`)."""

    basis: Literal["relative", "self"] = "relative"
    by: str = ""
    """Who agrees; left out, who brings the material"""
    relation: str = ""
    """Of who agrees to the person"""
    evidence: tuple[str, ...] = ()
    """Files of the shoebox; only their hashes travel"""
    declaration: str = ""
    """Recording of the living person, reading the sentence aloud"""
    grants: tuple[str, ...] = ()
    wishes: str = ""
    who: Literal["family", "adults", "everyone"] = "family"
    """May speak with the persona"""
    names: tuple[str, ...] = ()
    """Those of the family who are meant"""
    until: datetime.date | None = None
    serial: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 1
    """To be raised when consent is given again after it was withdrawn"""


class Wake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What wakes the frame."""

    phrases: tuple[Line, ...] = ()


class PersonaFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `persona.toml`: a shoebox's, and the `id` that building gave it."""

    id: Id
    person: Person
    brought_by: BroughtBy = BroughtBy()
    consent: Consent = Consent()
    style: dict[Language, str] = {}
    """How they speak, by language, for the language model"""
    wake: Wake = Wake()
    voice: dict[Language, str] = {}
    """Name of the voice's engine by language"""
    readings: dict[Line, Line] = {}
    """How names are pronounced, as {"盐船弄": "yan2 chuan2 long4"}"""
    chats: dict[str, dict[str, str]] = {}
    """Who in each chat export is the person; used at building"""


@dataclass(frozen=True, slots=True)
class Persona:
    """A persona that can be run."""

    folder: Path
    file: PersonaFile
    missing: tuple[str, ...]
    """Names of PARTS that are not there."""

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def languages(self) -> tuple[str, ...]:
        return self.file.person.languages

    @property
    def memory_path(self) -> Path:
        return self.folder / "memory.sqlite"

    @property
    def likeness_path(self) -> Path:
        return self.folder / "likeness"

    def warnings(self) -> tuple[str, ...]:
        """One line for each part that is missing."""
        return tuple(f"persona {self.id} has no {part}: {PARTS[part]}" for part in self.missing)


def load(folder: Path) -> Persona:
    """The persona in `folder`. Raises Missing where there is none, BadInput naming all mistakes of its persona.toml."""
    path = folder / "persona.toml"
    if not path.is_file():
        raise Missing(
            f"persona {folder}",
            expected="a folder with persona.toml",
            got="none there",
            hint="imago personas lists them",
        )
    file = convert(read_toml(path), PersonaFile, str(path))
    file = msgspec.structs.replace(file, person=with_ready_words(file.person))
    there = {
        "likeness": (folder / "likeness" / "rig.npz").is_file(),
        "memory": (folder / "memory.sqlite").is_file(),
        "voice": bool(file.voice) or (folder / "voice").is_dir(),
    }
    return Persona(folder, file, tuple(part for part in PARTS if not there[part]))


def with_ready_words(person: Person) -> Person:
    """The person with something to say in every language where the family left it out."""
    return msgspec.structs.replace(
        person,
        greeting={**GREETING, **person.greeting},
        farewell={**FAREWELL, **person.farewell},
        dont_know={**DONT_KNOW, **{language: lines for language, lines in person.dont_know.items() if lines}},
    )
