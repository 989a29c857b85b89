"""A shoebox as the studio's pages see it: surveyed when somebody looks, and again when a file has changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from device.errors import Missing
from provisioning.build import bench_of, read_spec
from provisioning.building.task import Input
from provisioning.building.workbench import Workbench
from provisioning.letters.page import Page
from provisioning.letters.tasks import PICTURE
from provisioning.memories.memory import Memory, Question, Relative, Remembered
from provisioning.memories.tasks import read_remembered
from provisioning.photos.seen import Seen
from provisioning.photos.tasks import STRIP, THUMBNAIL
from provisioning.recipe import pictures, told
from provisioning.recipe.recipe import voice_of
from provisioning.recipe.spec import Spec, persona_of
from provisioning.recipe.survey import Survey, brought, looks, survey
from provisioning.report.account import Account
from provisioning.report.content import Report
from provisioning.review.memories import FILE as CORRECTIONS
from provisioning.studio import findings
from provisioning.studio.workshop import FaceGroup, Talk, Trial

Progress = Callable[[str], None]
MakeBench = Callable[[], AbstractContextManager[Workbench]]
ID = "preview"
"""Of a persona that is not built yet."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found when the shoebox was last looked at."""

    digest: str
    survey: Survey
    choice: Input
    kit: Input | None


class ShoeboxWorkshop:
    """See Workshop."""

    def __init__(self, shoebox: Path, progress: Progress = lambda line: None, bench: MakeBench = bench_of) -> None:
        """Raises Missing for a folder that is no shoebox, BadInput for a persona.toml that cannot be read."""
        self._shoebox = shoebox
        self._progress = progress
        self._bench = bench
        self._last: Looked | None = None
        persona_of(self._spec())

    @property
    def shoebox(self) -> Path:
        return self._shoebox

    def account(self) -> Account:
        return told.account(self._look().survey)

    def talks(self) -> tuple[Talk, ...]:
        surveyed = self._look().survey
        return findings.talks([talk for file in surveyed.material.read for talk in file.talks], surveyed.guesses)

    def pages(self) -> tuple[Page, ...]:
        return tuple(page for page in self._look().survey.pages.pages if page.lines)

    def photographs(self) -> tuple[Seen, ...]:
        seen = self._look().survey.looked.seen
        return tuple(one for _, one in sorted(seen.items()) if not one.problem)

    def faces(self) -> tuple[FaceGroup, ...]:
        looked = self._look()
        surveyed = looked.survey
        person = told.called(surveyed.persona)
        return findings.faces(told.everybody(looked.choice.path), surveyed.looked.seen, person)

    def memories(self) -> tuple[Memory, ...]:
        return self._remembered().memories

    def relatives(self) -> tuple[Relative, ...]:
        return self._remembered().relatives

    def questions(self) -> tuple[Question, ...]:
        return self._remembered().questions

    def trials(self) -> tuple[Trial, ...]:
        kit = self._look().kit
        return findings.trials(told.compared(kit) if kit is not None else ())

    def report(self) -> Report:
        looked = self._look()
        return told.report(looked.survey, told.chosen(looked.choice.path), looked.kit)

    def picture(self, path: str) -> Path:
        looked = self._look()
        surveyed = looked.survey
        if path == STRIP:
            return _there(looked.choice.path / STRIP, path)
        if path in surveyed.pages.folders:
            return _there(surveyed.pages.folders[path].path / PICTURE, path)
        if path in surveyed.looked.folders:
            return _there(surveyed.looked.folders[path].path / THUMBNAIL, path)
        raise Missing(path[:80], expected="a picture of this shoebox", got="none")

    def sound(self, path: str) -> Path:
        looked = self._look()
        if looked.kit is not None and path.startswith("ab/") and "/" not in path[3:]:
            return _there(looked.kit.path / path, path)
        if path in looked.survey.heard.folders:
            return _there(looked.survey.heard.folders[path].path / "sound.opus", path)
        raise Missing(path[:80], expected="a recording of this shoebox", got="none")

    def _remembered(self) -> Remembered:
        return read_remembered(self._look().survey.remembered.path)

    def _spec(self) -> Spec:
        """Without corrections of memories: the pages show what they correct."""
        spec = read_spec(self._shoebox, ID)
        ours = {name: given for name, given in spec.ours.items() if name != CORRECTIONS}
        return msgspec.structs.replace(spec, ours=ours)

    def _look(self) -> Looked:
        """Looks again where a file has changed; what has not changed is kept."""
        spec = self._spec()
        if self._last is None or self._last.digest != spec.digest:
            if self._last is None:
                self._progress(f"looking through {spec.name} / 正在翻看 {spec.name}")
            with self._bench() as bench:
                self._last = _looked(spec, bench)
        return self._last


def _looked(spec: Spec, bench: Workbench) -> Looked:
    persona = persona_of(spec)
    found = brought(spec, bench)
    bench.start(looks(found, persona))
    surveyed = survey(spec, persona, found, bench)
    _, choice = pictures.choose(spec, persona, surveyed.looked, bench)
    return Looked(spec.digest, surveyed, choice, voice_of(surveyed, bench))


def _there(path: Path, told_as: str) -> Path:
    if not path.is_file():
        raise Missing(told_as[:80], expected="a file that pages can show", got="none")
    return path
