"""Text that a voice can speak."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.voice.normalise import speakable

ENGLISH = [
    ("Dr. Li was born on May 3, 1938.", "Doctor Li was born on May third, nineteen thirty eight."),
    ("On 1960-05-03 we left.", "On May third, nineteen sixty we left."),
    ("It cost $3.50, or £1.", "It cost three dollars and fifty cents, or one pound."),
    ("We made $2 million.", "We made two million dollars."),
    ("At 3:30 pm, or at 4:05, or 5:00.", "At three thirty p m, or at four oh five, or five o'clock."),
    ("In the 1950s, the 21st of us", "In the nineteen fifties, the twenty first of us"),
    (
        "10-12 people, 1,200 fish, 2.5 kg",
        "ten to twelve people, one thousand two hundred fish, two point five kilograms",
    ),
    ("50% of it was -5 °C", "fifty percent of it was minus five degrees Celsius"),
    ("**Really**, _you_ said “yes” 😀🎉!", "Really, you said yes!"),
    ("the river (the Qiantang) was wide", "the river, the Qiantang, was wide"),
    ("See [my page](http://x.y/z) or https://a.b/c", "See my page or"),
    ("No, no. Her cat, e.g. Tom & co.", "No, no. Her cat, for example, Tom and co."),
    ("Hm... I see — yes", "hmm… I see, yes"),
    ("外公 said so", "wai gong said so"),
    ("- one\n- two", "one two"),
]
CHINESE = [
    ("我1938年5月3日生的。", "我一九三八年五月三日生的。"),
    ("2个孩子，12个孙子", "两个孩子，十二个孙子"),
    ("下午3:30，2:00，10:05", "下午三点半，两点，十点零五分"),
    ("涨了50%，花了¥3.5", "涨了百分之五十，花了三点五元"),
    ("电话是13812345678", "电话是一三八一二三四五六七八"),
    ("走了10-12km", "走了十到十二公里"),
    ("“好的”（笑）😀……", "好的，笑…"),
    ("我住在 Boston 三年", "我住在 Boston 三年"),
    ("零下-5℃", "零下负五摄氏度"),
]


@pytest.mark.parametrize(("text", "spoken"), ENGLISH)
def test_english(text: str, spoken: str) -> None:
    assert speakable(text, "en") == spoken


@pytest.mark.parametrize(("text", "spoken"), CHINESE)
def test_chinese(text: str, spoken: str) -> None:
    assert speakable(text, "zh") == spoken


@pytest.mark.parametrize("text", ["", " ", "...", "😀", "**", "（）", "https://example.org", "\x00\u200b"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_to_speak(text: str, language: str) -> None:
    assert speakable(text, language) == ""


hostile = st.text() | st.from_regex(re.compile(r"[0-9.,:%$¥年月日kmst/ -]{0,24}"), fullmatch=True)


@given(hostile, st.sampled_from(["en", "zh"]))
def test_any_text_becomes_one_line_without_figures_or_markup(text: str, language: str) -> None:
    spoken = speakable(text, language)
    assert not re.search(r"[0-9\n\r*`#<>{}\[\]()“”\"]", spoken)
    assert spoken == spoken.strip()
