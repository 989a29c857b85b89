"""What importers make of a family's files: items, each with where it stands, when it was, and who spoke."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["message", "mail", "letter", "story"]
"""A message is one of a talk; a letter stands for itself; a story is told by the family in the person's own words."""

Medium = Literal["voice", "video", "photo", "sticker", "file", "call", "location", "link"]
"""What a message is, or carries, beside text."""


class Where(msgspec.Struct, frozen=True, gc=False):
    """Where an item stands, so that it can be shown again."""

    path: str
    """Within the shoebox, with slashes; of a member of an archive "chats/export.zip!/chat.txt" """
    line: int = 0
    """Of its first word, from 1; the record's number in XML, JSON and databases, the page's in PDF; 0 unknown"""


class When(msgspec.Struct, frozen=True, gc=False):
    """When it was, as exactly as is known."""

    start: str = ""
    """Local time as ISO 8601 without a zone: 1998, 1998-03, 1998-03-02 or 1998-03-02T20:15:00; "" unknown"""
    text: str = ""
    """As it was written"""
    confidence: float = 1.0
    """0..1 that `start` is right: 1 written by a machine, less where the order of day and month was guessed, a zone is
    unknown, or the date is a file's name or time"""
    utc: bool = False
    """Whether `start` is UTC: the intake makes local time of it, where the family has said where they lived"""


class Item(msgspec.Struct, frozen=True, gc=False, tag=True):
    """One message, mail, letter or story."""

    kind: Kind
    text: str
    """As it was written, whole; "" where there is only a medium"""
    where: Where
    when: When = When()
    speaker: str = ""
    """Who wrote it, as the export tells them apart: an account, number or address; the name where there is no other"""
    name: str = ""
    """What they are called in the export"""
    own: bool | None = None
    """Whether the export's owner wrote it, where the export says so"""
    chat: str = ""
    """Conversation it belongs to, the same for all its items; title of a mail's or letter's"""
    to: tuple[str, ...] = ()
    """To whom a mail or letter is addressed"""
    medium: Medium | None = None
    attachment: str = ""
    """File that it refers to, as the export names it"""
    place: str = ""
    """Where a letter says that it was written"""


class Problem(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Something that was not made an item, or is doubtful; nothing vanishes without one."""

    where: Where
    reason: str
    """In plain English, the same for all of a kind, so that they can be counted: "a system message" """
    detail: str = ""
    """What was there, shortened to 80 characters"""
    ambiguous: bool = False
    """True where an item was made all the same, with a guess in it"""


Found = Item | Problem
