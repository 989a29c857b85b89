"""Every encoding a family's files come in, and what was garbled on the way; no bytes make it fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers import decoding
from provisioning.importers.decoding import MAX_LINE, clean, damage, encoding_of, lines, mended, text_of

SIMPLIFIED = (
    "2021-03-04 8:05:06 外婆(10001)\n今天回来吃饭吗？我给你做了红烧肉。\n\n2021-03-04 8:06 小明\n好的，晚上到😀\n"
)
TRADITIONAL = "2021/03/04（四）\n上午8:05\t外婆\t今天回來吃飯嗎？我給你做了紅燒肉，還有妳愛的湯。\n"
JAPANESE = "2021/03/04(木)\n08:05\tおばあちゃん\t今日は帰ってくるの？ご飯を作ったよ\n"
GERMAN = "12.03.21, 15:37 - Müller: Grüße aus Köln, schön! Wir kommen über Ostern.\n"
WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
WRITTEN = [
    *((SIMPLIFIED, e) for e in (*WIDE, "gb18030")),
    *((TRADITIONAL, e) for e in (*WIDE, "big5", "gb18030")),
    *((JAPANESE, e) for e in (*WIDE, "cp932")),
    *((GERMAN, e) for e in (*WIDE, "cp1252")),
]


def read(path: Path, raw: bytes, head: int = 1 << 16) -> list[tuple[int, str]]:
    path.write_bytes(raw)
    return list(lines(path, raw[:head]))


def text(path: Path, raw: bytes) -> str:
    return "".join(f"{line}\n" for _, line in read(path, raw))


@pytest.mark.parametrize(("told", "encoding"), WRITTEN)
def test_an_encoding_is_known_by_its_bytes(tmp_path: Path, told: str, encoding: str) -> None:
    raw = told.encode(encoding)
    assert text(tmp_path / "a", raw) == told == text_of(raw)


@pytest.mark.parametrize("told", [SIMPLIFIED, TRADITIONAL, JAPANESE, GERMAN])
def test_a_character_cut_at_the_end_of_the_head_is_no_sign(tmp_path: Path, told: str) -> None:
    raw = told.encode() * 3
    assert {encoding_of(raw[:n]) for n in range(20, len(raw))} == {"utf-8"}


@pytest.mark.parametrize("told", [SIMPLIFIED, TRADITIONAL, JAPANESE, GERMAN])
def test_utf8_read_as_latin1_is_mended(tmp_path: Path, told: str) -> None:
    assert text(tmp_path / "a", told.encode().decode("latin-1").encode()) == told


def test_utf8_read_as_gbk_is_mended_and_its_losses_are_told(tmp_path: Path) -> None:
    garbled = SIMPLIFIED.encode().decode("gbk", "replace")
    found = text(tmp_path / "a", garbled.encode())
    assert "今天回来吃饭吗？我给你做了红烧肉" in found
    assert [damage(line) for line in found.splitlines()].count("characters that could not be read") >= 1
    assert text(tmp_path / "a", garbled.encode("gb18030", "replace"))


@pytest.mark.parametrize(
    "told", ["AMANHÃ…", "“ATÉ AMANHÃ”", "NÃO", "联通", "你好，今天下雨", "澶湖", "Ça va", "naïve £5"]
)
def test_a_text_that_only_looks_garbled_stays(told: str) -> None:
    assert mended(told) == told
    assert damage(told) == ""


@pytest.mark.parametrize("told", ["你好", "Grüße, schön", "😀", "那是1956年"])
def test_single_strings_are_mended(told: str) -> None:
    assert mended(told.encode().decode("latin-1")) == told
    assert mended("你好吗？下雨".encode().decode("gbk")) == "你好吗？下雨"


def test_what_stays_garbled_is_told(tmp_path: Path) -> None:
    assert damage("锟斤拷锟斤拷") == damage("he said â€œyes") == "characters that are garbled"
    assert damage("a\ufffd") == "characters that could not be read"
    assert text(tmp_path / "a", SIMPLIFIED.encode().replace("回".encode(), b"\xff\xfe")).count("\ufffd") == 2


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"a\r\nb\rc\n\nd") == [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]
    assert read(tmp_path / "a", "a\u2028b\x85c\x0cd\n".encode()) == [(1, "a\u2028b\x85c\x0cd")]
    assert read(tmp_path / "a", b"") == []


def test_zero_bytes_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"a\0b\r\rc\n") == [(1, "ab"), (2, ""), (3, "c")]
    assert read(tmp_path / "a", bytes(50)) == [(1, "")]
    assert clean("\ufeffa\0\ud800") == "a\ufffd"
    assert clean("\ud83d\ude00") == "😀"


def test_a_line_without_end_comes_in_pieces(tmp_path: Path) -> None:
    found = read(tmp_path / "a", b"a\n" + b"x" * (2 * MAX_LINE + 5) + b"\nb\n")
    assert [(number, len(line)) for number, line in found] == [(1, 1), (2, MAX_LINE), (2, MAX_LINE), (2, 5), (3, 1)]


@settings(max_examples=300)
@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_give_lines(tmp_path_factory: pytest.TempPathFactory, raw: bytes, head: int) -> None:
    found = read(tmp_path_factory.getbasetemp() / "any", raw, head)
    assert all(0 < n <= raw.count(b"\n") + raw.count(b"\r") + 1 or "utf" in encoding_of(raw[:head]) for n, _ in found)
    for line in (*(line for _, line in found), text_of(raw), decoding.head_text(raw)):
        assert "\0" not in line
        line.encode()


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\n\ufeff"), max_size=80))
def test_utf8_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, told: str) -> None:
    found = read(tmp_path_factory.getbasetemp() / "same", f"2021-03-04 外婆说：吃饭\n{told}".encode())
    assert [line for _, line in found][1:] == ([told] if told else [])
