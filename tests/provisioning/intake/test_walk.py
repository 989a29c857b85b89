"""A shoebox is walked whole, and everything in it is accounted for; digests are read again only when they must be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioning.intake.digests import Digests
from provisioning.intake.walk import walk


@pytest.fixture
def shoebox(tmp_path: Path) -> Path:
    files = {
        "persona.toml": "name",
        "stories.txt": "a story",
        "stories.zh.txt": "故事",
        "album.toml": "",
        "consent/statement.txt": "we agree",
        "review/people.toml": "",
        "wake/call.wav": "RIFF",
        "letters/b.txt": "Dear Ting,",
        "letters/copy of b.txt": "Dear Ting,",
        "chats/old/a.csv": "id,msg",
        "notes.md": "# At the top",
        "photos/.thumbs/a.jpg": "hidden",
        "photos/Thumbs.db": "noise",
        "photos/a.jpg.json": "{}",
        "photos/b.jpg.json": "{}",
        "voice/empty.amr": "",
    }
    for told, text in files.items():
        (tmp_path / told).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / told).write_text(text, encoding="utf-8")
    return tmp_path


def test_material_is_found_and_the_rest_is_told(shoebox: Path) -> None:
    walked = walk(shoebox, Digests())
    assert [file.told for file in walked.files] == [
        "chats/old/a.csv",
        "letters/b.txt",
        "notes.md",
        "photos/a.jpg.json",
        "photos/b.jpg.json",
    ]
    assert {(a.path, a.duplicate_of, a.problem) for a in walked.accounts} == {
        ("letters/copy of b.txt", "letters/b.txt", ""),
        ("voice/empty.amr", "", "an empty file"),
    }


def test_links_are_followed_only_within_the_shoebox(shoebox: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("not theirs", encoding="utf-8")
    (shoebox / "letters" / "out.txt").symlink_to(outside)
    (shoebox / "letters" / "broken.txt").symlink_to("nowhere")
    (shoebox / "letters" / "z-within.txt").symlink_to("b.txt")
    os.mkfifo(shoebox / "letters" / "pipe")
    told = {file.told for file in walk(shoebox, Digests()).files}
    assert not told & {"letters/out.txt", "letters/broken.txt", "letters/pipe"}


def test_digests_are_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file, index = tmp_path / "a.txt", tmp_path / "index"
    file.write_text("one", encoding="utf-8")
    os.utime(file, (1e9, 1e9))
    first = Digests(index)
    digest = first.of(file)
    first.save()
    inode = file.stat().st_ino
    with file.open("r+", encoding="utf-8") as stream:
        stream.write("two")
    os.utime(file, (1e9, 1e9))
    assert file.stat().st_ino == inode
    assert Digests(index).of(file) == digest, "same size, time and inode: it was not read again"
    os.utime(file, (1e9, 1e9 + 1))
    assert Digests(index).of(file) != digest


def test_a_file_that_has_just_changed_is_not_trusted(tmp_path: Path) -> None:
    file, index = tmp_path / "a.txt", tmp_path / "index"
    file.write_text("one", encoding="utf-8")
    first = Digests(index)
    digest = first.of(file)
    first.save()
    stamp = file.stat()
    file.write_text("two", encoding="utf-8")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert Digests(index).of(file) != digest


def test_a_damaged_index_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(b"\xc1")
    (tmp_path / "a.txt").write_text("one", encoding="utf-8")
    assert Digests(tmp_path / "index").of(tmp_path / "a.txt") == Digests().of(tmp_path / "a.txt")
