"""Pages that were looked over become letters."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.importers.item import Item, Problem, Where
from provisioning.letters.heads import head
from provisioning.letters.page import Line, Page
from provisioning.letters.reviewed import draft, items, place, title
from tests.support.written_pages import CHINESE, ENGLISH

BOX = (0.1, 0.1, 0.9, 0.2)


def page(path: str, *texts: str, problem: str = "") -> Page:
    found = tuple(Line(text, BOX, 0.9, number // 2) for number, text in enumerate(texts))
    return Page(path, hashlib.sha256(path.encode()).hexdigest(), found, problem=problem)


def test_heads_are_told_by_the_rules_for_typed_letters() -> None:
    chinese, english = head(CHINESE), head(ENGLISH)
    assert (chinese.when.start, chinese.to) == ("1997-03-02", ("秀兰",))
    assert (english.when.start, english.to, english.name) == ("1997-03-02", ("Wen",), "father")
    assert head([]).when.start == head(["", " "]).when.start == ""
    assert head(["Dear Wen,", "It snows."], "1997-03-02 b.jpg").when.start == "1997-03-02"


def test_a_place_beside_the_date_is_no_name() -> None:
    assert head(["秀兰：", "见字如面。", "杭州 1997年3月2日"]).name == ""


def test_a_date_that_is_not_the_names_is_doubtful() -> None:
    one = page("letters/1998-03-02.jpg")
    doubt, letter = items([one], {one.sha256: "\n".join(ENGLISH)})
    assert isinstance(doubt, Problem)
    assert doubt.ambiguous
    assert isinstance(letter, Item)
    assert letter.when.confidence < 0.6


def test_a_page_that_was_looked_over_is_a_letter() -> None:
    one = page("letters/wen.jpg", "秀兰:", "见宇如面")
    (letter,) = items([one], {one.sha256: "\n" + "\n".join(CHINESE)})
    assert isinstance(letter, Item)
    assert letter.text.startswith("秀兰：")
    assert letter.where == Where("letters/wen.jpg", 2), "of its first word, in the text beside the picture"
    assert (letter.kind, letter.to, letter.when.start) == ("letter", ("秀兰",), "1997-03-02")
    assert letter.when.confidence < 0.9


def test_a_page_that_nobody_looked_at_is_none() -> None:
    found = items([page("letters/a.jpg", "Dear Wen,"), page("letters/b.jpg", problem="no writing was found")], {})
    assert all(isinstance(one, Problem) for one in found)
    assert [one.reason for one in found if isinstance(one, Problem)] == [
        "a page that nobody has looked over yet", "a page that could not be read"
    ]  # fmt: skip


def test_a_blank_page_is_counted() -> None:
    one = page("letters/a.jpg", "stain")
    (found,) = items([one], {one.sha256: " \n"})
    assert isinstance(found, Problem)
    assert "blank" in found.reason


def test_pages_of_one_letter_share_its_head() -> None:
    pages = [page(f"letters/wen-{n}.jpg") for n in (1, 2, 10)]
    said = ("Dear Wen,\nThe tree", "has done well", "Your father\n2 March 1997")
    texts = {one.sha256: text for one, text in zip(pages, said, strict=True)}
    found = [one for one in items(list(reversed(pages)), texts) if isinstance(one, Item)]
    assert [one.where.path for one in found] == [one.path for one in pages]
    assert {(one.chat, one.to, one.when.start, one.name) for one in found} == {
        ("letters/wen-1.jpg", ("Wen",), "1997-03-02", "father")
    }


def test_a_page_that_addresses_somebody_begins_a_letter() -> None:
    pages = [page(f"letters/letter {n}.jpg") for n in (1, 2, 3)]
    texts = ["Dear Wen,\nThe tree\nhas done well.\n2 March 1997", "Dear Leo,\nIt snows.\n5 May 1998", "And so on."]
    found = items(pages, {one.sha256: text for one, text in zip(pages, texts, strict=True)})
    assert [(one.chat, one.when.start) for one in found if isinstance(one, Item)] == [
        ("letters/letter 1.jpg", "1997-03-02"),
        ("letters/letter 2.jpg", "1998-05-05"),
        ("letters/letter 2.jpg", "1998-05-05"),
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("letters/wen-1.jpg", "letters/wen"),
        ("letters/wen page 2.jpg", "letters/wen"),
        ("letters/家书 第2页.jpg", "letters/家书"),
        ("letters/1997-03-02.jpg", "letters/1997-03-02"),
        ("letters/1997-03-02 b.jpg", "letters/1997-03-02"),
        ("letters/7.jpg", "letters/7"),
        ("letters/a.pdf#3", "letters/a"),
        ("letters/IMG_0031.jpg", "letters/IMG_0031"),
    ],
)
def test_what_pages_have_in_common(path: str, name: str) -> None:
    assert title(path) == name


def test_the_draft_to_be_corrected() -> None:
    assert draft(page("a", "one", "two", "three")) == "one\ntwo\n\nthree\n"
    assert draft(page("a")) == ""
    one = page("a")
    assert place(one) == f"review/letters/{one.sha256[:16]}.txt"


@given(st.lists(st.text(max_size=40), max_size=12), st.text(max_size=20))
def test_any_text_has_a_head(texts: list[str], name: str) -> None:
    found = head(texts, name)
    assert len(found.name) <= 40
    assert len(found.when.start) in (0, 4, 7, 10)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=12), st.text(max_size=30) | st.none()), max_size=8))
def test_no_page_vanishes(told: list[tuple[str, str | None]]) -> None:
    pages = [page(f"letters/{name}.jpg") for name, _ in told]
    texts = {one.sha256: text for one, (_, text) in zip(pages, told, strict=True) if text is not None}
    found = [one for one in items(pages, texts) if not (isinstance(one, Problem) and one.ambiguous)]
    assert sorted(one.where.path for one in found) == sorted(one.path for one in pages)
