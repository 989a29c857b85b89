"""A memory before it is dated, linked and freed of what is others'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from device.persona.unpacked import PersonaFile
from provisioning.importers.item import Item
from provisioning.memories.kin_path import Path
from provisioning.memories.memory import Cited
from provisioning.memories.review import People
from provisioning.photos.review import Reviewed
from provisioning.photos.seen import Seen
from provisioning.review.memories import Correction
from provisioning.stories import Story
from provisioning.voice_kit.heard import Recording

GRANTS = {"letter": "letters", "mail": "letters", "message": "chats", "recording": "voice", "photo": "photographs"}
"""Kind of a memory -> what must have been agreed to; what the family itself tells needs nothing."""

_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Material:
    """Everything that memories are made of."""

    persona: PersonaFile
    items: Sequence[Item] = ()
    stories: Sequence[Story] = ()
    """Also the family's typed answers"""
    recordings: Sequence[Recording] = ()
    seen: Sequence[Seen] = ()
    people: People = field(default_factory=People)
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    pictures: Mapping[str, Reviewed] = field(default_factory=dict)
    speakers: Mapping[str, Iterable[str]] = field(default_factory=dict)
    """Path or conversation -> the person's accounts in it"""
    voices: Mapping[str, Iterable[int]] = field(default_factory=dict)
    """Recording -> numbers of the person's voice in it; of others the voice that speaks most is taken"""
    repeated: int = 0
    """Items that were left out since another file has them too"""


@dataclass(frozen=True)
class Draft:
    """A memory as it was found."""

    text: str
    source: Cited
    kind: str
    id: str = ""
    """Given by the family"""
    own: bool = True
    language: str = ""
    question: str = ""
    to: tuple[Path, ...] = ()
    """Ways from the person to whom it is said"""
    when: str = ""
    """Given by the family"""
    people: tuple[str, ...] = ()
    place: str = ""
    photo: str = ""
    recording: str = ""
    sure: float = 1.0
    """0..1 that the words are right"""


def language(text: str) -> str:
    """ "zh" where at least a third of it is Chinese, else "en"."""
    return "zh" if len(_HAN.findall(text)) * 3 > len(text) else "en"
