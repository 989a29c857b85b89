"""A workshop over a small made-up shoebox, and a mind that quotes: no importers, no models."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from device.errors import Missing
from provisioning.letters.page import Line, Page
from provisioning.memories.memory import Cited, Memory, Question, Relative
from provisioning.photos.seen import Face, Seen
from provisioning.report.account import Account
from provisioning.report.content import Report, Words
from provisioning.studio.mind import Reply
from provisioning.studio.workshop import Candidate, FaceGroup, Sighting, Talk, Trial
from tests.fakes.reports import QUESTIONS, rich

PERSONA = """\
# Made up; nobody real.

[person]
name = "陈望川"   # as it is written
called = ["外公", "Grandpa"]
languages = ["zh", "en"]
born = 1938-03-20
died = 2019-11-03

[brought_by]
name = "Lin Mei"
relation = "granddaughter"

[consent]   # by whom
basis = "relative"
evidence = ["consent/statement.txt"]
grants = ["likeness"]   # one by one

[style]
en = "Short plain sentences."
"""
LETTER = (
    "秀兰：",
    "船厂这个月忙，下水了两条渡船。",
    "阿听的信收到了，字写得比我好。",
    "天冷，炉子要记得封。",
    "莫急，渡船会回来的。",
    "望川 三月二日",
)
BOX = (0.4, 0.12, 0.6, 0.36)


@dataclass
class FakeWorkshop:
    """What a test says that there is."""

    shoebox: Path
    told_memories: tuple[Memory, ...] = ()
    told_questions: tuple[Question, ...] = QUESTIONS
    told_pages: tuple[Page, ...] = ()
    told_photographs: tuple[Seen, ...] = ()
    told_report: Report = field(default_factory=rich)
    files: dict[str, Path] = field(default_factory=dict)
    told_talks: tuple[Talk, ...] = ()
    told_trials: tuple[Trial, ...] = ()
    told_relatives: tuple[Relative, ...] = ()
    told_faces: tuple[FaceGroup, ...] = ()

    def account(self) -> Account:
        return self.told_report.account

    def talks(self) -> tuple[Talk, ...]:
        return self.told_talks

    def pages(self) -> tuple[Page, ...]:
        return self.told_pages

    def photographs(self) -> tuple[Seen, ...]:
        return self.told_photographs

    def faces(self) -> tuple[FaceGroup, ...]:
        return self.told_faces

    def memories(self) -> tuple[Memory, ...]:
        return self.told_memories

    def relatives(self) -> tuple[Relative, ...]:
        return self.told_relatives

    def questions(self) -> tuple[Question, ...]:
        return self.told_questions

    def trials(self) -> tuple[Trial, ...]:
        return self.told_trials

    def report(self) -> Report:
        return self.told_report

    def picture(self, path: str) -> Path:
        return self._file(path)

    def sound(self, path: str) -> Path:
        return self._file(path)

    def _file(self, path: str) -> Path:
        if path not in self.files:
            raise Missing(path, expected="a file of this shoebox", got="none")
        return self.files[path]


class QuotingMind:
    """Answers with the first memory that holds a word of the question."""

    def __init__(self) -> None:
        self.known: dict[str, Memory] = {}
        self.embedded: set[str] = set()

    def learn(self, memories: Sequence[Memory]) -> int:
        self.known = {memory.id: memory for memory in memories}
        new = {memory.text for memory in memories} - self.embedded
        self.embedded |= new
        return len(new)

    def ask(self, question: str) -> Reply:
        for memory in self.known.values():
            told = f"{memory.question} {memory.text}".lower()
            if any(word in told for word in question.lower().strip("?").split() if len(word) > 3):
                return Reply(memory.text, "fact", False, (memory.id,), memory.language)
        return Reply("I do not remember that.", "fact", True)


def shoebox(folder: Path) -> FakeWorkshop:
    """A small shoebox in `folder`, with everything a page can show."""
    (folder / "consent").mkdir(parents=True)
    (folder / "persona.toml").write_text(PERSONA, encoding="utf-8")
    (folder / "consent/statement.txt").write_text("Nobody real.", encoding="utf-8")
    files = {}
    for name in ("letters/scan1.jpg", "letters/scan2.jpg"):
        files[name] = _scan(folder / name)
    for number, name in enumerate(("photos/a.jpg", "photos/b.jpg", "photos/c.jpg")):
        files[name] = _photo(folder / name, number)
    for number, name in enumerate(("voice/msg1.wav", "made/t1.wav", "made/t2.wav")):
        files[name] = _sound(folder / name, 220 + 80 * number)
    return FakeWorkshop(
        folder,
        _memories(),
        told_pages=_pages(),
        told_photographs=_photographs(),
        files=files,
        told_talks=_talks(),
        told_trials=(
            Trial("greeting", "吃饭了没有？莫急，渡船会回来的。", (("T1", "made/t1.wav"), ("T2", "made/t2.wav"))),
        ),
        told_relatives=(
            Relative("秀兰", "wife", ("Lan",)),
            Relative("阿听", "son", ("阿听",)),
            Relative("Ting", "son", ()),
        ),
        told_faces=(
            FaceGroup("f1", tuple(Sighting(f"photos/{n}.jpg", 0, BOX) for n in "ac"), "秀兰"),
            FaceGroup("f2", (Sighting("photos/b.jpg", 0, BOX),)),
        ),
    )


def _memories() -> tuple[Memory, ...]:
    return (
        Memory(
            "m1",
            "en",
            "We took the ferry to Pudong, in the rain, in 1957. I held the umbrella, and she held me.",
            Cited("stories.txt", 3),
            "story",
            question="How did you and Lan cross the river?",
            when="1957",
            people=("秀兰",),
            place="Shanghai",
        ),
        Memory(
            "m2",
            "zh",
            "造桥那年我怕高，每天第一个上去，最后一个下来。",
            Cited("letters/1997-03-02.txt", 2),
            "letter",
            when="1968",
            confidence=0.5,
            question="你怕高吗？",
        ),
        Memory(
            "m3",
            "en",
            "No hurry, the ferry comes back.",
            Cited("voice/msg1.wav", 0, 1.0, 3.0),
            "recording",
            recording="voice/msg1.wav",
        ),
    )


def _talks() -> tuple[Talk, ...]:
    return (
        Talk(
            "chats/wechat.csv",
            (
                Candidate(
                    "wxid_chuan",
                    "望川",
                    3120,
                    ("莫急，渡船会回来的。", "囡囡，吃饭了没有？", "蛮好。"),
                    0.92,
                    Words("the others call them so", "别人这样叫"),
                ),
                Candidate("wxid_mei", "Mei", 1091, ("外公我下班了", "OK!! 😄", "周末来看你")),
            ),
            "望川, Mei",
        ),
        Talk(
            "chats/whatsapp.txt",
            (Candidate("Leo", "Leo", 40, ("hi grandpa",)), Candidate("+86 138", "", 12, ("好。",))),
            "",
        ),
    )


def _pages() -> tuple[Page, ...]:
    lines = tuple(
        Line(text, (0.1, 0.1 + 0.12 * n, 0.12 + 0.047 * len(text), 0.17 + 0.12 * n), 0.6 if n == 3 else 0.95)
        for n, text in enumerate(LETTER)
    )
    return (Page("letters/scan1.jpg", "a1" * 32, lines), Page("letters/scan2.jpg", "b2" * 32, lines[:2]))


def _photographs() -> tuple[Seen, ...]:
    face = Face(BOX, 80, 5, 0.8, 0.8, 0.4, 0.9)
    captions = {"a": "The new ferry", "b": "", "c": ""}
    return tuple(
        Seen(f"photos/{n}.jpg", n * 64, 640, 480, date="1975-05-01", caption=captions[n], faces=(face,)) for n in "abc"
    )


def _scan(path: Path) -> Path:
    picture = Image.new("RGB", (1000, 1300), "#efe6d2")
    draw = ImageDraw.Draw(picture)
    fonts = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
    font = ImageFont.truetype(str(fonts), 46) if fonts.is_file() else ImageFont.load_default(46)
    for n, text in enumerate(LETTER):
        draw.text((110, 1300 * (0.1 + 0.12 * n)), text if fonts.is_file() else f"line {n + 1}", "#33302a", font)
    return _saved(path, picture)


def _photo(path: Path, number: int) -> Path:
    colours = ("#b9c8c4", "#d8c3a5", "#c7b2b8")
    picture = Image.new("RGB", (640, 480), colours[number])
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 640, 480), "#7f8f76")
    draw.ellipse((256, 58, 384, 218), "#e3bfa2")
    draw.rectangle((220, 218, 420, 400), "#4d6472")
    for x in (290, 345):
        draw.ellipse((x, 120, x + 12, 132), "#3a2d25")
    draw.arc((290, 130, 350, 180), 20, 160, "#8a4b3c", 4)
    return _saved(path, picture)


def _saved(path: Path, picture: Image.Image) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path


def _sound(path: Path, pitch: float) -> Path:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        values = (int(9000 * math.sin(2 * math.pi * pitch * n / 8000)) for n in range(8000))
        file.writeframes(b"".join(struct.pack("<h", value) for value in values))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())
    return path
