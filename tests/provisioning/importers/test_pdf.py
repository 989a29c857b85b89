"""PDF documents: pages of text, pages that were scanned, and what only looks like a PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from provisioning.importers import pdf as module
from provisioning.importers.item import Item, Problem
from provisioning.importers.pdf import Pdf
from tests.support.documents import pdf
from tests.support.reading import read


def document(folder: Path, raw: bytes, told: str = "letters/a.pdf") -> tuple[list[Item], list[Problem]]:
    return read(Pdf(), folder, told, raw)


def test_a_letter_is_whole_and_its_scanned_page_is_told(tmp_path: Path) -> None:
    (item,), problems = document(tmp_path, pdf("", "阿稳：\n箱子里是那台收音机。", "爹\n一九九七年三月二日"))
    assert item.text == "阿稳：\n箱子里是那台收音机。\n爹\n一九九七年三月二日"
    assert (item.where.line, item.to, item.name, item.when.start) == (2, ("阿稳",), "爹", "1997-03-02")
    assert [(p.reason, p.where.line) for p in problems] == [(module.SCANNED, 1)]


def test_of_a_book_each_page_is_an_item(tmp_path: Path) -> None:
    items, _ = document(tmp_path, pdf("one", "two"), "notes/book.pdf")
    assert [(i.kind, i.text, i.where.line) for i in items] == [("story", "one", 1), ("story", "two", 2)]


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)


@settings(max_examples=25, deadline=None)
@given(st.lists(HAN, min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, pages: list[str]) -> None:
    items, problems = document(tmp_path_factory.mktemp("box"), pdf(*pages), "notes/a.pdf")
    assert [i.text for i in items] == pages
    assert not problems


@pytest.mark.parametrize(("user", "readable"), [("secret", False), ("", True)])
def test_a_password_is_told_unless_it_only_forbids_changes(tmp_path: Path, user: str, readable: bool) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("hello"))))
    writer.encrypt(user, "owner", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    items, problems = document(tmp_path, file.getvalue())
    assert [i.text for i in items] == (["hello"] if readable else [])
    assert [p.reason for p in problems] == ([] if readable else ["a document with a password; save it without one"])


def test_letters_without_a_meaning_are_told(tmp_path: Path) -> None:
    items, problems = document(tmp_path, pdf("\ue001\ue002\ue003\ue004\ue005"))
    assert not items
    assert [p.reason for p in problems] == [module.UNREADABLE]


def test_a_damaged_page_costs_that_page(tmp_path: Path) -> None:
    raw = pdf("one", "two", "three").replace(b"/Contents 8 0 R", b"/Contents 9999 ")
    items, problems = document(tmp_path, raw, "notes/a.pdf")
    assert [i.text for i in items] == ["one", "three"]
    assert len(problems) == 1


LOOPS = {
    "pages within themselves": pdf("x").replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"),
    "a page without end": pdf("x").replace(b"/Type /Page ", b"/Type /Pages /Kids [5 0 R] "),
    "contents of themselves": pdf("x").replace(b"/Contents 6 0 R", b"/Contents 5 0 R"),
    "a million pages": pdf("x").replace(b"/Count 1", b"/Count 1000000"),
    "no pages": pdf(),
    "no root": pdf("x").replace(b"/Root 1 0 R", b""),
    "table of itself": pdf("x").replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
    "nothing": b"%PDF-1.7\n",
}


@pytest.mark.parametrize("what", LOOPS)
def test_what_leads_in_circles_ends(tmp_path: Path, what: str) -> None:
    items, problems = document(tmp_path, LOOPS[what])
    assert items or problems


def test_a_bomb_is_one_problem(tmp_path: Path) -> None:
    import zlib

    packed = zlib.compress(b"q Q " * 20_000_000, 9)
    head, _, _ = pdf("x").partition(b"6 0 obj")
    raw = (
        head
        + b"6 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
    )
    raw += b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
    items, problems = document(tmp_path, raw)
    assert not items
    assert len(problems) == 1
