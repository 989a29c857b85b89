"""What the family's material says, in pieces that can be remembered, shown and corrected one by one."""

from __future__ import annotations

import msgspec


class Cited(msgspec.Struct, frozen=True):
    """Where a memory stands in the material."""

    path: str
    """Within the shoebox"""
    line: int = 0
    start: float = 0.0
    """s, in a recording"""
    end: float = 0.0
    """s; 0 where it is no recording"""
    told: str = ""
    """When it was written or said, as `When.start`: not when what it tells of happened"""
    speaker: str = ""
    """Who wrote or said it; "" the person"""
    title: str = ""
    """Of the letter or mail, without names of third parties"""


class Told(msgspec.Struct, frozen=True):
    """What a memory says, and when that was."""

    id: str
    """Stays the same while its source stays the same: the family's corrections hang on it"""
    language: str
    text: str
    source: Cited
    kind: str
    """story, letter, message, mail, recording, photo"""
    own: bool = True
    """In the person's own words; only these teach style"""
    question: str = ""
    when: str = ""
    """When it happened, as `When.start`, at most a day; "" where only is known when it was told (`source.told`)"""
    when_text: str = ""
    """The words that say when: "last spring" """
    confidence: float = 1.0
    """0..1 that the words and `when` are right"""


class Memory(Told, frozen=True):
    """One memory in one language, in the first person of the one who is remembered."""

    people: tuple[str, ...] = ()
    place: str = ""
    photo: str = ""
    recording: str = ""
    """Path within the shoebox of the original that says it"""
    grant: str = ""
    """letters or chats; "" for what the family itself tells"""
    sensitivity: str = ""
    """health, money, quarrel, address, ...; "" none found"""
    redacted: int = 0
    """Names and numbers of third parties that were taken out"""


class Relative(msgspec.Struct, frozen=True):
    """One of the person's family, as the material speaks of them."""

    name: str
    """What they are called; "" where only the kinship is known"""
    kinship: str
    """To the person, in one word of English: wife, daughter, mothers-father, ..."""
    words: tuple[str, ...]
    """How the person calls or addresses them, as found: 阿听, my girl"""
    parent_of: tuple[str, ...] = ()
    """Names of children among the relatives"""
    evidence: tuple[Cited, ...] = ()
    confidence: float = 1.0


class Question(msgspec.Struct, frozen=True):
    """Something that only the family knows, and that would help most."""

    id: str
    topic: str
    """childhood, work, how-they-met, sayings, food, children, ..."""
    en: str
    zh: str
    why_en: str
    why_zh: str
    weight: float
    """How much an answer would add, 0..1"""


class Finding(msgspec.Struct, frozen=True):
    """Something private in the material, for the family to decide on."""

    kind: str
    """third-party, phone, address, identity-number, bank-card, health, money, quarrel"""
    source: Cited
    excerpt: str
    """With the private part marked by blocks"""
    done: str
    """redacted, left-out, kept"""


class Remembered(msgspec.Struct, frozen=True):
    """All that came of the material."""

    memories: tuple[Memory, ...]
    relatives: tuple[Relative, ...]
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    left_out: dict[str, int]
    """Reason -> number of items that became no memory"""
    topics: dict[str, int]
    """Topic -> number of memories"""
    lost: tuple[str, ...] = ()
    """Ids of the family's corrections whose memory is no longer in the material"""
