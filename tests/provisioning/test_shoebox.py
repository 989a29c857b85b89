"""A new shoebox, and files that find their folder by what they are."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Usage
from provisioning import shoebox
from provisioning.commands import add, new
from provisioning.review.agreement import persona_of
from provisioning.shoebox import FOLDERS, Who, folder_for, make

KINDS = [
    (b"\xff\xd8\xff\xe0", "x.txt", "photos"),
    (b"\x89PNG\r\n", "a", "photos"),
    (b"\0\0\0\x18ftypheic", "a.jpg", "photos"),
    (b"RIFF\0\0\0\0WAVE", "a", "voice"),
    (b"\x02#!SILK_V3", "msg.aud", "voice"),
    (b"#!AMR\n", "a", "voice"),
    (b"\0\0\0\x20ftypM4A ", "a.mp4", "voice"),
    (b"\0\0\0\x20ftypisom", "a", "video"),
    (b"RIFF\0\0\0\0AVI ", "a", "video"),
    (b"RIFF\0\0\0\0WEBPVP8", "a", "photos"),
    (b"%PDF-1.7", "a", "letters"),
    (b"From a@b Mon", "mail", "letters"),
    (b"PK\x03\x04....word/document.xml", "a", "letters"),
    (b"PK\x03\x04_chat.txt", "WhatsApp.zip", "chats"),
    ("[LINE] 与外婆的聊天记录\n".encode(), "a.txt", "chats"),
    ("消息记录（此消息记录为文本格式）".encode(), "a.txt", "chats"),
    (b"id,MsgSvrID,type_name,is_sender,talker\n", "a.csv", "chats"),
    (b"SQLite format 3\0", "chat.db", "chats"),
    (b"[14/10/2021, 3:34:09 PM] N: t\n" * 4, "_chat.txt", "chats"),
    (b"12/12/2020, 15:37 - N: t\n" * 4, "x.txt", "chats"),
    (b"Dear Lan,\n\nit rains.", "1997.txt", "letters"),
    ("秀兰：\n天冷。".encode(), "信.txt", "letters"),
    (b"1956: We crossed the river.\n\n1957: And back.", "stories.txt", ""),
]


def test_a_new_shoebox_is_one_that_can_be_read(tmp_path: Path) -> None:
    who = Who('李"玉"兰\\', ("外婆", "Grandma Lan"), ("zh", "en"), "1938-04-02", "2019", "Lin Xia", "granddaughter")
    path = make(tmp_path / "box", who)
    file = persona_of(tmp_path / "box")
    assert (file.person.name, file.person.called) == (who.name, who.called)
    assert (str(file.person.born), file.person.died) == ("1938-04-02", 2019)
    assert (file.brought_by.relation, file.consent.basis, file.consent.grants) == ("granddaughter", "relative", ())
    assert all((tmp_path / "box" / name).is_dir() for name in FOLDERS)
    assert path.read_text(encoding="utf-8").count("#") >= 6


def test_the_living_agree_themselves(tmp_path: Path) -> None:
    make(tmp_path, Who("Ada"))
    assert persona_of(tmp_path).consent.basis == "self"
    assert persona_of(tmp_path).person.died is None


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_name_is_read_again(tmp_path_factory: pytest.TempPathFactory, name: str, relation: str) -> None:
    box = tmp_path_factory.mktemp("box")
    make(box, Who(name, relation=relation))
    told = msgspec.toml.decode((box / "persona.toml").read_bytes())
    assert (told["person"]["name"], told["brought_by"]["relation"]) == (name, relation)


def test_a_shoebox_is_never_made_over(tmp_path: Path) -> None:
    make(tmp_path, Who("Ada"))
    with pytest.raises(BadInput):
        make(tmp_path, Who("Eve"))
    assert persona_of(tmp_path).person.name == "Ada"


@pytest.mark.parametrize("date", ["in May", "1938-13-01", "38", "1938-04"])
def test_a_date_that_is_none(tmp_path: Path, date: str) -> None:
    with pytest.raises(BadInput):
        make(tmp_path, Who("Ada", born=date))
    assert not (tmp_path / "persona.toml").exists()


@pytest.mark.parametrize(("head", "name", "folder"), KINDS)
def test_a_files_content_says_where_it_belongs(head: bytes, name: str, folder: str) -> None:
    assert folder_for(head, name) == folder


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_file_has_a_place(head: bytes, name: str) -> None:
    assert folder_for(head, name) in ("", *FOLDERS)


def options(box: Path, *paths: Path) -> argparse.Namespace:
    return argparse.Namespace(shoebox=box, files=list(paths))


def test_files_are_copied_never_moved_and_never_over_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path / "box", Who("Ada"))
    one, two = tmp_path / "one/a.jpg", tmp_path / "two/a.jpg"
    for number, path in enumerate((one, two)):
        path.parent.mkdir()
        path.write_bytes(b"\xff\xd8\xff" + bytes([number]))
    assert add.run(options(tmp_path / "box", one, tmp_path / "two")) == 0
    assert add.run(options(tmp_path / "box", one)) == 0
    photos = tmp_path / "box/photos"
    assert {p.name: p.read_bytes()[-1] for p in photos.iterdir()} == {"a.jpg": 0, "a-2.jpg": 1}
    assert one.exists()
    assert two.exists()
    assert "a.jpg -> photos/a-2.jpg" in capsys.readouterr().err


def test_one_file_that_is_not_there_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "box", Who("Ada"))
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    assert add.run(options(tmp_path / "box", tmp_path / "a", tmp_path / "b.pdf")) == 3
    assert (tmp_path / "box/letters/b.pdf").is_file()
    assert "a file to read" in capsys.readouterr().err


def asked(box: Path, **given_: str) -> argparse.Namespace:
    usual = dict.fromkeys(("name", "called", "languages", "born", "died", "by", "relation"), "")
    return argparse.Namespace(shoebox=box, **{**usual, **given_})


def test_the_command_makes_one(tmp_path: Path) -> None:
    assert new.run(asked(tmp_path / "box", name="Ada", called="Nana, 奶奶、Granny", languages="en")) == 0
    assert persona_of(tmp_path / "box").person.called == ("Nana", "奶奶", "Granny")
    for wrong in (asked(tmp_path / "x"), asked(tmp_path / "x", name="Ada", languages="fr")):
        with pytest.raises(Usage):
            new.run(wrong)


def test_the_same_bytes(tmp_path: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).write_bytes(content)
    assert shoebox.same(tmp_path / "a", tmp_path / "b")
    assert not shoebox.same(tmp_path / "a", tmp_path / "c")
