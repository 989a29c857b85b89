"""The recipe's stage for recordings: each is heard, whose voice it is is found out, and the voice kit made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from device.errors import ImagoError
from device.mind.memory_file import MemoryRow
from device.persona import voice_file
from device.persona.unpacked import PersonaFile
from device.persona.voice_file import Original
from models_quantized import catalog
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.intake.attachments import Carried
from provisioning.intake.walk import Brought
from provisioning.memories.find_recordings import ANSWERS
from provisioning.recipe.material import Material
from provisioning.voice_kit.heard import Recording
from provisioning.voice_kit.person import Known, Mark, known
from provisioning.voice_kit.tasks import RECORDING, VERSIONS, pieces

VOICE = "voice"
"""Folder of a shoebox with recordings of the person."""
AHEAD = 2.0
"""How many times as much as the next the person must speak, where nobody said whose voice it is."""
PIECE_S, KIT_S = 75.0, 30.0
"""s for five minutes of sound, and for the kit, on one core."""
SHARE_S = 0.25
"""s on one core for a second of sound."""


class Heard(msgspec.Struct, frozen=True):
    """All recordings."""

    recordings: dict[str, Recording] = {}
    """By path within the shoebox"""
    folders: dict[str, Input] = {}
    voices: dict[str, tuple[int, ...]] = {}
    """Recording -> numbers of the person's voice in it; of none where nobody knows whose voice is whose"""
    marks: tuple[Mark, ...] = ()
    known: Known = Known((), -1, False)

    @property
    def certain(self) -> bool:
        """Whether a voice may be made of what was heard: somebody said whose it is, or it is plain."""
        people = sorted((voice.seconds for voice in self.known.voices), reverse=True)
        plain = bool(people) and (len(people) == 1 or people[0] >= AHEAD * people[1])
        return self.known.person >= 0 and (not self.known.guessed or plain)


def files(found: Material) -> list[Brought]:
    """Everything with sound."""
    return [*found.sounds, *found.films]


def hear_tasks(brought: Sequence[Brought], persona: PersonaFile) -> list[Task]:
    """The tasks that hear them; of long ones several."""
    return [task for file in brought for task in _parts(file, persona)]


def hear(
    brought: Sequence[Brought], persona: PersonaFile, came: Mapping[str, Carried], theirs: set[str], bench: Workbench
) -> Heard:
    """Waits for all. `came`: the messages that brought some of them; `theirs`: those of the person's own."""
    bench.start(hear_tasks(brought, persona))
    wanted = [_whole(file, persona, bench) for file in brought]
    outcomes = bench.outcomes(wanted)
    dated = [_dated(file, outcome, came.get(file.told)) for file, outcome in zip(brought, outcomes, strict=True)]
    folders: dict[str, Input] = {}
    recordings: dict[str, Recording] = {}
    for file, task, outcome in zip(brought, dated, outcomes, strict=True):
        folder = bench.outcome(task) if task is not None else outcome
        if isinstance(folder, ImagoError):
            recordings[file.told] = Recording(file.told, file.given.digest, 0.0, (), problem=folder.got)
        else:
            recordings[file.told], folders[file.told] = read_recording(folder.path), folder
    marks = tuple(Mark(told) for told in sorted(theirs & recordings.keys()))
    speaking = [one for told, one in sorted(recordings.items()) if not told.startswith(ANSWERS) and not one.problem]
    people = known(speaking, marks)
    heard = Heard(recordings, folders, {}, marks, people)
    return msgspec.structs.replace(heard, voices=_theirs(heard, came, theirs))


def kit_task(heard: Heard, persona: PersonaFile, styled: Input | None = None) -> Task | None:
    """The task that makes the persona's voice/; None where nothing is certain."""
    inputs = {f"heard/{told}": folder for told, folder in heard.folders.items() if not told.startswith(ANSWERS)}
    if not inputs or not heard.certain:
        return None
    marks = heard.marks or _spoken_most(heard)
    options = {
        "person": [msgspec.to_builtins(mark) for mark in marks],
        "languages": list(persona.person.languages),
        "model": _model(),
    }
    if styled is not None:
        inputs["style"] = styled
    return Task("the voice", "provisioning.voice_kit.tasks:kit", VERSIONS["kit"], inputs, options, KIT_S)


def style_task(kit: Input) -> Task:
    """The task that searches a style of the stock voice for the person."""
    return Task("a style of voice", "provisioning.voice_kit.tasks:style", VERSIONS["style"], {"kit": kit}, {}, 300.0)


def read_recording(folder: Path) -> Recording:
    """What was heard."""
    return msgspec.json.decode((folder / RECORDING).read_bytes(), type=Recording)


def originals_in(folder: Path) -> list[Original]:
    """The person's own sentences that a voice kit holds."""
    path = folder / VOICE / voice_file.ORIGINALS
    return msgspec.json.decode(path.read_bytes(), type=list[Original]) if path.is_file() else []


def with_originals(rows: Sequence[MemoryRow], clips: Sequence[Original]) -> list[MemoryRow]:
    """Rows of recordings with the first clip that says them; where the kit keeps none, nothing of theirs travels."""
    by: dict[str, list[Original]] = {}
    for clip in sorted(clips, key=lambda clip: (clip.recording, clip.start)):
        by.setdefault(clip.recording, []).append(clip)
    return [_with_original(row, by.get(row.recording, [])) if row.recording else row for row in rows]


def date_recording(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """A folder `heard`, with the date of the message that brought the recording -> the same, dated."""
    folder = inputs["heard"]
    told = read_recording(folder)
    made = msgspec.structs.replace(told, date=options["date"], date_confidence=options["confidence"])
    (out / RECORDING).write_bytes(msgspec.json.encode(made, order="deterministic"))
    sound = folder / "sound.opus"
    if sound.is_file():
        (out / sound.name).hardlink_to(sound)


def _parts(file: Brought, persona: PersonaFile) -> list[Task]:
    count = pieces(file.given.path, file.told)
    if count < 2:
        return [_hear(file, persona)]
    run, version = "provisioning.voice_kit.tasks:hear_piece", VERSIONS["hear_piece"]
    return [
        Task(
            f"{file.told}, part {number + 1} of {count}",
            run,
            version,
            {"recording": file.given},
            {**_options(file, persona), "piece": number, "pieces": count},
            PIECE_S,
        )
        for number in range(count)
    ]


def _whole(file: Brought, persona: PersonaFile, bench: Workbench) -> Task:
    parts = _parts(file, persona)
    if len(parts) < 2:
        return parts[0]
    heard = {f"part {n:05d}": given for n, given in enumerate(bench.outcomes(parts)) if isinstance(given, Input)}
    run, version = "provisioning.voice_kit.tasks:join", VERSIONS["join"]
    return Task(file.told, run, version, {"recording": file.given, **heard}, _options(file, persona), 5.0)


def _hear(file: Brought, persona: PersonaFile) -> Task:
    run = "provisioning.voice_kit.tasks:hear"
    return Task(file.told, run, VERSIONS["hear"], {"recording": file.given}, _options(file, persona), 6.0)


def _options(file: Brought, persona: PersonaFile) -> dict[str, Any]:
    person = persona.person
    names = [person.name, *person.called]
    return {"told": file.told, "names": names, "languages": list(person.languages), "model": _model()}


def _model() -> str:
    """Another transcriber hears otherwise."""
    return catalog.load().find("transcriber").files[0].sha256


def _dated(file: Brought, outcome: Input | ImagoError, came: Carried | None) -> Task | None:
    if came is None or not came.start or isinstance(outcome, ImagoError):
        return None
    options = {"date": came.start, "confidence": came.confidence}
    return Task(f"the date of {file.told}", "provisioning.recipe.sounds:date_recording", 1, {"heard": outcome}, options)


def _theirs(heard: Heard, came: Mapping[str, Carried], theirs: set[str]) -> dict[str, tuple[int, ...]]:
    """What is the person's in each recording: by the message that brought it, else by voice where that is certain."""
    voices: dict[str, tuple[int, ...]] = {told: () for told in came if told in heard.recordings and told not in theirs}
    if heard.certain:
        voices |= {told: () for told in heard.recordings if not told.startswith(ANSWERS)}
        voices |= heard.known.voices[heard.known.person].recordings
    return dict(sorted(voices.items()))


def _spoken_most(heard: Heard) -> tuple[Mark, ...]:
    voice = heard.known.voices[heard.known.person]
    path, start, end, _ = voice.example
    return (Mark(path, (start + end) / 2),) if path else ()


def _with_original(row: MemoryRow, clips: Sequence[Original]) -> MemoryRow:
    from dataclasses import replace

    middle = [clip for clip in clips if row.start - 0.3 <= clip.start + clip.seconds / 2 <= row.end + 0.3]
    if not middle:
        return replace(row, recording="", start=0.0, end=0.0)
    return replace(row, recording=f"{VOICE}/{middle[0].file}", start=0.0, end=middle[0].seconds)
