"""The order of reading, from boxes alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.letters.order import is_vertical, joined, lines, paragraphs
from provisioning.letters.reader import Word

SIZE = (1000, 1000)


def word(text: str, x: float, y: float, wide: float, high: float, sure: float = 0.9) -> Word:
    corners = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]], np.float32)
    return Word(text, corners, sure)


def read(words: list[Word]) -> list[str]:
    return [line.text for line in lines(words, SIZE, is_vertical(words))]


def row(text: str, y: float, x: float = 100.0, wide: float = 700.0) -> Word:
    return word(text, x, y, wide, 40)


def test_rows_from_above_words_from_the_left() -> None:
    found = read([row("third line", 220), word("right", 500, 104, 300, 40), word("first left", 100, 100, 300, 40),
                  row("second line", 160)])  # fmt: skip
    assert found == ["first left right", "second line", "third line"]


def test_rows_that_fall_a_little_stay_apart() -> None:
    places = [(n, side) for n in range(4) for side in (0, 1)]
    words = [word(f"{n} {side}", 100 + 400 * side, 100 + 60 * n + 18 * side, 380, 44) for n, side in places]
    assert read(words) == [f"{n} 0 {n} 1" for n in range(4)]


def test_columns_from_the_right() -> None:
    words = [word(text, x, 100, 44, 600) for text, x in (("第三列字", 300), ("第一列字", 700), ("第二列字", 500))]
    words.append(word("再来", 505, 720, 44, 160))
    assert is_vertical(words)
    assert read(words) == ["第一列字", "第二列字再来", "第三列字"]


def test_two_blocks_beside_each_other() -> None:
    words = [row(f"{side}{n}", 100 + 60 * n, x, 300) for n in range(5) for side, x in (("left ", 80), ("right ", 560))]
    assert read(words) == [f"left {n}" for n in range(5)] + [f"right {n}" for n in range(5)]


def test_a_date_at_the_right_makes_no_block() -> None:
    words = [row("2 March 1997", 60, 650, 250), *(row(f"line {n}", 120 + 60 * n) for n in range(6))]
    assert read(words)[0] == "2 March 1997"


def test_paragraphs_by_indent_short_rows_and_gaps() -> None:
    assert paragraphs([(0, 0, 100, 9), (0, 12, 100, 21), (0, 24, 40, 33), (0, 36, 100, 45)]) == [0, 0, 0, 1]
    assert paragraphs([(0, 0, 100, 9), (0, 12, 100, 21), (20, 24, 100, 33), (0, 36, 100, 45)]) == [0, 0, 1, 1]
    assert paragraphs([(0, 0, 100, 9), (0, 12, 100, 21), (0, 40, 100, 49), (0, 52, 100, 61)]) == [0, 0, 1, 1]
    assert paragraphs([]) == []


@pytest.mark.parametrize(("texts", "whole"), [
    (["Dear", "Wen,"], "Dear Wen,"), (["见字", "如面"], "见字如面"), (["文", "1997"], "文1997"), (["a"], "a"),
])  # fmt: skip
def test_blanks_between_words(texts: list[str], whole: str) -> None:
    assert joined(texts) == whole


WORDS = st.builds(word, st.text("abc见字如", min_size=1, max_size=5), st.floats(0, 900), st.floats(0, 900),
                  st.floats(1, 400), st.floats(1, 400), st.floats(0, 1))  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=30), st.booleans())
def test_every_word_is_read_once(words: list[Word], vertical: bool) -> None:
    found = lines(words, SIZE, vertical)
    signs = sorted("".join(line.text for line in found).replace(" ", ""))
    assert signs == sorted("".join(one.text for one in words))
    assert all(0 <= v <= 1 for line in found for v in (*line.box, line.sure))
    numbers = [line.paragraph for line in found]
    assert numbers == sorted(numbers)
