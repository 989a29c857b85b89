"""A piece is about one thing, stands by itself, and loses nothing of the letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind import sentences
from device.mind.quote import leans
from provisioning.memories.pieces import MOST, cut, joined, spoken, take_apart

DIARY = """利兹日记
二〇一一年七月三号

八月二号。回家。汤姆在机场塞给我一颗掉下来的牙齿，叫我带到中国去种。

七月九号。去看纺织厂的博物馆。管的人不让碰，我碰了。我一推，梭子就走了。那个人脱下帽子。
"""
LETTER = """# 给阿琴

一九八五年五月一日夜里

阿琴：

明天你出嫁。娘不会讲大道理，讲三样你记牢。

断了头，接上就是。不要去找是谁弄断的。

娘
一九八五年五月一日
"""


def test_what_stands_above_and_below_is_no_piece() -> None:
    letter = take_apart(LETTER)
    assert (letter.to, letter.signature, letter.title) == ("阿琴", "娘", "给阿琴")
    assert [p.text for p in letter.pieces] == [
        "明天你出嫁。娘不会讲大道理，讲三样你记牢。",
        "断了头，接上就是。不要去找是谁弄断的。",
    ]
    assert [p.line for p in letter.pieces] == [6, 8]


def test_a_title_is_kept_beside_and_short_sentences_stay_together() -> None:
    letter = take_apart(DIARY)
    assert letter.title == "利兹日记"
    assert [len(sentences.split(p.text)) for p in letter.pieces] == [3, 5]


def test_a_long_paragraph_is_cut_before_no_sentence_that_leans() -> None:
    text = " ".join(
        ["My father was a ferryman and rowed people over the river for thirty years, in all weathers and for little."]
        * 4
        + ["She said nothing about it to anybody, and went on counting umbrella ribs in the evening by the window."] * 2
        + ["Our house stood in Salt Boat Lane, two minutes from the landing, and nine families shared one well there."]
        * 2
    )
    pieces = cut(text)
    assert len(pieces) > 1
    assert not any(leans(p) for p in pieces)


def test_messages_become_sentences() -> None:
    assert joined(["我九岁那年", "爬上桅杆！", "下不来"]) == "我九岁那年。爬上桅杆！下不来"
    assert joined(["I was nine", "It was cold."]) == "I was nine. It was cold."
    assert (
        joined(["my colour is moon white, 月白", "It remembers blue."])
        == "my colour is moon white, 月白。It remembers blue."
    )
    assert spoken("走了😂[微笑] https://a.example/b\u200b 好") == "走了 好"


@pytest.mark.parametrize("text", ["", "\n\n", "Dear Leo,", "爹", "。", "x" * 5000, "我。" * 500])
def test_odd_letters(text: str) -> None:
    assert all(p.text.strip() for p in take_apart(text).pieces)


SENTENCES = st.lists(
    st.sampled_from(["我在江边。", "她说好！", "I was nine. ", "He fell. ", "一句没有完", "\n\n", "　　", "\n"]),
    max_size=20,
)


@given(SENTENCES.map("".join))
def test_no_sentence_is_cut_or_lost(text: str) -> None:
    pieces = cut(text)
    kept = "".join("".join(pieces).split())
    assert kept == "".join(text.split())
    assert all(len(sentences.split(p)) <= MOST + 2 for p in pieces)
