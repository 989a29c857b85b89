"""When it happened is not when it was told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.dates import happened
from provisioning.memories.numerals import chinese, english, english_year

TOLD = "1998-07-12"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("一九七七年热天，我打了你一记。", "1977"),
        ("1986年10月4日夜里", "1986-10-04"),
        ("一九八六年十月四日", "1986-10-04"),
        ("二零零六年十一月十二日", "2006-11-12"),
        ("民国三十五年我上学。", "1946"),
        ("1986年腊月二十三祭灶。", "1987-01-22"),
        ("去年中秋我们在湖边。", "1997-09-16"),
        ("去年冬天下大雪。", "1997"),
        ("前年五月她来过。", "1996-05"),
        ("三十年前的事了。", "1968"),
        ("五六年发大水。", "1956"),
        ("我九岁那年爬上桅杆。", "1947"),
        ("那年你八岁，我三十九岁，是工程师。", "1977"),
        ("上个月轮渡停了。", "1998-06"),
        ("昨天我去看了柿子树。", "1998-07-11"),
        ("In the summer of nineteen seventy-seven I hit you.", "1977"),
        ("We married in October nineteen sixty-two.", "1962-10"),
        ("It was the fourth of October, nineteen eighty-six.", "1986-10-04"),
        ("October 4th, 1986 was a Saturday.", "1986-10-04"),
        ("On 4 October 1986 she left.", "1986-10-04"),
        ("I had a stroke in two thousand and sixteen.", "2016"),
        ("Last winter the river froze.", "1997"),
        ("Last spring we went to the lake.", "1998"),
        ("Last autumn it rained.", "1997"),
        ("When I was nine I sat on a mast.", "1947"),
        ("Twenty years ago I gave it up.", "1978"),
        ("七月五号。落雨。", "1998-07-05"),
        ("八月二号回家。", "1997-08-02"),
        ("On the 5th of July we left.", "1998-07-05"),
        ("last month the ferry stopped", "1998-06"),
    ],
)
def test_words_that_name_a_time(text: str, start: str) -> None:
    assert happened(text, TOLD, born=1938).start == start


@pytest.mark.parametrize(
    "text",
    [
        "你三岁那年站在里头唱戏。",
        "外公六十八岁，造过桥。",
        "You made it when you were three.",
        "我数了十根手指头。",
        "那年冬天很冷。",
        "I have been waiting for two years.",
        "他走了三年了。",
        "二十四年级",
    ],
)
def test_what_names_no_time_that_can_be_counted_out_gives_none(text: str) -> None:
    assert happened(text, TOLD, born=1938).start == ""


def test_a_vague_time_keeps_its_words() -> None:
    assert happened("那年冬天很冷。", TOLD).text == "那年冬天"
    assert happened("It was cold that winter.").text == "that winter"


def test_what_is_relative_needs_the_day_of_telling_and_is_less_sure() -> None:
    assert happened("去年冬天").start == ""
    assert happened("一九七七年").confidence > happened("去年冬天", TOLD).confidence
    assert happened("去年冬天", TOLD, told_confidence=0.5).confidence < 0.5
    assert happened("昨天", "1998").start == ""


def test_there_is_no_thirtieth_of_february() -> None:
    assert happened("1998年2月30日").start == ""


def test_numbers() -> None:
    assert (chinese("三十五"), chinese("一百零三"), chinese("十"), chinese("桥")) == (35, 103, 10, None)
    assert (english("thirty-five"), english("21st"), english("twentieth"), english("boat")) == (35, 21, 20, None)
    assert english_year("nineteen oh five") == 1905


ISO = re.compile(r"|\d{4}(-\d\d(-\d\d)?)?")
WORDS = st.lists(
    st.sampled_from(
        ["1986", "年", "月", "日", "腊月", "二十三", "去年", "初", "闰",
         "民国", "三十", "nineteen ", "hundred ", "last spring ", "99", "00",

         "years ago", " of ", "October ", "冬天", "九岁那年", "when I was ", "eighty-six "]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=60), WORDS), st.one_of(st.text(max_size=12), st.just(TOLD)))
def test_any_text_gives_a_date_or_none(text: str, told: str) -> None:
    found = happened(text, told, born=1938)
    assert ISO.fullmatch(found.start)
    assert 0 <= found.confidence <= 1
