"""A whole build: what changes rebuilds little, what was cut short goes on, and only what was agreed to gets in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.errors import ImagoError
from device.mind.memory_file import MemoryRow, connect, read_rows
from device.persona.unpacked import load
from provisioning.building.executor import Done, Executor, HereExecutor, ProcessExecutor
from provisioning.building.kept import Kept
from provisioning.building.task import Task
from provisioning.building.workbench import Workbench
from provisioning.intake.digests import Digests
from provisioning.recipe.recipe import build
from provisioning.recipe.spec import spec_of

PERSONA = """
[person]
name = "李玉兰"
languages = ["zh", "en"]
born = 1938-04-02
died = 2019-11-20
[brought_by]
name = "林夏"
relation = "granddaughter"
[consent]
basis = "relative"
evidence = ["consent/register.txt"]
grants = ["letters", "chats"]
[chats]
"chats/told.csv" = { speaker = "wxid_lan" }
"""
STORY = "# id: silk\n一九五三年，我到杭州的丝织厂做工，一做就是三十五年。\n"
LETTER = "文杰：\n\n你到英国半个月，我天天看钟。家里的桂花开了，我摘了一篮，晒干了给你留着。\n\n娘\n1991年9月15日\n"
COLUMNS = (
    *("localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime"),
    *("Status", "StrContent", "StrTime", "Remark", "NickName", "Sender"),
)
TALK = (
    ("me", "外婆，霉干菜扣肉要蒸几趟？"),
    ("wxid_lan", "要蒸三趟，头一趟一个钟头，第二趟四十分钟，霉干菜的油才会全部吃进去。"),
    ("me", "外婆你小时候养过狗吗？"),
    ("wxid_lan", "我从来没有养过狗，小辰光我娘养蚕，狗要吓着蚕宝宝的。"),
)


def wechat(talk: tuple[tuple[str, str], ...]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for n, (sender, text) in enumerate(talk):
        at = 1518700000 + 600 * n
        row = [n, 1, 1, 0, int(sender == "me"), at, 1, text, f"2018-02-15 20:{n:02}:00", "x", "x", sender]
        writer.writerow(row)
    return out.getvalue()


@pytest.fixture
def shoebox(tmp_path: Path) -> Path:
    box = tmp_path / "box"
    files = {
        "persona.toml": PERSONA,
        "stories.zh.txt": STORY,
        "letters/1991-09-15-wenjie.txt": LETTER,
        "chats/told.csv": wechat(TALK),
        "consent/register.txt": "a register",
    }
    for name, text in files.items():
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        (box / name).write_text(text, encoding="utf-8")
    return box


@contextmanager
def bench_in(folder: Path, executor: Executor | None = None) -> Iterator[Workbench]:
    with executor or HereExecutor(folder) as workers:
        yield Workbench(Kept(folder), workers)


def built(box: Path, kept: Path, executor: Executor | None = None) -> tuple[Path, int, list[str]]:
    """The persona's folder, how many tasks were done, and what was said."""
    said: list[str] = []
    with bench_in(kept, executor) as bench:
        made = build(spec_of(box, "lan", Digests()), bench, said.append)
    return made.path, bench.made, said


def rows(folder: Path) -> list[MemoryRow]:
    connection = connect(folder / "memory.sqlite")
    found = read_rows(connection)
    connection.close()
    return found


def tree(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_letters_and_chats_are_remembered_with_their_places(shoebox: Path, tmp_path: Path) -> None:
    folder, _, said = built(shoebox, tmp_path / "kept")
    sources = {row.origin.source for row in rows(folder)}
    assert sources == {"stories.zh.txt", "letters/1991-09-15-wenjie.txt", "chats/told.csv"}
    dog = next(row for row in rows(folder) if "养过狗" in row.text)
    assert (dog.origin.source, dog.origin.line, dog.origin.grant) == ("chats/told.csv", 5, "chats")
    assert dog.origin.told.startswith("2018-02-15")
    persona = load(folder)
    assert (persona.id, persona.missing) == ("lan", ("likeness",))
    assert any("no photograph" in line for line in said)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["needs"] == {"memory.sqlite": ["chats", "letters"]}


def test_the_same_shoebox_gives_the_same_bytes_whoever_builds_it(shoebox: Path, tmp_path: Path) -> None:
    first, _, _ = built(shoebox, tmp_path / "one")
    moved = tmp_path / "elsewhere" / "another name"
    moved.parent.mkdir()
    shoebox.rename(moved)
    second, _, _ = built(moved, tmp_path / "two", ProcessExecutor(tmp_path / "two", 2))
    assert tree(first) == tree(second)


def test_a_changed_letter_builds_little_again_and_nothing_else(shoebox: Path, tmp_path: Path) -> None:
    _, all_of_it, _ = built(shoebox, tmp_path / "kept")
    assert built(shoebox, tmp_path / "kept")[1] == 0
    letter = shoebox / "letters/1991-09-15-wenjie.txt"
    letter.write_text(LETTER.replace("一篮", "两篮"), encoding="utf-8")
    folder, again, _ = built(shoebox, tmp_path / "kept")
    assert 0 < again < all_of_it
    assert any("两篮" in row.text for row in rows(folder))
    letter.write_bytes(LETTER.encode("gb18030"))
    with bench_in(tmp_path / "kept") as bench:
        build(spec_of(shoebox, "lan", Digests()), bench, lambda line: None)
    assert bench.made <= 3, "read, counted and put together: other bytes of the same words change nothing behind them"


class _Interrupted(HereExecutor):
    """The lid is shut after so many tasks."""

    def __init__(self, folder: Path, after: int) -> None:
        super().__init__(folder)
        self.left = after

    def submit(self, task: Task) -> Future[Done]:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().submit(task)


@pytest.mark.parametrize("after", [1, 4, 7])
def test_what_was_cut_short_goes_on(shoebox: Path, tmp_path: Path, after: int) -> None:
    whole, count, _ = built(shoebox, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        built(shoebox, tmp_path / "kept", _Interrupted(tmp_path / "kept", after))
    folder, rest, _ = built(shoebox, tmp_path / "kept")
    assert rest == count - after
    assert tree(folder) == tree(whole)


def test_what_was_not_agreed_to_is_left_out(shoebox: Path, tmp_path: Path) -> None:
    (shoebox / "persona.toml").write_text(PERSONA.replace('"letters", "chats"', '"chats"'), encoding="utf-8")
    folder, _, _ = built(shoebox, tmp_path / "kept")
    assert not any(row.origin.grant == "letters" for row in rows(folder))
    assert b"\xe6\xa1\x82\xe8\x8a\xb1" not in (folder / "memory.sqlite").read_bytes(), "not even in the index"


def test_a_chat_counts_when_the_family_has_said_who_it_is(shoebox: Path, tmp_path: Path) -> None:
    strange = tuple((sender.replace("wxid_lan", "wxid_x"), text.replace("外婆", "")) for sender, text in TALK)
    strange = tuple((sender, text.replace("三趟", "九趟")) for sender, text in strange)
    (shoebox / "chats/unknown.csv").write_text(wechat(strange), encoding="utf-8")
    folder, _, _ = built(shoebox, tmp_path / "kept")
    assert not any("九趟" in row.text for row in rows(folder))
    (shoebox / "review").mkdir()
    (shoebox / "review/people.toml").write_text('[speakers]\n"chats/unknown.csv" = "wxid_x"\n', encoding="utf-8")
    folder, _, _ = built(shoebox, tmp_path / "kept")
    assert any("九趟" in row.text for row in rows(folder))


def test_a_backup_within_an_archive_repeats_nothing(shoebox: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shoebox / "chats/backup.zip", "w") as archive:
        archive.write(shoebox / "chats/told.csv", "told.csv")
        archive.writestr(
            "other.csv", wechat((*TALK, ("wxid_lan", "后来我在巷口摆了十五年的织补摊头，顶针磨穿了三只。")))
        )
    (shoebox / "persona.toml").write_text(
        PERSONA + '"chats/backup.zip!/other.csv" = { speaker = "wxid_lan" }\n', encoding="utf-8"
    )
    after = rows(built(shoebox, tmp_path / "kept")[0])
    assert sum("养过狗" in row.text for row in after) == 1
    assert sum("织补摊头" in row.text for row in after) == 1


@pytest.mark.parametrize("name", ["review/people.toml", "review/memories.toml", "review/photos.toml"])
def test_a_review_that_cannot_be_read_is_named(shoebox: Path, tmp_path: Path, name: str) -> None:
    (shoebox / "review").mkdir()
    (shoebox / name).write_text("nonsense = [", encoding="utf-8")
    with pytest.raises(ImagoError, match=name.split("/")[1]):
        built(shoebox, tmp_path / "kept")
