"""Letters and stories: whole, with their date, addressee and sender where these are certain."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers.importer import HEAD, Source
from provisioning.importers.item import Item, Problem
from provisioning.importers.letter_dates import letter_date, line_date, name_date
from provisioning.importers.letter_frame import addressee, signature
from provisioning.importers.markdown import heading
from provisioning.importers.markdown import plain as without_marks
from provisioning.importers.plain import Plain
from tests.support.documents import LETTER, STORY
from tests.support.reading import read, source

SHOEBOX = Path(__file__).resolve().parents[3] / "demo" / "shoebox"


def texts(folder: Path, text: str | bytes, told: str = "letters/a.txt") -> tuple[list[Item], list[Problem]]:
    return read(Plain(), folder, told, text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_letter_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (item,), problems = texts(tmp_path, LETTER.encode(encoding))
    assert (item.kind, item.text) == ("letter", LETTER.strip())
    assert (item.to, item.name, item.speaker) == (("听潮",), "娘", "娘")
    assert (item.when.start, item.when.confidence) == ("1997-03-02", 0.95)
    assert not problems


@pytest.mark.parametrize("path", sorted((SHOEBOX / "letters").glob("*.txt")), ids=lambda p: p.name)
def test_the_demo_familys_letters(path: Path) -> None:
    raw = path.read_bytes()
    given_file = Source(path, path.relative_to(SHOEBOX).as_posix(), raw[:HEAD], len(raw))
    (item,) = Plain().read(given_file)
    assert isinstance(item, Item)
    assert item.when.start == path.name[:10]
    assert item.when.confidence == 1.0
    assert item.name in ("Chen Wangchuan", "陈望川")
    assert item.place in ("Hangzhou", "杭州")
    assert item.to[0] in item.text
    assert item.where.line == 3


DATES = [
    ("一九九七年三月二日", "1997-03-02"),
    ("1997年3月2日 晴", "1997-03-02"),
    ("杭州，1997.3.2", "1997-03-02"),
    ("March 2, 1997", "1997-03-02"),
    ("Hangzhou, 2nd March 1997", "1997-03-02"),
    ("The night of the second of March, nineteen ninety-seven", "1997-03-02"),
    ("13/2/1997", "1997-02-13"),
    ("2/13/1997", "1997-02-13"),
    ("2.3.1997", "1997-03-02"),
    ("3/2/1997", "1997"),
    ("31/31/1997", None),
    ("一九五八年冬", "1958"),
    ("我一九五八年三月进厂，那时候还没有桥。", None),
    ("In March 1997 the ferry stopped. We stayed at home.", None),
    ("Dear Ting,", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "start"), DATES)
def test_a_line_that_is_a_date(line: str, start: str | None) -> None:
    found = line_date(line)
    assert (found.start if found else None) == start


NAMES = [
    ("1997-03-02-wen.txt", "1997-03-02"),
    ("19970302.docx", "1997-03-02"),
    ("1997_03.pdf", "1997-03"),
    ("1997年3月2日.txt", "1997-03-02"),
    ("letter 1997.txt", "1997"),
    ("1997-13-40.txt", "1997"),
    ("IMG_12345678.txt", None),
    ("wen.txt", None),
]


@pytest.mark.parametrize(("name", "start"), NAMES)
def test_a_files_name_tells_a_date(name: str, start: str | None) -> None:
    found = name_date(name)
    assert (found.start if found else None) == start
    assert found is None or found.confidence == 0.8


def test_two_dates_that_agree_are_certain_and_two_that_do_not_are_told(tmp_path: Path) -> None:
    assert letter_date(["hi", "March 1997"], "1997-03-02-wen.txt")[0].start == "1997-03-02"
    (item,), problems = texts(tmp_path, LETTER, "letters/1998-01-01.txt")
    assert (item.when.start, item.when.confidence) == ("1997-03-02", 0.6)
    assert [(p.reason, p.ambiguous) for p in problems] == [("the letter's date is not that of its file's name", True)]
    (item,), problems = texts(tmp_path, "Dear Leo,\n\nhello there\n\n3/2/1997")
    assert item.when.start == "1997"
    assert [p.reason for p in problems] == ["the order of day and month is unknown"]


ADDRESSED = [
    ("听潮：", "听潮"),
    ("亲爱的小乐：", "小乐"),
    ("亲爱的外婆，", "外婆"),
    ("外公您好：", "外公"),
    ("Dear Leo,", "Leo"),
    ("My dearest Ting", "Ting"),
    ("Ting,", "Ting"),
    ("To whom it may concern,", ""),
    ("Dear all,", ""),
    ("今天下雨了，", ""),
    ("地址：", ""),
    ("The ferry stopped.", ""),
    ("", ""),
]


@pytest.mark.parametrize(("line", "name"), ADDRESSED)
def test_to_whom(line: str, name: str) -> None:
    assert addressee(line) == name


SIGNED = [
    (["x", "爹"], False, "爹"),
    (["x", "想你的外婆"], False, "外婆"),
    (["x", "母字"], False, "母"),
    (["x", "妹 秀兰"], False, "妹 秀兰"),
    (["x", "许兰 敬上"], False, "许兰"),
    (["x", "许兰"], True, "许兰"),
    (["x", "许兰"], False, ""),
    (["x", "路上当心。"], False, ""),
    (["x", "Father"], False, "Father"),
    (["x", "Your Grandpa"], False, "Grandpa"),
    (["With love,", "Lan"], False, "Lan"),
    (["Yours sincerely,", "Lan Xu"], False, "Lan Xu"),
    (["We went home.", "Lan"], False, ""),
    (["Take care."], False, ""),
    (["x", "Father", "P.S. The tram stopped."], False, "Father"),
    (["x", "爹", "又及：船票在里面。"], False, "爹"),
    ([], False, ""),
]


@pytest.mark.parametrize(("lines", "dated", "name"), SIGNED)
def test_who_signed(lines: list[str], dated: bool, name: str) -> None:
    assert signature(lines, dated) == name


def test_a_letter_that_is_garbled_is_told(tmp_path: Path) -> None:
    items, problems = texts(tmp_path, "Dear Leo,\n\nthe boat \ufffd\ufffd\ufffd floats, it still floats and floats.")
    assert len(items) == 1
    assert [(p.reason, p.ambiguous) for p in problems] == [("characters that could not be read", True)]


def test_place_and_date_may_stand_above_whom_it_speaks_to(tmp_path: Path) -> None:
    (item,), _ = texts(tmp_path, "Salt Boat Lane 7\nHangzhou, 2 March 1997\n\nDear Leo,\n\nhi there.\n\nGrandpa")
    assert (item.to, item.when.start, item.name) == (("Leo",), "1997-03-02", "Grandpa")


def test_a_note_above_tells_what_the_family_knows(tmp_path: Path) -> None:
    note = "# date: 1986-10 | from: 外公 | to: Ting | place: 杭州\n\n听潮：\n\n走路当心。\n"
    (item,), _ = texts(tmp_path, note)
    assert (item.when.start, item.name, item.to, item.place) == ("1986-10", "外公", ("Ting",), "杭州")
    assert (item.text, item.where.line) == ("听潮：\n\n走路当心。", 3)


NOTES = [
    ("# date: 1956", "1956", 1.0),
    ("# date: about 1956 | weather: fine | from: 外公", "1956", 1.0),
    ("# Date: the fruit", "", 0.0),
    ("# The ferry", "", 0.0),
]


@pytest.mark.parametrize(("note", "start", "confidence"), NOTES)
def test_a_note_is_a_note_only_where_it_tells_something(
    tmp_path: Path, note: str, start: str, confidence: float
) -> None:
    (item,), _ = texts(tmp_path, f"{note}\n\nTing,\n\nwalk carefully.\n")
    assert (item.when.start, item.when.confidence) == (start, confidence)
    assert item.text.startswith("Ting," if start else note)


def test_a_markdown_file_is_a_story_for_each_heading(tmp_path: Path) -> None:
    items, _ = texts(tmp_path, STORY, "notes/ferry.md")
    assert [(i.kind, i.chat, i.text, i.where.line) for i in items] == [
        ("story", "The ferry", "I was nine when the ferry came.", 3),
        ("story", "渡船", "我九岁那年，渡船来了。", 7),
    ]
    (letter,), _ = texts(tmp_path, STORY, "letters/ferry.md")
    assert letter.text.startswith("The ferry\n\nI was nine")


MARKS = [
    ("**bold** and *light*, `code`", "bold and light, code"),
    ("a * b * c and 2*3*4, snake_case_name", "a * b * c and 2*3*4, snake_case_name"),
    ("- [x] done", "done"),
    ("> said", "said"),
    ("![kite](kite.jpg) and [map](m.html)", "kite and map"),
    (r"\*not light\*", "*not light*"),
    ("---", ""),
    ("## Heading ##", "Heading"),
    ("#notaheading", "#notaheading"),
]


@pytest.mark.parametrize(("line", "words"), MARKS)
def test_marks_go_and_words_stay(line: str, words: str) -> None:
    assert without_marks(line) == words


@given(st.text(st.sampled_from("*_[]()`#>-!\\ ab"), max_size=60))
def test_any_line_has_words_or_none(line: str) -> None:
    assert sum(c in "ab" for c in without_marks(line)) <= sum(c in "ab" for c in line)
    assert isinstance(heading(line), str)


OTHERS = [
    b'{"messages": []}',
    b"<?xml version='1.0'?><a/>",
    b"a,b,c,d\n1,2,3,4\n1,2,3,4\n1,2,3,4\n",
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    b"{\\rtf1 hi}",
    b"BEGIN:VCARD\nFN:x\n",
    b"2021-03-01 12:00 Mei\nhi\n2021-03-01 12:01 Lan\nhi\n2021-03-01 12:02 Mei\nbye\n",
]


@pytest.mark.parametrize("raw", OTHERS)
def test_what_is_no_prose_is_not_claimed(tmp_path: Path, raw: bytes) -> None:
    assert Plain().claims(source(tmp_path, "letters/a.txt", raw)) == 0.0


def test_a_strange_chat_is_not_taken_for_her_words(tmp_path: Path) -> None:
    assert Plain().claims(source(tmp_path, "chats/a.txt", b"Lan: hi\nMei: ho\n")) == 0.0


def test_a_diary_is_prose(tmp_path: Path) -> None:
    diary = "1997年3月2日 晴\n船停了。\n1997年3月3日 雨\n在家。\n1997年3月4日\n修收音机。\n"
    assert Plain().claims(source(tmp_path, "notes/diary.txt", diary.encode())) > 0


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffd#\u2028\u2029"), max_size=200
    )
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    items, problems = texts(tmp_path_factory.mktemp("box"), text)
    assert [i.text for i in items] == ([text.rstrip()] if text.strip() else [])
    assert items or problems


@pytest.mark.parametrize(
    "text",
    ["x" * 2_000_000, "亲爱的" * 300_000, "\n" * 500_000, "Dear " * 200_000, "1997年" * 200_000, "**a" * 200_000],
)
def test_long_lines_take_no_time(tmp_path: Path, text: str) -> None:
    for told in ("letters/a.txt", "notes/a.md"):
        items, problems = texts(tmp_path, text, told)
        assert items or problems
