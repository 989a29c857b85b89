"""What the rooms found, as the pages show it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from provisioning.intake.speakers import GROUNDS, Guess
from provisioning.intake.talks import Talk as Counted
from provisioning.photos.people import Everybody
from provisioning.photos.seen import Seen
from provisioning.report.assemble import TIERS
from provisioning.report.content import Words
from provisioning.studio.workshop import Candidate, FaceGroup, Sighting, Talk, Trial
from provisioning.voice_kit.compare import Compared

MOST_FACES = 60
"""Groups that are asked about, those on most photographs first."""
STOCK = "stock"


def talks(counted: Sequence[Counted], guesses: Sequence[Guess]) -> tuple[Talk, ...]:
    """All chats, each with who is guessed to be the person."""
    told = {(guess.path, guess.chat): guess for guess in guesses}
    files = Counter(talk.path for talk in counted)
    return tuple(
        _talk(talk, told.get((talk.path, talk.chat)), files[talk.path] > 1)
        for talk in counted
        if talk.kind == "message" and talk.speakers
    )


def _talk(talk: Counted, guess: Guess | None, several: bool) -> Talk:
    candidates = [
        Candidate(speaker.id, speaker.name, speaker.count, speaker.examples, *_guessed(speaker.id, guess))
        for speaker in talk.speakers
    ]
    candidates.sort(key=lambda one: -one.guess)
    names = ", ".join(one.name or one.speaker for one in candidates[:4])
    return Talk(talk.path, tuple(candidates), names, key=talk.chat if several and talk.chat else talk.path)


def _guessed(speaker: str, guess: Guess | None) -> tuple[float, Words]:
    if guess is None or not guess.speaker or guess.speaker != speaker:
        return 0.0, Words("")
    return guess.sure, Words(*GROUNDS[guess.ground])


def faces(everybody: Everybody, photographs: Mapping[str, Seen], person: str) -> tuple[FaceGroup, ...]:
    """People in the photographs. `person`: name of the one whose persona it is, to be confirmed where it is a guess."""
    groups = []
    for somebody in everybody.people[:MOST_FACES]:
        seen = [
            Sighting(one.photo, one.face, photographs[one.photo].faces[one.face].box)
            for one in somebody.sightings
            if one.photo in photographs and one.face < len(photographs[one.photo].faces)
        ]
        if seen:
            guess = somebody.name or (person if somebody.id == everybody.person else "")
            groups.append(FaceGroup(somebody.id, tuple(seen), guess))
    return tuple(groups)


def trials(compared: Sequence[Compared]) -> tuple[Trial, ...]:
    """Every two voices that were made of a sentence. Sounds are named ab/FILE."""
    found = []
    for number, one in enumerate(compared):
        made = [name for name in (STOCK, *TIERS) if name in one.files]
        for first, second in combinations(made, 2):
            voices = tuple((TIERS.get(name, STOCK), f"ab/{one.files[name]}") for name in (first, second))
            found.append(Trial(f"{number:02d}-{first}-{second}", one.text, (voices[0], voices[1])))
    return tuple(found)
