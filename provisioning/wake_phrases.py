"""What wakes a persona, from its persona.toml. Pure."""

from __future__ import annotations

from device.errors import BadInput
from device.persona.unpacked import PersonaFile

LONGEST_PHRASE = 40
"""Letters."""


def phrases_of(persona: PersonaFile) -> tuple[str, ...]:
    """[wake] phrases, else what the family calls them. Raises BadInput for one that nobody can say."""
    phrases = tuple(dict.fromkeys(persona.wake.phrases or persona.person.called))
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE or not any(letter.isalpha() for letter in phrase):
            expected = f"words of at most {LONGEST_PHRASE} letters"
            raise BadInput("wake phrase", expected=expected, got=repr(phrase[: LONGEST_PHRASE + 1]))
    return phrases
