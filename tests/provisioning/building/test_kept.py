"""Outcomes are made once, kept whole, and made again when anything that they rest on has changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from device.errors import BadInput, Busy
from provisioning.building.kept import NOTE, Kept, digest_of_folder
from provisioning.building.task import Input, Task

WORK = "tests.support.pieces_of_work"


def given(path: Path) -> Input:
    return Input(path, hashlib.sha256(path.read_bytes()).hexdigest())


def shout(path: Path, **options: object) -> Task:
    return Task(path.name, f"{WORK}:shout", 1, {"text": given(path)}, dict(options))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("mind the step. ", encoding="utf-8")
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "kept")


def test_what_was_made_is_found_again(kept: Kept, text: Path) -> None:
    task = shout(text, times=2)
    assert kept.find(task) is None
    made = kept.perform(task)
    assert (made.folder.path / "said.txt").read_text(encoding="utf-8") == "MIND THE STEP. MIND THE STEP. "
    assert kept.find(task) == made
    before = (made.folder.path / "said.txt").stat().st_ino
    assert kept.perform(task) == made
    assert (made.folder.path / "said.txt").stat().st_ino == before, "it was not made twice"


def test_another_content_option_or_version_is_another_outcome(text: Path) -> None:
    first = shout(text)
    keys = {first.key, shout(text, times=2).key, Task("t", first.run, 2, first.inputs).key}
    text.write_text("other", encoding="utf-8")
    keys.add(shout(text).key)
    assert len(keys) == 4
    assert shout(text).key == Task("another title", first.run, 1, {"text": given(text)}, seconds=9.0).key


def test_where_a_file_lies_does_not_matter(kept: Kept, text: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "moved.txt"
    elsewhere.write_bytes(text.read_bytes())
    assert shout(elsewhere).key == shout(text).key


@pytest.mark.parametrize("work", ["refuse", "fill_the_disk"])
def test_what_went_wrong_leaves_nothing(kept: Kept, text: Path, work: str) -> None:
    task = Task("a letter", f"{WORK}:{work}", 1, {"text": given(text)})
    with pytest.raises(BadInput if work == "refuse" else Busy):
        kept.perform(task)
    assert kept.find(task) is None
    assert not [path for path in kept.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("damage", ["cut", "gone", "note"])
def test_a_damaged_outcome_is_made_anew(kept: Kept, text: Path, damage: str) -> None:
    task = shout(text)
    made = kept.perform(task)
    said = made.folder.path / "said.txt"
    if damage == "cut":
        said.write_text("MI", encoding="utf-8")
    elif damage == "gone":
        said.unlink()
    else:
        (made.folder.path.parent / NOTE).write_text("{", encoding="utf-8")
    assert kept.find(task) is None
    assert kept.perform(task).folder.digest == made.folder.digest
    assert said.read_text(encoding="utf-8") == "MIND THE STEP. "


def test_a_folders_digest_counts_names_and_bytes(tmp_path: Path) -> None:
    def digest(**files: str) -> str:
        folder = tmp_path / f"f{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return digest_of_folder(folder)[0]

    assert digest(a="1", b="2") == digest(b="2", a="1")
    assert len({digest(a="1", b="2"), digest(a="2", b="1"), digest(a="12"), digest(a="1", c="2"), digest()}) == 5


def test_only_what_is_not_used_is_pruned(kept: Kept, text: Path) -> None:
    old, used = kept.perform(shout(text)), kept.perform(shout(text, times=2))
    draft = kept.folder / "ab" / ".abcd.1.2"
    draft.mkdir(parents=True)
    for place in (old.folder.path.parent / NOTE, draft):
        os.utime(place, (1000.0, 1000.0))
    now = (used.folder.path.parent / NOTE).stat().st_mtime
    assert kept.prune(3600.0, now) == 2
    assert kept.find(shout(text)) is None
    assert kept.find(shout(text, times=2)) == used
    assert not draft.exists()
