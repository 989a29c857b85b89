"""Cuts a text into sentences, English and Chinese. Pure; joined they are the text again, less the spaces between."""

from __future__ import annotations

import re
from collections.abc import Iterable

_END = re.compile(r"(?<=[。！？!?])[”’」』\"']*|(?<=\.)[”’\"']*(?=\s|$)")
ABBREVIATIONS = (
    "mr.",
    "mrs.",
    "ms.",
    "dr.",
    "st.",
    "prof.",
    "no.",
    "vs.",
    "e.g.",
    "i.e.",
    "etc.",
    "a.m.",
    "p.m.",
    "jr.",
    "sr.",
)
_SPACED = re.compile(r"(?:^|\s)(\S+)$")


def split(text: str) -> list[str]:
    """The sentences of a text, stripped, none empty."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        if not _abbreviated(piece) and piece.strip():
            found.append(piece.strip())
            start = match.end()
    if rest := text[start:].strip():
        found.append(rest)
    return found


def _abbreviated(piece: str) -> bool:
    last = _SPACED.search(piece)
    word = last.group(1).lower() if last else ""
    return word in ABBREVIATIONS or bool(re.fullmatch(r"[a-z]\.", word) and word != "i.")


def joined(parts: Iterable[str], language: str) -> str:
    """Sentences as one text; Chinese has no space between them. Empty ones are left out."""
    return ("" if language == "zh" else " ").join(filter(None, parts))
