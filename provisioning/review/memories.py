"""`review/memories.toml`: what the family changed in single memories, by the memory's id.

[m-3f2a]
text = "We took the ferry, not the bridge."     # instead of what the material says
when = "1956-05"
people = ["Lan", "Ting"]
place = "Hangzhou"
hidden = true                                   # is never remembered
    [m-3f2a.texts]                                  # of a memory that is told in several languages
    zh = "我们坐的是渡船。"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from device.errors import BadInput
from provisioning.memories.memory import Memory
from provisioning.review import files

FILE = f"{files.FOLDER}/memories.toml"
WHEN = re.compile(r"(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?")
MAX_TEXT = 20_000
HEADER = "What the family changed, by the memory's id. Taking an entry away brings the material's own words back."


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one memory; None is: as the material says."""

    text: str | None = None
    texts: dict[str, str] = {}
    """Of a memory that is told in several languages: language -> text; goes before `text`"""
    when: str | None = None
    people: tuple[str, ...] | None = None
    place: str | None = None
    hidden: bool = False

    @property
    def empty(self) -> bool:
        return self == Correction()

    def told(self, language: str) -> str | None:
        """The text in a language; None is: as the material says."""
        return self.texts.get(language, self.text)


def all_of(shoebox: Path) -> dict[str, Correction]:
    """Memory id -> correction. Raises BadInput for a file that says something else."""
    try:
        return msgspec.convert(files.values(shoebox / FILE), dict[str, Correction])
    except msgspec.ValidationError as error:
        raise BadInput(FILE, expected="corrections by memory id", got=str(error)) from None


def shown(shoebox: Path, id: str) -> str:
    """Digest of a memory's entry, for a page that shows it."""
    return files.digest(files.entry(shoebox / FILE, (id,)))


def correct(shoebox: Path, id: str, correction: Correction, seen: str) -> None:
    """Keeps it. Raises BadInput for a correction that says nothing sensible, Stale where somebody was quicker."""
    for text in (*([] if correction.text is None else [correction.text]), *correction.texts.values()):
        if not 0 < len(text.strip()) <= MAX_TEXT:
            raise BadInput("text", expected=f"1 to {MAX_TEXT} characters", got=f"{len(text)}", hint="hide it?")
    if correction.when is not None and not WHEN.fullmatch(correction.when):
        raise BadInput("date", expected="1956, 1956-05 or 1956-05-20", got=correction.when[:40])
    told: dict[str, Any] = msgspec.to_builtins(correction)
    told = {key: list(v) if isinstance(v, tuple) else v for key, v in told.items() if v not in (None, False, {})}
    with files.locked(shoebox):
        files.set_entry(shoebox / FILE, (id,), told or None, seen, HEADER)


def corrected(memories: Iterable[Memory], corrections: Mapping[str, Correction]) -> Iterator[Memory]:
    """The memories as the family wants them; those that are hidden are left out."""
    for memory in memories:
        correction = corrections.get(memory.id)
        if correction is None:
            yield memory
        elif not correction.hidden:
            said = {"text": correction.told(memory.language)}
            said |= {name: getattr(correction, name) for name in ("when", "people", "place")}
            yield replace(memory, **{name: value for name, value in said.items() if value is not None})


def change(memory: Memory, form: Form, before: Correction, languages: int = 1) -> Correction:
    """What must be kept so that the material's `memory` becomes what a form says. `before`: what is kept so far;
    `languages`: in how many it is told, for then a text counts in its own alone."""
    same = form.text.strip() == memory.text.strip()
    texts = {language: text for language, text in before.texts.items() if language != memory.language}
    if languages > 1 and not same:
        texts[memory.language] = form.text.strip()
    return Correction(
        None if same or languages > 1 else form.text.strip(),
        texts,
        None if form.when == memory.when else form.when,
        None if form.people == memory.people else form.people,
        None if form.place == memory.place else form.place,
        form.hidden,
    )


class Form(msgspec.Struct, frozen=True):
    """A memory as a form says it is."""

    text: str
    when: str = ""
    people: tuple[str, ...] = ()
    place: str = ""
    hidden: bool = False
