"""What docs/provisioning_speed.py times: `python -m docs.speed_tasks messages|style|photos|audio|build FOLDER`.

Works on FOLDER/box with outcomes in FOLDER/kept, and says as JSON what came of it, with the seconds of its steps.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from device.errors import ImagoError
from device.persona.unpacked import PersonaFile
from provisioning.build import bench_of, build_unpacked
from provisioning.building.task import Input
from provisioning.building.workbench import Workbench
from provisioning.intake.digests import Digests
from provisioning.intake.speakers import guesses
from provisioning.intake.zone import zone_of
from provisioning.memories.tasks import read_remembered
from provisioning.recipe import material, pictures, sounds
from provisioning.recipe.letters import Pages
from provisioning.recipe.material import Material
from provisioning.recipe.pictures import Looked
from provisioning.recipe.sounds import Heard
from provisioning.recipe.spec import Spec, persona_of, spec_of
from provisioning.recipe.survey import Seen, manner_task, remember_task

Told = dict[str, Any]


class Steps:
    """When each step began and ended, by name."""

    def __init__(self) -> None:
        self.times: dict[str, tuple[float, float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times what happens within."""
        start = time.monotonic()
        yield
        self.times[name] = (start, time.monotonic())


def brought(box: Path, bench: Workbench) -> tuple[Spec, PersonaFile, Material]:
    """A shoebox's files by their content; every file is read once, for its digest."""
    spec = spec_of(box, "measured", Digests())
    files, accounts = material.opened(spec, bench)
    return spec, persona_of(spec), pictures.without_sidecars(material.sort(files, accounts))


def messages(box: Path, bench: Workbench, steps: Steps) -> Told:
    """Chats: read, speakers counted and guessed, memories made."""
    found, _, remembered = imported(box, bench, steps)
    parsed = sum(file.account.parsed for file in found.read)
    return {"parsed": parsed, "memories": len(read_remembered(remembered.path).memories)}


def style(box: Path, bench: Workbench, steps: Steps) -> Told:
    """How she speaks, of the same."""
    _, spec, remembered = imported(box, bench, steps)
    with steps.step("style"):
        bench.outcome(manner_task(spec, remembered))
    return {}


def imported(box: Path, bench: Workbench, steps: Steps) -> tuple[Material, Spec, Input]:
    """What was read, and the folder of the memories in it."""
    with steps.step("files"):
        spec, persona, found = brought(box, bench)
    with steps.step("read"):
        found = material.read(found, persona, zone_of(persona.person), bench)
        guessed = guesses(persona, {}, [talk for file in found.read for talk in file.talks])
    seen = Seen(persona, found, guessed, {}, Looked({}, {}, {}), Pages(), Heard())
    with steps.step("memories"):
        remembered = bench.outcome(remember_task(spec, seen))
    return found, spec, remembered


def photos(box: Path, bench: Workbench, steps: Steps) -> Told:
    """Photographs: looked at, grouped by who is on them, the best chosen."""
    with steps.step("files"):
        spec, persona, found = brought(box, bench)
    with steps.step("look"):
        looked = pictures.look(pictures.photographs(found), found.sidecars, bench)
    with steps.step("choose"):
        pictures.choose(spec, persona, looked, bench)
    problems = sum(bool(seen.problem) for seen in looked.seen.values())
    return {"faces": sum(len(seen.faces) for seen in looked.seen.values()), "problems": problems}


def audio(box: Path, bench: Workbench, steps: Steps) -> Told:
    """Recordings: heard in pieces, transcribed, voices told apart."""
    with steps.step("files"):
        _, persona, found = brought(box, bench)
    with steps.step("hear"):
        heard = sounds.hear(sounds.files(found), persona, {}, set(), bench)
    passages = [passage for recording in heard.recordings.values() for passage in recording.passages]
    words = sum(len(passage.words) for passage in passages)
    return {"passages": len(passages), "words": words, "voices": len(heard.known.voices)}


PARTS: dict[str, Callable[[Path, Workbench, Steps], Told]] = {
    "messages": messages,
    "style": style,
    "photos": photos,
    "audio": audio,
}


def build(place: Path) -> Told:
    """A whole shoebox, or what has changed in it."""
    said: list[str] = []
    out = build_unpacked(place / "box", place / "persona", said.append, "measured", kept=place / "kept")
    return {"said": said, "persona_bytes": sum(path.stat().st_size for path in out.rglob("*") if path.is_file())}


def main(part: str, place: Path) -> int:
    """One part; the exit code of an error where it fails."""
    try:
        if part == "build":
            told = build(place)
        else:
            steps = Steps()
            with bench_of(folder=place / "kept") as bench:
                told = PARTS[part](place / "box", bench, steps)
                told |= {"tasks": bench.made, "steps": steps.times}
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    print(json.dumps(msgspec.to_builtins(told), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
