"""A workshop that reads a shoebox directly: stories, answers and photographs, without importers, OCR or recordings.

It is what the pages stand on where nothing has been taken in yet, and shows what a real one must give.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from device.errors import BadInput, Missing
from provisioning.letters.page import Page
from provisioning.memories.memory import Cited, Memory, Question, Relative, Remembered
from provisioning.photos.seen import Seen
from provisioning.report import assemble
from provisioning.report.account import Account, FileAccount
from provisioning.report.content import Chosen, Likeness, Report, Words
from provisioning.review import agreement, answers, memories
from provisioning.stories import Story, read_stories
from provisioning.studio.workshop import FaceGroup, Talk, Trial

PICTURES = (".png", ".jpg", ".jpeg")
_OURS = ("review", "persona.toml")


class PlainWorkshop:
    """See Workshop."""

    def __init__(self, shoebox: Path) -> None:
        """Raises Missing for a folder that is no shoebox."""
        if not (shoebox / agreement.PERSONA).is_file():
            hint = "imago-provision new SHOEBOX makes one"
            raise Missing(str(shoebox), expected="a shoebox with persona.toml", got="none", hint=hint)
        self._shoebox = shoebox

    @property
    def shoebox(self) -> Path:
        return self._shoebox

    def account(self) -> Account:
        """Files that are read here, and all others as not read yet."""
        return Account(tuple(self._told(path) for path in self._files()))

    def talks(self) -> tuple[Talk, ...]:
        return ()

    def pages(self) -> tuple[Page, ...]:
        return ()

    def photographs(self) -> tuple[Seen, ...]:
        """Those that Pillow opens, by name."""
        found = (self._seen(path) for path in self._files() if path.suffix.lower() in PICTURES)
        return tuple(seen for seen in found if seen is not None and seen.path.startswith("photos/"))

    def faces(self) -> tuple[FaceGroup, ...]:
        return ()

    def memories(self) -> tuple[Memory, ...]:
        return tuple(_memory(story) for path in self._stories() for story in read_stories(path, self._shoebox))

    def relatives(self) -> tuple[Relative, ...]:
        """People whom the stories name."""
        names = dict.fromkeys(name for memory in self.memories() for name in memory.people)
        return tuple(Relative(name, "", ()) for name in names)

    def questions(self) -> tuple[Question, ...]:
        return ()

    def trials(self) -> tuple[Trial, ...]:
        return ()

    def report(self) -> Report:
        """What can be said without any analysis."""
        corrections = memories.all_of(self._shoebox)
        remembered = tuple(memories.corrected(self.memories(), corrections))
        portrait = next((p.path for p in self.photographs() if Path(p.path).stem == "portrait"), "")
        why = Words("The family called it the portrait.", "家人把它命名为肖像。")
        likeness = Likeness((Chosen(portrait, (why,)),)) if portrait else None
        return Report(
            assemble.about(agreement.persona_of(self._shoebox), portrait),
            self.account(),
            Remembered(remembered, (), (), (), {}, {}),
            likeness=likeness,
            photographs=self.photographs(),
            agreement=assemble.agreement(agreement.persona_of(self._shoebox)),
        )

    def picture(self, path: str) -> Path:
        return self._own(path)

    def sound(self, path: str) -> Path:
        return self._own(path)

    def _own(self, path: str) -> Path:
        """A file of the shoebox, never one that a link or .. leads out to."""
        place = (self._shoebox / path).resolve()
        if not place.is_relative_to(self._shoebox.resolve()) or not place.is_file():
            raise Missing(path[:80], expected="a file of this shoebox", got="none")
        return place

    def _files(self) -> list[Path]:
        found = sorted(path for path in self._shoebox.rglob("*") if path.is_file() and not path.name.startswith("."))
        return [path for path in found if path.relative_to(self._shoebox).parts[0] not in _OURS]

    def _stories(self) -> list[Path]:
        written = self._shoebox / answers.FILE
        return [*sorted(self._shoebox.glob("stories*.txt")), *([written] if written.is_file() else [])]

    def _told(self, path: Path) -> FileAccount:
        name, size = path.relative_to(self._shoebox).as_posix(), path.stat().st_size
        if path in self._stories():
            try:
                return FileAccount(name, "stories", len(read_stories(path, self._shoebox)), size=size)
            except BadInput as error:
                return FileAccount(name, "stories", problem=f"expected {error.expected}, got {error.got}", size=size)
        if name.startswith("photos/"):
            seen = self._seen(path)
            problem = "" if seen else "no picture that can be read"
            return FileAccount(name, "photo", int(seen is not None), problem=problem, size=size)
        if name.startswith("consent/"):
            return FileAccount(name, "consent", 1, size=size)
        return FileAccount(name, skipped={"not looked at yet": 1}, size=size)

    def _seen(self, path: Path) -> Seen | None:
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(path) as picture:
                width, height = picture.size
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
            return None
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return Seen(path.relative_to(self._shoebox).as_posix(), sha256, width, height)


def _memory(story: Story) -> Memory:
    return Memory(
        story.id, story.language, story.text, Cited(story.source, story.line), "story", question=story.question,
        when=story.when, people=story.people, place=story.place, photo=story.photo,
    )  # fmt: skip
