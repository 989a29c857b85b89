"""The whole way of a stick, on FAT32 and exFAT, pulled out at any moment, with an importer that only pretends."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from device.clock import SystemClock
from device.persona.stick import handing
from device.persona.stick.arrival import Arrival
from device.persona.stick.stick import Listing
from device.persona.stick.visit import Result, Telling, Visit
from tests.support import sticks

IMPORTER = Path(sticks.__file__).with_name("importer.py")
BIG = os.urandom(3 << 20)


class Frame:
    """Hears what is told, and may do something at one of its moments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: list[Arrival] = []
        self.stopped = threading.Event()
        self.when: tuple[str, Callable[[], object]] = ("", lambda: None)

    def visit(self, root: Path, reports: bool = False) -> tuple[list[Result], Listing]:
        connect = handing.child((sys.executable, str(IMPORTER), str(self.folder)))
        telling = Telling("test", self._hear, SystemClock().now)
        return Visit(root, connect, telling, self.stopped).run(reports)

    def _hear(self, said: Arrival) -> None:
        self.heard.append(said)
        if said.stage == self.when[0]:
            self.when[1]()

    @property
    def took(self) -> list[str]:
        """First bytes of each file that the importer got whole."""
        log = self.folder / "took"
        return [line.split(" ", 2)[2] for line in log.read_text().splitlines()] if log.exists() else []

    @property
    def last(self) -> Arrival:
        return self.heard[-1]


@pytest.fixture
def frame(tmp_path: Path) -> Frame:
    folder = tmp_path / "frame"
    folder.mkdir()
    return Frame(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "folder"
    root.mkdir()
    return root


Kind = Callable[[Path, sticks.Files], AbstractContextManager[sticks.Mounted]]
BOTH = pytest.mark.parametrize("stick_of", [sticks.fat32_stick, sticks.exfat_stick], ids=["fat32", "exfat"])


@BOTH
def test_several_packs_with_photographs_beside_them(stick_of: Kind, frame: Frame, tmp_path: Path) -> None:
    files = {"Grandpa (copy of the newest).imago": b"one" + BIG, "the family/奶奶.imago": b"two", "a.JPG": b"jpeg"}
    with stick_of(tmp_path, {**files, "z.imago-order": b"{order", "._z.imago": b"mac"}) as stick:
        results, listing = frame.visit(stick.root)
    assert [taken[:3] for taken in frame.took] == ["{or", "one", "two"]
    assert [result.verdict.did for result in results] == ["installed"] * 3
    assert listing.photographs == 1
    assert frame.last.stage == "done"
    assert frame.last.safe
    assert all(word in frame.last.en for word in ("is here now", "1 photograph ", "take the stick out now"))
    assert all(word in frame.last.zh for word in ("来了", "1张照片", "可以拔出"))
    assert {said.stage for said in frame.heard} >= {"looking", "checking", "done"}
    assert all(not said.safe for said in frame.heard[:-1])


@BOTH
def test_pulled_out_while_a_file_is_read(stick_of: Kind, frame: Frame, tmp_path: Path) -> None:
    with stick_of(tmp_path, {"a.imago": b"one" + os.urandom(12 << 20), "b.imago": b"two"}) as stick:
        frame.when = ("checking", stick.pull)
        results, _ = frame.visit(stick.root)
    # all of it may have been read ahead; then the second file is what is not there any more
    assert results[-1].verdict.code == "media.gone"
    assert frame.last.stage == "gone"
    assert "pulled out too early" in frame.last.en
    assert "two" not in frame.took


@BOTH
def test_pulled_out_before_anything_is_read(stick_of: Kind, frame: Frame, tmp_path: Path) -> None:
    with stick_of(tmp_path, {"a.imago": b"one"}) as stick:
        frame.when = ("looking", stick.pull)
        results, _ = frame.visit(stick.root)
    assert [result.verdict.code for result in results] == ["media.gone"]
    assert frame.last.stage == "gone"
    assert not frame.took


def test_pulled_out_before_it_is_looked_at(frame: Frame, tmp_path: Path) -> None:
    with sticks.fat32_stick(tmp_path, {"a.imago": b"one"}) as stick:
        stick.pull()
        telling = Telling("test", frame.heard.append, SystemClock().now)
        results, _ = Visit(stick.root, handing.child(("false",)), telling, frame.stopped).run()
    assert results[0].verdict.code == "media.gone"
    assert frame.last.stage == "gone"


def test_pulled_out_when_all_was_read_changes_nothing(frame: Frame, tmp_path: Path) -> None:
    with sticks.fat32_stick(tmp_path, {"a.imago": b"one"}) as stick:
        frame.when = ("keeping", lambda: (stick.pull(), frame.stopped.set()))
        results, _ = frame.visit(stick.root)
    assert results[0].verdict.ok
    assert frame.last.stage == "done"


def test_systemd_says_that_it_was_pulled_out(frame: Frame, folder: Path) -> None:
    (folder / "a.imago").write_bytes(BIG)
    frame.when = ("looking", frame.stopped.set)
    results, _ = frame.visit(folder)
    assert results[0].verdict.code == "media.gone"
    assert not frame.took


def test_a_stick_that_hangs_is_not_waited_for(frame: Frame, tmp_path: Path) -> None:
    with sticks.fat32_stick(tmp_path, {"a.imago": b"one"}) as stick:

        def hang() -> None:
            stick.hang()
            threading.Timer(0.5, frame.stopped.set).start()

        frame.when = ("looking", hang)
        results, _ = frame.visit(stick.root)
        assert results[0].verdict.code == "media.gone"
        assert frame.last.stage == "gone"


def test_an_image_that_ends_early(frame: Frame, tmp_path: Path) -> None:
    image = sticks.fat32_image(tmp_path, {"a.imago": b"one" + BIG, "b.imago": b"two"})
    with sticks.fat32(image, tmp_path / "stick") as stick:
        frame.when = ("looking", lambda: os.truncate(image, image.read_bytes().index(b"one" + BIG[:32]) + 65536))
        results, _ = frame.visit(stick.root)
    assert [result.verdict.ok for result in results] == [False] * len(results)
    assert results[0].verdict.code in ("damaged.unreadable", "media.gone")
    assert not frame.took


def test_a_chain_that_leads_back_to_its_beginning(frame: Frame, tmp_path: Path) -> None:
    content = b"one" + BIG
    image = sticks.fat32_image(tmp_path, {"a.imago": content, "b.imago": b"two"})
    sticks.loop_chain(image, content)
    with sticks.fat32(image, tmp_path / "stick") as stick:
        results, _ = frame.visit(stick.root)
    assert len(results) == 2  # it ends; whether the first is bytes of its beginning or an error is the driver's to say
    assert results[1].verdict.ok
    assert frame.last.safe


def test_a_folder_that_leads_back_to_its_beginning(frame: Frame, tmp_path: Path) -> None:
    image = sticks.fat32_image(tmp_path, {f"file {n:03} with a long name.txt": b"x" for n in range(8)})
    sticks.loop_folder(image)
    with sticks.fat32(image, tmp_path / "stick") as stick:
        stopping = threading.Timer(3.0, frame.stopped.set)
        stopping.start()
        frame.visit(stick.root)
        stopping.cancel()
    assert frame.last.over


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"refuse", "damaged.chunk", "damaged"),
        (b"early" + BIG, "damaged.chunk", "damaged"),
        (b"die", "", "cannot take in"),
        (b"babble" + BIG, "", "cannot take in"),
    ],
)
def test_one_bad_file_does_not_keep_the_next_from_coming(
    frame: Frame, folder: Path, content: bytes, code: str, said: str
) -> None:
    (folder / "a.imago").write_bytes(content)
    (folder / "b.imago").write_bytes(b"good")
    results, _ = frame.visit(folder)
    assert [result.verdict.ok for result in results] == [False, True]
    assert results[0].verdict.code == code
    assert said in frame.last.en
    assert "is here now" in frame.last.en
    assert frame.last.en.startswith("File 1 of 2. ")
    assert "第2个文件" in frame.last.zh
    assert results[0].verdict.exit_code in (3, 4)


def test_an_importer_that_is_mute_is_given_up(folder: Path, frame: Frame) -> None:
    (folder / "a").write_bytes(b"mute")
    connect = handing.child(("sleep", "3"))
    with (folder / "a").open("rb") as file, pytest.raises(handing.Broken, match="within 1 s"):
        handing.hand_over(file.fileno(), 4, connect, lambda *_: None, frame.stopped, answer_s=1.0)


def test_no_importer_is_one_plain_answer(tmp_path: Path, folder: Path, frame: Frame) -> None:
    (folder / "a.imago").write_bytes(b"one")
    telling = Telling("test", frame.heard.append, SystemClock().now)
    results, _ = Visit(folder, handing.service(tmp_path / "nowhere.sock"), telling, frame.stopped).run()
    assert results[0].verdict.exit_code == 4
    assert frame.last.stage == "refused"


def test_a_stick_without_anything_for_the_frame_is_silent(frame: Frame, folder: Path) -> None:
    (folder / "letter.txt").write_bytes(b"x")
    frame.visit(folder)
    assert [(said.stage, said.en, said.zh) for said in frame.heard] == [("nothing", "", "")]


def test_photographs_alone_are_left_alone_and_it_says_so(frame: Frame, folder: Path) -> None:
    for number in range(12):
        (folder / f"{number}.jpg").write_bytes(b"x")
    frame.visit(folder)
    assert frame.last.stage == "nothing"
    assert "12 photographs on the stick" in frame.last.en
    assert "U盘里有12张照片" in frame.last.zh


def test_a_report_that_is_asked_for_keeps_the_stick_in(frame: Frame, folder: Path) -> None:
    (folder / "imago-report-request").touch()
    frame.visit(folder, reports=True)
    assert not frame.last.safe
    assert "report" in frame.last.en


def test_a_pipe_in_a_files_place_is_refused_and_said(frame: Frame, folder: Path) -> None:
    os.mkfifo(folder / "a.imago")
    results, _ = frame.visit(folder)
    assert results[0].verdict.code == "malformed.not-a-file"
    assert frame.last.stage == "refused"
    assert frame.last.safe
