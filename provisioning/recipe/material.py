"""The recipe's first stage: archives opened, every text read by its importer, speakers counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from device.errors import ImagoError
from device.persona.unpacked import PersonaFile
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.importers.media import Carrier
from provisioning.importers.registry import importers
from provisioning.intake import tasks
from provisioning.intake.archives import Unpacked
from provisioning.intake.digests import Digests
from provisioning.intake.talks import Talk
from provisioning.intake.tasks import ACCOUNT, INDEX, TALKS, VERSIONS
from provisioning.intake.walk import Brought, take
from provisioning.recipe.spec import Spec
from provisioning.report.account import FileAccount

LEAST_CLAIM = 0.2
"""How sure an importer must be of a file."""
BYTES_A_SECOND = 3e6
"""That are read of a chat, for the estimate."""


class ReadFile(msgspec.Struct, frozen=True):
    """A file that an importer has read."""

    file: Brought
    items: Input
    """Folder with items.bin"""
    account: FileAccount
    talks: tuple[Talk, ...]


class Material(msgspec.Struct, frozen=True):
    """What the family brought, by what can be done with it."""

    read: tuple[ReadFile, ...]
    pictures: tuple[Brought, ...]
    sounds: tuple[Brought, ...]
    films: tuple[Brought, ...]
    texts: tuple[Brought, ...]
    """All that importers looked at, those that nobody knows too"""
    accounts: tuple[FileAccount, ...]
    """Of everything that was not read"""
    sidecars: dict[str, tuple[Brought, ...]] = {}
    """Photograph -> the files that speak of it"""


def opened(spec: Spec, bench: Workbench) -> tuple[list[Brought], list[FileAccount]]:
    """The shoebox's files and those within its archives; what is in two places counts once."""
    files, accounts = [f for f in spec.material if f.content != "archive"], list(spec.accounts)
    archives = [f for f in spec.material if f.content == "archive"]
    outcomes = bench.outcomes([_unpack(file) for file in archives])
    for file, outcome in zip(archives, outcomes, strict=True):
        if isinstance(outcome, ImagoError):
            accounts.append(FileAccount(file.told, problem=outcome.line(), size=file.size, sha256=file.given.digest))
        else:
            accounts.append(FileAccount(file.told, importer="archive", size=file.size, sha256=file.given.digest))
            _take_in(outcome, files, accounts)
    return files, accounts


def _take_in(outcome: Input, files: list[Brought], accounts: list[FileAccount]) -> None:
    """Adds what was within another file; what is there already is told."""
    unpacked = msgspec.json.decode((outcome.path / INDEX).read_bytes(), type=Unpacked)
    within = take(((m.told, outcome.path / m.file) for m in unpacked.members), Digests())
    accounts += [*unpacked.left, *within.accounts]
    known = {file.given.digest: file.told for file in files}
    for member in within.files:
        if member.content == "archive":
            accounts.append(FileAccount(member.told, problem="an archive within an archive", size=member.size))
        elif member.given.digest in known:
            accounts.append(FileAccount(member.told, duplicate_of=known[member.given.digest], size=member.size))
        else:
            files.append(member)


def with_attachments(material: Material, bench: Workbench) -> Material:
    """The material with what its mails and messages carry: pictures, recordings and films."""
    carriers = [one for one in material.read if isinstance(importers()[one.account.importer], Carrier)]
    files = [*material.pictures, *material.sounds, *material.films, *material.texts]
    accounts = list(material.accounts)
    for outcome in bench.outcomes([_take_out(one) for one in carriers]):
        if isinstance(outcome, Input):
            _take_in(outcome, files, accounts)
    again = sort(files, accounts)
    known = {file.told for file in material.texts}
    accounts += [FileAccount(f.told, problem="an attachment that is no picture or sound", size=f.size)
                 for f in again.texts if f.told not in known]  # fmt: skip
    return msgspec.structs.replace(
        material, pictures=again.pictures, sounds=again.sounds, films=again.films, accounts=tuple(accounts)
    )


def sort(files: Sequence[Brought], accounts: Sequence[FileAccount]) -> Material:
    """By content; a text beside a photograph that bears its name is the photograph's."""
    by: dict[str, list[Brought]] = {"picture": [], "sound": [], "film": [], "text": []}
    for file in files:
        by[file.content].append(file)
    return Material((), tuple(by["picture"]), tuple(by["sound"]), tuple(by["film"]), tuple(by["text"]), tuple(accounts))


def read(material: Material, persona: PersonaFile, zone: str, bench: Workbench) -> Material:
    """Every text read by the importer that is surest of it."""
    accounts = list(material.accounts)
    chosen: list[tuple[Brought, Task]] = []
    for file in material.texts:
        name = importer_of(file)
        if name:
            chosen.append((file, _read(file, name, zone)))
        else:
            accounts.append(
                FileAccount(file.told, problem="no importer knows it", size=file.size, sha256=file.given.digest)
            )
    outcomes = bench.outcomes([task for _, task in chosen])
    whole = [(f, given) for (f, _), given in zip(chosen, outcomes, strict=True) if isinstance(given, Input)]
    for (file, _), outcome in zip(chosen, outcomes, strict=True):
        if isinstance(outcome, ImagoError):
            accounts.append(FileAccount(file.told, problem=outcome.line(), size=file.size, sha256=file.given.digest))
    counted = bench.outcomes([_count(file, given, persona) for file, given in whole])
    done = [
        ReadFile(file, given, _account(given.path), _talks(talks))
        for (file, given), talks in zip(whole, counted, strict=True)
    ]
    return msgspec.structs.replace(material, read=tuple(done), accounts=tuple(accounts))


def importer_of(file: Brought) -> str:
    """Name of the importer that is surest of a file; "" where none knows it."""
    try:
        source = tasks.source_of(file.given.path, file.told)
    except OSError:
        return ""
    sure = {name: importer.claims(source) for name, importer in importers().items()}
    best = max(sure, key=lambda name: sure[name], default="")
    return best if best and sure[best] >= LEAST_CLAIM else ""


def _unpack(file: Brought) -> Task:
    version = VERSIONS["unpack_archive"]
    run = "provisioning.intake.tasks:unpack_archive"
    return Task(file.told, run, version, {"file": file.given}, {"told": file.told}, file.size / 50e6)


def _take_out(one: ReadFile) -> Task:
    options = {"told": one.file.told, "importer": one.account.importer}
    run, version = "provisioning.intake.tasks:take_out", VERSIONS["take_out"]
    title = f"what {one.file.told} carries"
    return Task(title, run, version, {"file": one.file.given}, options, 0.1 + one.file.size / 20e6)


def _read(file: Brought, importer: str, zone: str) -> Task:
    version = VERSIONS["read_items"] * 1000 + importers()[importer].version
    options = {"told": file.told, "importer": importer, "zone": zone}
    run = "provisioning.intake.tasks:read_items"
    return Task(file.told, run, version, {"file": file.given}, options, 0.05 + file.size / BYTES_A_SECOND)


def _count(file: Brought, items: Input, persona: PersonaFile) -> Task:
    options = {"told": file.told, "called": list(persona.person.called)}
    run, version = "provisioning.intake.tasks:count_talks", VERSIONS["count_talks"]
    return Task(f"who speaks in {file.told}", run, version, {"items": items}, options, 0.02 + file.size / 10e6)


def _account(folder: Path) -> FileAccount:
    return msgspec.json.decode((folder / ACCOUNT).read_bytes(), type=FileAccount)


def _talks(given: Input | ImagoError) -> tuple[Talk, ...]:
    if isinstance(given, ImagoError):
        return ()
    return msgspec.json.decode((given.path / TALKS).read_bytes(), type=tuple[Talk, ...])
