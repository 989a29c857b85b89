"""Talking with a persona that is not finished yet: the port that the command line fills with the frame's own mind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from provisioning.memories.memory import Memory


class Reply(msgspec.Struct, frozen=True):
    """What it said, and what it rests on."""

    text: str
    route: str
    """fact, greeting, smalltalk, ..."""
    abstained: bool
    evidence: tuple[str, ...] = ()
    """Ids of memories"""
    language: str = ""
    """That it is in, and that its memories are quoted in"""


class Mind(Protocol):
    """Answers as the frame would, by text."""

    def ask(self, question: str) -> Reply:
        """The reply; turns follow each other as in one conversation. Raises ImagoError."""
        ...

    def learn(self, memories: Sequence[Memory]) -> int:
        """From now on these are its memories -> how many texts had to be embedded anew: those that changed."""
        ...
