"""Word documents, whole and broken."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers import word as module
from provisioning.importers.item import Item, Problem
from provisioning.importers.word import Word
from tests.support.documents import docx
from tests.support.reading import read, source

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(folder: Path, raw: bytes) -> tuple[list[Item], list[Problem]]:
    return read(Word(), folder, "letters/a.docx", raw)


def test_paragraphs_and_their_numbers(tmp_path: Path) -> None:
    (item,), problems = document(tmp_path, docx("", "听潮：", "", "两行\n一段 & <x>", "爹"))
    assert item.text == "听潮：\n\n两行\n一段 & <x>\n爹"
    assert (item.where.line, item.to, item.name) == (2, ("听潮",), "爹")
    assert not problems


def test_what_was_deleted_and_what_is_said_twice_is_left_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> new</w:t></w:r></w:ins><w:r><w:tab/><w:t>end</w:t></w:r></w:p>"
        "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r>"
        "<w:t>box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    )
    (item,), _ = document(
        tmp_path, docx(document=f'<w:document {NS} xmlns:mc="m"><w:body>{body}</w:body></w:document>')
    )
    assert item.text == "kept new\tend\nbox"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40),
        max_size=6,
    )
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, paragraphs: list[str]) -> None:
    items, problems = document(tmp_path_factory.mktemp("box"), docx(*paragraphs))
    text = "\n".join(p.rstrip() for p in paragraphs).rstrip()
    said = [line for line in text.split("\n") if line.strip()]
    assert [line for i in items for line in i.text.split("\n") if line.strip()] == said
    assert items or problems


def test_pictures_alone_are_told(tmp_path: Path) -> None:
    items, problems = document(tmp_path, docx("", extra={"word/media/image1.jpeg": b"x"}))
    assert not items
    assert [p.reason for p in problems] == ["a document of pictures without text"]


@pytest.mark.parametrize("raw", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"{\\rtf1 hi}"])
def test_an_older_document_is_told(tmp_path: Path, raw: bytes) -> None:
    assert Word().claims(source(tmp_path, "letters/a.doc", raw)) > 0.5
    items, problems = document(tmp_path, raw)
    assert not items
    assert len(problems) == 1


def test_a_zip_of_something_else_is_not_claimed(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("chat.txt", "hi")
    assert Word().claims(source(tmp_path, "chats/a.zip", file.getvalue())) == 0.0


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
FETCH = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
HOSTILE = {
    "entities": f"{LAUGHS}<w:document {NS}><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>",
    "fetch": f"{FETCH}<w:document {NS}><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:document>",
    "cut off": f"<w:document {NS}><w:p><w:r><w:t>one",
    "no xml": "hello",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_document_is_one_problem(tmp_path: Path, what: str) -> None:
    items, problems = document(tmp_path, docx(document=HOSTILE[what]))
    assert not items
    assert [p.reason for p in problems] == ["a damaged Word document"]


def test_a_bomb_is_one_problem(tmp_path: Path) -> None:
    bomb = f"<w:document {NS}><w:p><w:r><w:t>{' ' * (module.MAX_XML + 1000)}</w:t></w:r></w:p></w:document>"
    raw = docx(document=bomb)
    assert len(raw) < 200_000
    items, problems = document(tmp_path, raw)
    assert not items
    assert [p.detail for p in problems] == ["its text is too long"]


def test_depth_without_end_is_read_or_told(tmp_path: Path) -> None:
    deep = f"<w:document {NS}>" + "<w:p>" * 200_000 + "<w:r><w:t>x</w:t></w:r>" + "</w:p>" * 200_000 + "</w:document>"
    items, problems = document(tmp_path, docx(document=deep))
    assert items or problems


def test_a_list_of_members_that_lies_is_one_problem(tmp_path: Path) -> None:
    raw = docx("hi")
    end = raw.rindex(b"PK\x05\x06")
    items, problems = document(tmp_path, raw[: end + 12] + b"\xff\xff\xff\x7f" + raw[end + 16 :])
    assert not items
    assert len(problems) == 1


def test_a_document_of_libreoffice(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        line = "the<text:s/>ferry <text:span>stopped</text:span>.<text:line-break/>Home."
        text = f"<text:h>Ting,</text:h><text:p>{line}</text:p>"
        archive.writestr("content.xml", f'<o:d xmlns:o="o" xmlns:text="t"><o:body>{text}</o:body></o:d>')
    raw = file.getvalue()
    assert Word().claims(source(tmp_path, "letters/a.odt", raw)) == 0.9
    (item,), problems = document(tmp_path, raw)
    assert (item.text, item.to) == ("Ting,\nthe ferry stopped.\nHome.", ("Ting",))
    assert not problems


OLDER = [("WordDocument", ".docx"), ("EncryptedPackage", "password"), ("__substg1.0_", ".eml"), ("Workbook", "Office")]


@pytest.mark.parametrize(("name", "hint"), OLDER)
def test_what_an_older_document_is(tmp_path: Path, name: str, hint: str) -> None:
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + name.encode("utf-16-le")
    items, problems = document(tmp_path, raw)
    assert not items
    assert hint in problems[0].reason
