"""All that is found out from a shoebox before anything is made of it: what pages show, and builds rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from device.persona.unpacked import PersonaFile
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.importers.item import Item
from provisioning.importers.stream import read_found
from provisioning.intake.attachments import Carried, carried
from provisioning.intake.overlap import in_order
from provisioning.intake.speakers import Guess, by_path, guesses
from provisioning.intake.tasks import ITEMS
from provisioning.intake.zone import zone_of
from provisioning.memories.review import FILE as PEOPLE
from provisioning.memories.review import People, parse_people
from provisioning.memories.tasks import VERSIONS as REMEMBER_VERSIONS
from provisioning.photos.review import FILE as PHOTOS
from provisioning.recipe import letters, material, pictures, sounds
from provisioning.recipe.letters import Pages
from provisioning.recipe.material import Material, ReadFile
from provisioning.recipe.pictures import Looked
from provisioning.recipe.sounds import Heard
from provisioning.recipe.spec import PERSONA, Spec
from provisioning.review.memories import FILE as CORRECTIONS
from provisioning.style.tasks import VERSIONS as STYLE_VERSIONS

ANSWERS = "review/answers.txt"
REVIEWS = (PEOPLE, CORRECTIONS, PHOTOS)
ITEMS_A_SECOND = 4000.0
"""That become memories, for the estimate."""


class Seen(msgspec.Struct, frozen=True):
    """A shoebox, looked through file by file."""

    persona: PersonaFile
    material: Material
    guesses: tuple[Guess, ...]
    """Who of each conversation is the person"""
    carried: dict[str, Carried]
    """File -> the message that it came with"""
    looked: Looked
    pages: Pages
    heard: Heard


class Survey(Seen, frozen=True):
    """The same, and what all of it says together."""

    remembered: Input
    """Folder of the task `remember`"""
    manner: Input
    """Folder of the task `manner`"""


def brought(spec: Spec, bench: Workbench) -> Material:
    """What is in the shoebox, by content; nothing of it is read yet."""
    files, accounts = material.opened(spec, bench)
    return pictures.without_sidecars(material.sort(files, accounts))


def looks(found: Material, persona: PersonaFile) -> list[Task]:
    """What can be begun at once: every picture, page and recording by itself."""
    seen = pictures.see_tasks(pictures.photographs(found), found.sidecars)
    return [*seen, *letters.page_tasks(found.pictures), *sounds.hear_tasks(sounds.files(found), persona)]


def survey(spec: Spec, persona: PersonaFile, found: Material, bench: Workbench) -> Survey:
    """Everything, with every outcome waited for. Raises BadInput for a review file that does not fit."""
    sides = found.sidecars
    found = material.with_attachments(material.read(found, persona, zone_of(persona.person), bench), bench)
    guessed = guesses(persona, who_is_who(spec).speakers, [talk for file in found.read for talk in file.talks])
    came = attached(found)
    looked = pictures.look(pictures.photographs(found), sides, bench)
    pages = letters.read_pages(spec, found, looked, bench)
    heard = sounds.hear(sounds.files(found), persona, came, spoken_by_person(guessed, came), bench)
    seen = Seen(persona, found, guessed, came, looked, pages, heard)
    remembered = bench.outcome(remember_task(spec, seen))
    manner = bench.outcome(manner_task(spec, remembered))
    return Survey(persona, found, guessed, came, looked, pages, heard, remembered, manner)


def spoken_by_person(guessed: Sequence[Guess], came: Mapping[str, Carried]) -> set[str]:
    """Files that came with a message of the person's own."""
    speakers = by_path(guessed)
    return {told for told, message in came.items() if message.speaker in speakers.get(message.path, ())}


def who_is_who(spec: Spec) -> People:
    """What the family says of people. Raises BadInput."""
    return parse_people(spec.ours[PEOPLE].path.read_bytes()) if PEOPLE in spec.ours else People()


def attached(found: Material) -> dict[str, Carried]:
    """Files that came with messages."""
    names = [file.told for file in (*found.pictures, *found.sounds, *found.films)]
    items = (one for file in found.read for one in read_found(file.items.path / ITEMS) if isinstance(one, Item))
    return carried(items, names) if names else {}


def remember_task(spec: Spec, seen: Seen) -> Task:
    """The task that makes memories of everything."""
    read, heard = seen.material.read, seen.heard
    told = {name: given for name, given in spec.ours.items() if name.startswith("stories") or name == ANSWERS}
    inputs = {
        "persona": spec.ours[PERSONA],
        **{f"stories/{name}": given for name, given in told.items()},
        **{name: spec.ours[name] for name in REVIEWS if name in spec.ours},
        **{f"items/{number:05d}": file.items for number, file in enumerate(ordered(read))},
        **{f"seen/{number:05d}": folder for number, (_, folder) in enumerate(sorted(seen.looked.folders.items()))},
        **{f"heard/{number:05d}": folder for number, (_, folder) in enumerate(sorted(heard.folders.items()))},
    }
    if seen.pages.items is not None:
        inputs["items/letters"] = seen.pages.items
    options = {
        "speakers": {path: list(names) for path, names in by_path(seen.guesses).items()},
        "voices": {name: list(numbers) for name, numbers in heard.voices.items()},
    }
    count = sum(file.account.parsed for file in read)
    run = "provisioning.memories.tasks:remember"
    return Task("memories", run, REMEMBER_VERSIONS["remember"], inputs, options, 0.5 + count / ITEMS_A_SECOND)


def manner_task(spec: Spec, remembered: Input) -> Task:
    """The task that learns how the person speaks."""
    inputs = {"persona": spec.ours[PERSONA], "remembered": remembered}
    options = {"model": "language-model"}
    return Task("how they speak", "provisioning.style.tasks:manner", STYLE_VERSIONS["manner"], inputs, options, 2.0)


def ordered(read: Sequence[ReadFile]) -> list[ReadFile]:
    """Those with most items first: a partial export repeats a whole one."""
    files = {file.file.told: file for file in read}
    return [files[path] for path in in_order([(told, file.account.parsed) for told, file in files.items()])]
