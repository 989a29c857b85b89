"""What the pages need of the work behind them: one Protocol, so that they are tried without importers and models."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import msgspec

from provisioning.letters.page import Page
from provisioning.memories.memory import Memory, Question, Relative
from provisioning.photos.seen import Seen
from provisioning.report.account import Account
from provisioning.report.content import Report, Words


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who speaks in a chat."""

    speaker: str
    """As the export tells them apart"""
    name: str = ""
    messages: int = 0
    examples: tuple[str, ...] = ()
    guess: float = 0.0
    """0..1 that it is the person"""
    why: Words = Words("")
    """Of the guess"""


class Talk(msgspec.Struct, frozen=True):
    """A chat of which somebody must say who in it is the person."""

    path: str
    """Within the shoebox"""
    candidates: tuple[Candidate, ...]
    """The likeliest first"""
    title: str = ""
    key: str = ""
    """What it is called in review/people.toml: the conversation, where a file holds several; "" the path"""

    @property
    def known_as(self) -> str:
        """Its key, or the path."""
        return self.key or self.path


class Sighting(msgspec.Struct, frozen=True):
    """A face on a photograph."""

    path: str
    number: int
    """In `Seen.faces`: from the left, from 0"""
    box: tuple[float, float, float, float]
    """left, top, right, bottom in shares of the picture"""


class FaceGroup(msgspec.Struct, frozen=True):
    """Faces that are probably one person's."""

    id: str
    """Stays the same while the photographs do"""
    faces: tuple[Sighting, ...]
    """The clearest first"""
    guess: str = ""
    """Name that the material gives them"""


class Trial(msgspec.Struct, frozen=True):
    """The same words by two voices."""

    id: str
    text: str
    voices: tuple[tuple[str, str], tuple[str, str]]
    """(name of the voice, sound) twice"""


class Workshop(Protocol):
    """A shoebox and what was found in it. Every call gives the newest; what the family corrects in `review/` is the
    pages' to write and the workshop's to heed. Raises ImagoError for what is wrong with the shoebox as a whole."""

    @property
    def shoebox(self) -> Path:
        """Its folder."""
        ...

    def account(self) -> Account:
        """What became of every file."""
        ...

    def talks(self) -> tuple[Talk, ...]:
        """Chats with more than one who could be the person."""
        ...

    def pages(self) -> tuple[Page, ...]:
        """Scanned pages, in the order of their names."""
        ...

    def photographs(self) -> tuple[Seen, ...]:
        """All of use."""
        ...

    def faces(self) -> tuple[FaceGroup, ...]:
        """People in the photographs, those on most of them first."""
        ...

    def memories(self) -> tuple[Memory, ...]:
        """As the material says, before corrections."""
        ...

    def relatives(self) -> tuple[Relative, ...]:
        """Whose names the pages offer."""
        ...

    def questions(self) -> tuple[Question, ...]:
        """Those that would help most first, also those that were answered."""
        ...

    def trials(self) -> tuple[Trial, ...]:
        """Pairs of voices to listen to."""
        ...

    def report(self) -> Report:
        """For the quality report."""
        ...

    def picture(self, path: str) -> Path:
        """A file with a photograph or a scanned page. Raises Missing for one that is not of this shoebox."""
        ...

    def sound(self, path: str) -> Path:
        """A file that browsers play: of a recording of the shoebox or a voice of `trials`. Raises Missing."""
        ...
