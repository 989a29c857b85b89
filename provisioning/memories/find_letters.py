"""Drafts of stories, letters and mails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from provisioning.importers.item import Item
from provisioning.memories import chaff
from provisioning.memories.draft import Draft
from provisioning.memories.draft import language as language_of
from provisioning.memories.kin_evidence import PRONOUNS
from provisioning.memories.kin_path import Path
from provisioning.memories.kinship import turned, ways
from provisioning.memories.memory import Cited
from provisioning.memories.pieces import Letter, size, take_apart
from provisioning.memories.questions import ASKED
from provisioning.stories import Story

LEAST = {"en": 6, "zh": 10}
"""Words, Chinese characters of a letter's piece; below, it is a wish or a line of business."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter or mail of the person's, taken apart."""

    item: Item
    letter: Letter

    @property
    def to(self) -> str:
        """Whom it greets, or whom its head names."""
        named = self.letter.to or (self.item.to[0] if self.item.to else "")
        return "" if named.lower() in PRONOUNS else named

    @property
    def reader(self) -> tuple[Path, ...]:
        """Ways from the person to who reads it, by the signature: who signs as Grandpa writes to a grandchild."""
        return turned(ways(self.letter.signature.lower()))


def letters(items: Iterable[Item], wrote: Callable[[Item], bool], left_out: Counter[str]) -> list[Written]:
    """Those that the person wrote."""
    found = []
    for item in items:
        if not wrote(item):
            left_out["another's letter"] += 1
        else:
            found.append(Written(item, take_apart(item.text)))
    return found


def from_letter(written: Written, to: tuple[Path, ...], left_out: Counter[str]) -> Iterator[Draft]:
    """The pieces of a letter."""
    item = written.item
    for piece in written.letter.pieces:
        language = language_of(piece.text)
        if size(piece.text) < LEAST[language] or chaff.reason_of(piece.text):
            left_out["too little to be a memory"] += 1
            continue
        line = item.where.line + piece.line if item.where.line else 0
        yield Draft(
            piece.text,
            Cited(item.where.path, line, told=item.when.start, title=written.letter.title or item.chat),
            item.kind,
            language=language,
            to=to,
            sure=item.when.confidence if not item.speaker else 1.0,
        )


def from_story(story: Story, to: tuple[Path, ...]) -> Draft:
    """A story, or a typed answer, whose question it brings along."""
    asked = ASKED.get(story.answers, {}).get(story.language, "")
    return Draft(
        story.text,
        Cited(story.source, story.line),
        "story",
        id=story.id if story.named else "",
        language=story.language,
        question=story.question or asked,
        to=to,
        when=story.when,
        people=story.people,
        place=story.place,
        photo=story.photo,
    )
