"""What was found, as the quality report tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from device.persona import voice_file
from device.persona.unpacked import PersonaFile
from device.persona.voice_file import Interjection, Original
from provisioning.building.task import Input
from provisioning.intake.speakers import Guess
from provisioning.intake.walk import Brought
from provisioning.memories.tasks import read_remembered
from provisioning.photos.choice import Choice
from provisioning.photos.people import Everybody
from provisioning.photos.tasks import CHOICE, PEOPLE, STRIP, decoded_choice
from provisioning.recipe.survey import Survey
from provisioning.report import assemble
from provisioning.report.account import Account, FileAccount
from provisioning.report.content import Report, Voice, Words
from provisioning.style.figures import Manner
from provisioning.style.tasks import MANNER
from provisioning.voice_kit.compare import Compared
from provisioning.voice_kit.heard import Passage
from provisioning.voice_kit.measure import Measures
from provisioning.voice_kit.originals import good, understood

T = TypeVar("T")


def account(surveyed: Survey) -> Account:
    """What became of every file, in the order of their names."""
    material = surveyed.material
    read = [
        msgspec.structs.replace(one.account, size=one.file.size, sha256=one.file.given.digest) for one in material.read
    ]
    found = [*material.accounts, *read, *_recordings(surveyed), *_photographs(surveyed), *_pages(surveyed)]
    for picture, sides in material.sidecars.items():
        kind = f"side-car of {picture.rpartition('/')[2]}"
        found += [FileAccount(side.told, kind, 1, size=side.size, sha256=side.given.digest) for side in sides]
    return Account(tuple(sorted(found, key=lambda file: file.path)))


def _recordings(surveyed: Survey) -> Iterator[FileAccount]:
    for file in (*surveyed.material.sounds, *surveyed.material.films):
        one = surveyed.heard.recordings[file.told]
        yield _file(file, "recording", len(one.passages), one.problem, one.date)


def _photographs(surveyed: Survey) -> Iterator[FileAccount]:
    for path, seen in surveyed.looked.seen.items():
        made = _file(surveyed.looked.files[path], "photograph", int(not seen.problem), seen.problem, seen.date)
        yield msgspec.structs.replace(made, ambiguous=dict.fromkeys(seen.nature.doubts, 1))


def _pages(surveyed: Survey) -> Iterator[FileAccount]:
    pages = {page.path: page for page in surveyed.pages.pages}
    for file in surveyed.material.pictures:
        if file.told in pages and file.told not in surveyed.looked.seen:
            waiting = file.told in surveyed.pages.waiting
            made = _file(file, "scanned letter", int(not waiting), pages[file.told].problem, "")
            skipped = {"a page that nobody has looked over yet": 1} if waiting else {}
            yield msgspec.structs.replace(made, skipped=skipped)


def _file(file: Brought, kind: str, parsed: int, problem: str, date: str) -> FileAccount:
    given = file.given.digest
    return FileAccount(file.told, kind, parsed, problem=problem, size=file.size, sha256=given, first=date, last=date)


def manners(surveyed: Survey) -> tuple[Manner, ...]:
    """How they speak, by language."""
    return msgspec.json.decode((surveyed.manner.path / MANNER).read_bytes(), type=tuple[Manner, ...])


def unsure(guesses: tuple[Guess, ...]) -> list[Guess]:
    """Conversations of which the family has to say who is the person."""
    return [guess for guess in guesses if not guess.counts and guess.kind == "message"]


def report(surveyed: Survey, choice: Choice, kit: Input | None) -> Report:
    """Everything, as the family reads it."""
    persona, looked = surveyed.persona, surveyed.looked
    best = choice.portrait
    remarks = tuple(Words(remark.en, remark.zh) for remark in choice.remarks)
    films = sum(file.folder == "video" for file in surveyed.material.films)
    likeness = assemble.likeness(choice, looked.seen, films, (STRIP,) if choice.candidates else (), remarks)
    waiting = len(surveyed.pages.waiting)
    return Report(
        assemble.about(persona, best.photo if best is not None and not choice.ask else ""),
        account(surveyed),
        read_remembered(surveyed.remembered.path),
        manners(surveyed),
        voice(surveyed, kit),
        likeness,
        tuple(seen for _, seen in sorted(looked.seen.items())),
        assemble.agreement(persona),
        waiting,
        len(surveyed.pages.pages) - waiting,
        len(unsure(surveyed.guesses)),
    )


def voice(surveyed: Survey, kit: Input | None) -> Voice | None:
    """What there is of their voice; None where nothing was recorded."""
    heard = surveyed.heard
    if not heard.recordings:
        return None
    if kit is None:
        return Voice(0.0, kept_out={"nobody has said whose voice it is": len(heard.recordings)})
    folder = kit.path / "voice"
    return assemble.voice(
        voice_file.read(folder / voice_file.FILE),
        _read(folder / voice_file.ORIGINALS, list[Original]),
        _read(folder / voice_file.INTERJECTIONS, list[Interjection]),
        _read(kit.path / "measures.json", Measures),
        compared(kit),
        _kept_out(surveyed),
    )


def compared(kit: Input) -> list[Compared]:
    """Sentences by the person and by each voice."""
    return _read(kit.path / "ab" / "ab.json", list[Compared])


def _kept_out(surveyed: Survey) -> dict[str, int]:
    """Passages that no voice is made of, by the reason."""
    reasons: Counter[str] = Counter()
    for told, recording in surveyed.heard.recordings.items():
        theirs = surveyed.heard.voices.get(told, ())
        reasons.update(reason for p in recording.passages if (reason := _reason(p, theirs)))
    return dict(sorted(reasons.items()))


def _reason(passage: Passage, theirs: tuple[int, ...]) -> str:
    if passage.voice not in theirs:
        return "another's voice"
    if not good(passage):
        return "noise, music or distortion"
    return "" if understood(passage.words) or passage.kind != "speech" else "words that were not understood"


def everybody(choice: Path) -> Everybody:
    """Who is who on the photographs."""
    return msgspec.json.decode((choice / PEOPLE).read_bytes(), type=Everybody)


def chosen(folder: Path) -> Choice:
    """What the likeness is made of, and why."""
    return decoded_choice(folder / CHOICE)


def _read(path: Path, kind: type[T]) -> T:
    return msgspec.json.decode(path.read_bytes(), type=kind)


def called(persona: PersonaFile) -> str:
    """What the family calls them."""
    return persona.person.called[0] if persona.person.called else persona.person.name
