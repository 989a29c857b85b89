"""The recipe's stage for photographs: each looked at, the likeness's chosen, the moving face and the album made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from device.errors import BadInput, ImagoError
from device.persona.unpacked import PersonaFile
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.intake.walk import Brought
from provisioning.photos import sidecars
from provisioning.photos.choice import Choice
from provisioning.photos.review import FILE as REVIEW
from provisioning.photos.seen import Seen
from provisioning.photos.tasks import (
    CHOICE,
    CHOOSE_VERSION,
    PORTRAIT,
    PORTRAIT_VERSION,
    SEE_VERSION,
    SEEN,
    decoded,
    decoded_choice,
)
from provisioning.recipe.material import Material
from provisioning.recipe.spec import Spec

GIVEN = ("photos/portrait.png", "photos/portrait.jpg", "photos/portrait.jpeg")
MORE = "photos/portrait_"
"""Beginning of the names of further photographs of the same person: by them the family says so."""
LETTERS = "letters"
"""Pictures in this folder are of written pages."""
MOST_OTHERS = 5
BAKE_S, FILM_S, SEE_S, CHOOSE_S = 8.0, 60.0, 0.7, 1.0
"""s on one core, for the estimate."""


class Looked(msgspec.Struct, frozen=True):
    """All photographs, as they were seen."""

    seen: dict[str, Seen]
    """By path within the shoebox"""
    folders: dict[str, Input]
    files: dict[str, Brought]


def photographs(material: Material) -> tuple[Brought, ...]:
    """Those that are not pages of letters."""
    return tuple(file for file in material.pictures if file.folder != LETTERS)


def without_sidecars(material: Material) -> Material:
    """The material with the files that speak of a photograph apart from its texts."""
    texts = {file.told: file for file in material.texts}
    names = [*texts, *(file.told for file in material.pictures)]
    matched = {
        picture: tuple(texts[side] for side in sides if side in texts)
        for picture, sides in sidecars.match(names).items()
    }
    taken = {side.told for sides in matched.values() for side in sides}
    left = tuple(file for told, file in texts.items() if told not in taken)
    return msgspec.structs.replace(material, texts=left, sidecars=matched)


def see_tasks(files: Iterable[Brought], sides: Mapping[str, tuple[Brought, ...]]) -> list[Task]:
    """A task for each photograph."""
    return [_see(file, sides.get(file.told, ())) for file in files]


def look(files: Sequence[Brought], sides: Mapping[str, tuple[Brought, ...]], bench: Workbench) -> Looked:
    """Waits for all of them; one that a task could not bear is seen as of no use."""
    outcomes = bench.outcomes(see_tasks(files, sides))
    seen, folders = {}, {}
    for file, outcome in zip(files, outcomes, strict=True):
        if isinstance(outcome, ImagoError):
            seen[file.told] = Seen(file.told, file.given.digest, 0, 0, problem=outcome.got)
        else:
            seen[file.told] = decoded(outcome.path / SEEN)
            folders[file.told] = outcome
    return Looked(seen, folders, {file.told: file for file in files})


def choose(spec: Spec, persona: PersonaFile, looked: Looked, bench: Workbench) -> tuple[Choice, Input]:
    """Which photographs the likeness is made of, and the folder that tells it. Raises BadInput for a review that does
    not fit."""
    inputs = dict(looked.folders)
    if REVIEW in spec.ours:
        inputs["review"] = spec.ours[REVIEW]
    options = {"names": [persona.person.name, *persona.person.called]}
    run = "provisioning.photos.tasks:choose"
    seconds = CHOOSE_S + 0.01 * len(inputs)
    folder = bench.outcome(Task("the best photographs", run, CHOOSE_VERSION, inputs, options, seconds))
    return decoded_choice(folder.path / CHOICE), folder


def given_likeness(spec: Spec, material: Material) -> Task | None:
    """The task that makes the face of photos/portrait.*, which the family has chosen itself; None where there is none.
    Raises BadInput where it is no picture."""
    files = {file.told: file for file in material.pictures}
    for told in (*(file.told for file in material.texts), *(account.path for account in material.accounts)):
        if told in GIVEN:
            raise BadInput(told, expected="a photograph", got="something else, or nothing")
    portrait = next((files[name] for name in GIVEN if name in files), None)
    if portrait is None:
        return None
    others = [file.given for told, file in sorted(files.items()) if told.startswith(MORE)]
    return _likeness(spec, material, portrait.given, others, spec.face)


def chosen_likeness(spec: Spec, material: Material, looked: Looked, choice: Choice, bench: Workbench) -> Task | None:
    """The same of what was chosen; None where nothing will do, or the family has to be asked first."""
    best = choice.portrait
    if best is None or choice.ask:
        return None
    cut = bench.outcomes([_portrait(looked, one.photo, one.face) for one in (best, *choice.others[:MOST_OTHERS])])
    if isinstance(cut[0], ImagoError):
        raise cut[0]
    whole = [Input(folder.path / PORTRAIT, folder.digest) for folder in cut if isinstance(folder, Input)]
    return _likeness(spec, material, whole[0], whole[1:], "")


def _see(file: Brought, sides: Sequence[Brought]) -> Task:
    inputs = {"photo": file.given, **{f"side{n}": side.given for n, side in enumerate(sides)}}
    options = {"told": file.told, "sides": [side.told for side in sides]}
    return Task(file.told, "provisioning.photos.tasks:see", SEE_VERSION, inputs, options, SEE_S)


def _portrait(looked: Looked, told: str, face: int) -> Task:
    inputs = {"photo": looked.files[told].given, "seen": looked.folders[told]}
    return Task(f"the face in {told}", "provisioning.photos.tasks:portrait", PORTRAIT_VERSION, inputs, {"face": face})


def _likeness(spec: Spec, material: Material, portrait: Input, others: Sequence[Input], face: str) -> Task:
    films = [file.given for file in material.films if file.folder == "video"]
    inputs = {
        "portrait": portrait,
        **{f"other {n}": given for n, given in enumerate(others)},
        **{f"film {n}": given for n, given in enumerate(spec.films.values())},
        **{f"more {n}": given for n, given in enumerate(films)},
        **{f"network/{name}": given for name, given in spec.network.items()},
    }
    seconds = BAKE_S + FILM_S * (len(films) + len(spec.films)) + 600.0 * bool(spec.network)
    run = "provisioning.recipe.parts:bake_likeness"
    return Task("the moving face", run, 1, inputs, {"face": face}, seconds)
