"""One thing that the person wrote or said, as style is learned from it. Never anybody else's words."""

from __future__ import annotations

import msgspec


class Utterance(msgspec.Struct, frozen=True, gc=False):
    """A message, a letter's sentence, a stretch of talk, or a story."""

    text: str
    """As it was written, emoji and all"""
    language: str
    kind: str
    """As `Memory.kind`"""
    day: str = ""
    """When it was written or said"""
    to: str = ""
    """The relative it was for; "" unknown"""
    opens: bool = False
    """The person's first words of a talk or letter"""
    closes: bool = False
    """Their last"""
    laughed: bool = False
    """Somebody laughed about it"""
    vocative: str = ""
    """How a letter addresses its reader"""
