"""What is said of one photograph: the family's words for it, when it was, who is on it, and its memory. Pure."""

from __future__ import annotations

import re

from device.mind import lines, quote, sentences
from device.persona.album import Photo, when

_WHO = re.compile(r"\bwho(?:'s| is| are| was| were)?\b|谁|哪些人|几个人", re.IGNORECASE)
_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|date|day)\b|\bhow (?:old|long ago)\b|"
    r"什么时候|哪(?:一)?年|几几年|多久",
    re.IGNORECASE,
)


def about(photo: Photo, memory: str, question: str, language: str) -> str:
    """The answer to a question about a photograph, from what the family wrote and the memory it belongs to; "" where
    they say nothing about it."""
    if _WHEN.search(question):
        return lines.PHOTO_WHEN[language].format(when=when(photo.date, language)) if photo.date else ""
    if _WHO.search(question) and photo.people:
        joint = "、" if language == "zh" else ", "
        return lines.PHOTO_WHO[language].format(who=joint.join(photo.people))
    first, end = quote.choose(memory, question) if memory else (0, 0)
    return sentences.joined((photo.words(language), *sentences.split(memory)[first:end]), language)
