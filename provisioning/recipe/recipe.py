"""How a persona is made of a spec: stages that hand their outcomes on. Whoever wants to know what a build does reads
`build` from top to bottom.

It is a pure function of the spec: what it gives is known by digest, whoever does the tasks. It signs nothing and sees
no key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from device.errors import Missing
from device.mind.memory_file import MemoryRow
from device.persona.unpacked import PersonaFile
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.memories.tasks import VERSIONS
from provisioning.recipe import pictures, sounds, words
from provisioning.recipe.material import Material
from provisioning.recipe.spec import PERSONA, Spec, persona_of
from provisioning.recipe.survey import Survey, brought, looks, survey
from provisioning.wake_phrases import phrases_of

Progress = Callable[[str], None]


NO_LIKENESS = "none: whose face it is must be said (imago-provision studio), or a photos/portrait.jpg be there"
WAKE_S, ALBUM_S = 20.0, 0.3
"""s on one core, for the estimate; the album's for each photograph."""


class Steps:
    """Tells the family of each step, with what came of it and what it took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """What is put into the list is told when the step has ended."""
        said: list[str] = []
        start = time.monotonic()
        yield said
        self._progress(f"{name}: {', '.join(said)} ({time.monotonic() - start:.1f} s)")


def build(spec: Spec, bench: Workbench, progress: Progress) -> Input:
    """The unpacked persona's folder. Raises BadInput or Missing for what the shoebox lacks."""
    steps = Steps(progress)
    with steps.step("who they are") as said:
        persona = checked(spec)
        said.append(persona.person.name)
    with steps.step("material") as said:
        found = brought(spec, bench)
        likeness = pictures.given_likeness(spec, found)
        calls = wake_task(spec, persona)
        bench.start([*looks(found, persona), *filter(None, (likeness, calls))])
        surveyed = survey(spec, persona, found, bench)
        said.append(told(surveyed.material))
    with steps.step("voice") as said:
        kit = voice_of(surveyed, bench)
        said.append(
            f"{len(sounds.originals_in(kit.path))} sentences of their own" if kit is not None else "a stock voice"
        )
    with steps.step("memories") as said:
        rows = bench.outcome(rows_task(surveyed))
        remembered = words.read_rows(rows.path)
        if not remembered:
            raise Missing(spec.name, expected="stories.txt, letters, chats or recordings", got="nothing to remember")
        vectors = words.embedded(remembered, bench)
        memory = bench.outcome(words.memory_task(rows, vectors, len(remembered), kit))
        said.append(f"{len({row.id for row in remembered})}")
    with steps.step("album") as said:
        choice, chosen = pictures.choose(spec, persona, surveyed.looked, bench)
        album = bench.outcome(album_task(spec, surveyed, chosen))
        said.append((album.path / "note.txt").read_text(encoding="utf-8"))
    with steps.step("likeness") as said:
        if likeness is None:
            likeness = pictures.chosen_likeness(spec, surveyed.material, surveyed.looked, choice, bench)
        face = bench.outcome(likeness) if likeness is not None else None
        said.append("made" if face is not None else NO_LIKENESS)
    with steps.step("wake phrases") as said:
        called = bench.outcome(calls) if calls is not None else None
        said.append(", ".join(phrases_of(persona)) or "none, for nobody says what it is called")
    parts = {"memory.sqlite": Input(memory.path / "memory.sqlite", memory.digest)}
    parts |= {"persona.toml": persona_file(spec, surveyed, bench), "album": Input(album.path / "album", album.digest)}
    parts |= {f"consent/{name}": given for name, given in spec.under("consent").items()}
    parts |= {name: given for name, given in (("likeness", face), ("wake", called)) if given is not None}
    parts |= {"voice": Input(kit.path / "voice", kit.digest)} if kit is not None else {}
    return bench.outcome(assemble_task(spec, parts, needs(remembered)))


def checked(spec: Spec) -> PersonaFile:
    """persona.toml, where all that can be said at once is in order. Raises BadInput or Missing."""
    persona = persona_of(spec)
    if not spec.under("consent"):
        hint = "a folder consent/ with a statement or a document"
        raise Missing(spec.name, expected="the statements that consent rests on", got="none", hint=hint)
    if spec.network:
        from provisioning.likeness.neural.neural_baker import baker_for

        baker_for(next(iter(spec.network.values())).path.parent)
    return persona


def told(found: Material) -> str:
    """What was brought, for people."""
    items = sum(file.account.parsed for file in found.read)
    counts = [(len(found.read), "texts"), (items, "items in them"), (len(found.pictures), "pictures")]
    counts += [(len(found.sounds), "recordings"), (len(found.films), "films"), (len(found.accounts), "not read")]
    return ", ".join(f"{count} {name}" for count, name in counts if count)


def wake_task(spec: Spec, persona: PersonaFile) -> Task | None:
    """The task that enrols the wake phrases; None where there are none."""
    phrases = phrases_of(persona)
    if not phrases:
        return None
    options = {
        "phrases": list(phrases),
        "languages": list(persona.person.languages),
        "readings": dict(sorted(persona.readings.items())),
    }
    return Task("wake phrases", "provisioning.recipe.parts:enrol_wake", 1, spec.under("wake"), options, WAKE_S)


def album_task(spec: Spec, surveyed: Survey, chosen: Input) -> Task:
    """The task that makes the album. `chosen`: the folder of who is who."""
    looked = surveyed.looked
    inputs = {told: file.given for told, file in looked.files.items() if file.folder == "photos"}
    inputs |= {name: given for name, given in spec.ours.items() if name in ("album.toml", "review/photos.toml")}
    inputs |= {f"seen {number}": looked.folders[told] for number, told in enumerate(sorted(looked.folders))}
    options = {"languages": list(surveyed.persona.person.languages)}
    seconds = 1.0 + ALBUM_S * len(looked.files)
    return Task("the album", "provisioning.recipe.parts:make_album", 2, {**inputs, "choice": chosen}, options, seconds)


def voice_of(surveyed: Survey, bench: Workbench) -> Input | None:
    """The voice kit's folder; None where nothing was recorded, nobody is certain, or no voice was agreed to."""
    task = sounds.kit_task(surveyed.heard, surveyed.persona)
    return bench.outcome(task) if task is not None and "voice" in surveyed.persona.consent.grants else None


def persona_file(spec: Spec, surveyed: Survey, bench: Workbench) -> Input:
    """persona.toml with its id, and with what was found out of how they speak."""
    inputs = {"persona": spec.ours[PERSONA], "manner": surveyed.manner}
    options = {"id": spec.id, "languages": list(surveyed.persona.person.languages)}
    folder = bench.outcome(Task(PERSONA, "provisioning.recipe.persona_file:write_persona", 1, inputs, options, 0.1))
    return Input(folder.path / PERSONA, folder.digest)


def needs(remembered: Sequence[MemoryRow]) -> dict[str, list[str]]:
    """Grants that files need beyond their kinds': memories made of letters need those for letters."""
    granted = sorted({row.origin.grant for row in remembered if row.origin.grant})
    return {"memory.sqlite": granted} if granted else {}


def assemble_task(spec: Spec, parts: dict[str, Input], needed: dict[str, list[str]]) -> Task:
    """The task that puts a persona together. `needed`: grants by file."""
    options = {"sources": spec.digest, "needs": needed}
    return Task("the whole persona", "provisioning.recipe.parts:assemble", 1, parts, options)


def rows_task(surveyed: Survey) -> Task:
    """The task that makes rows of those memories that were agreed to."""
    options = {"grants": list(surveyed.persona.consent.grants), "originals": {}}
    run = "provisioning.memories.tasks:rows"
    return Task("memories for the frame", run, VERSIONS["rows"], {"remembered": surveyed.remembered}, options, 0.5)
