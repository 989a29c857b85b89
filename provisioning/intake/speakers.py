"""Which speaker of a conversation is the person: told by the family, or guessed, with a reason, for them to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from device.persona.unpacked import PersonaFile
from provisioning.intake.talks import Speaker, Talk

SURE = 0.75
"""A guess that is at least so sure is used until the family says otherwise; one below only asks."""
TOLD, NAMED, CALLED, OTHER, ALONE = 1.0, 0.95, 0.85, 0.8, 0.8
"""How sure each ground is: the family says so; the name is theirs; the others call them so; the only one who is not
the phone's owner, who is not the person; letters without a name in the shoebox of the person."""
LEAST_CALLS = 2
"""Messages in which the others must call somebody so."""

Ground = Literal["told", "named", "called", "other", "alone", "none"]

GROUNDS: dict[Ground, tuple[str, str]] = {
    "told": ("the family says so", "家人说的"),
    "named": ("the name is theirs", "名字对得上"),
    "called": ("the others call them so", "别人这样叫"),
    "other": ("the only one who is not the phone's owner", "除了手机主人就只有这一位"),
    "alone": ("nobody else wrote in it", "只有这一位写的"),
    "none": ("nobody in it seems to be the person", "里面好像没有本人"),
}
"""In English and Chinese."""


class Guess(msgspec.Struct, frozen=True):
    """Who of a conversation is the person."""

    path: str
    chat: str
    speaker: str
    """ "" nobody"""
    sure: float
    ground: Ground
    kind: str = "message"
    """Of the items in it"""

    @property
    def counts(self) -> bool:
        """Whether what they wrote is taken for the person's."""
        return bool(self.speaker) and self.sure >= SURE


def guesses(persona: PersonaFile, said: Mapping[str, str], talks: Iterable[Talk]) -> tuple[Guess, ...]:
    """For each conversation. `said`: what the family says of files or conversations: the speaker, "" nobody; it goes
    before what persona.toml says."""
    known = {_plain(word) for word in (persona.person.name, *persona.person.called)} - {""}
    told = {path: table["speaker"] for path, table in persona.chats.items() if "speaker" in table} | dict(said)
    return tuple(guess for talk in talks for guess in _guess(persona, told, known, talk))


def by_path(found: Iterable[Guess]) -> dict[str, tuple[str, ...]]:
    """File -> the speakers in it who count as the person."""
    told: dict[str, set[str]] = {}
    for guess in found:
        if guess.counts:
            told.setdefault(guess.path, set()).add(guess.speaker)
    return {path: tuple(sorted(names)) for path, names in sorted(told.items())}


def _guess(persona: PersonaFile, said: Mapping[str, str], known: set[str], talk: Talk) -> tuple[Guess, ...]:
    """One; several where somebody wrote under several accounts, each with the person's own name."""

    def made(speaker: str, sure: float, ground: Ground) -> tuple[Guess, ...]:
        return (Guess(talk.path, talk.chat, speaker, sure, ground, talk.kind),)

    told = _told(said, talk)
    if told is not None:
        return made(told, TOLD, "told")
    named = [s for s in talk.speakers if {_plain(s.id), _plain(s.name)} & known]
    if named and len({_plain(s.name) for s in named}) == 1:
        return tuple(guess for s in named for guess in made(s.id, NAMED, "named"))
    if talk.kind in ("letter", "story"):
        (only, *more) = talk.speakers or (Speaker("", "", 0),)
        return made(only.id, ALONE, "alone") if not more and not only.id else made("", 0.0, "none")
    called = _called(talk, persona.person.called)
    if called is not None:
        return (called,)
    others = [s for s in talk.speakers if s.own is not True]
    if len(others) == 1 and len(talk.speakers) == 2 and _is_bringer(persona, talk):
        return made(others[0].id, SURE - 0.25, "other")
    return made("", 0.0, "none")


def _told(said: Mapping[str, str], talk: Talk) -> str | None:
    """What the family says of the file or conversation: a speaker's account, or their name in it."""
    for key in (talk.path, talk.chat):
        if key in said:
            match = next((s.id for s in talk.speakers if said[key] in (s.id, s.name)), None)
            return match if match is not None else ""
    return None


def _called(talk: Talk, called: tuple[str, ...]) -> Guess | None:
    """Who alone is spoken to by the names that the family has for the person: in a talk of two it is the other one."""
    if len(talk.speakers) != 2:
        return None
    calls = {s.id: sum(s.called.get(word, 0) for word in called) for s in talk.speakers}
    (most, times), (_, fewer) = sorted(calls.items(), key=lambda pair: -pair[1])
    if times < LEAST_CALLS or times < 4 * fewer:
        return None
    return Guess(talk.path, talk.chat, most, CALLED, "called", talk.kind)


def _is_bringer(persona: PersonaFile, talk: Talk) -> bool:
    """Whether the phone is that of who brings the material."""
    return any(s.own is True for s in talk.speakers) or any(
        _plain(s.name) == _plain(persona.brought_by.name) for s in talk.speakers
    )


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
