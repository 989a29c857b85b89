"""Whom a memory is about, and whom a question asks about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind.memory_file import MemoryRow, Origin
from device.mind.subject import Subjects
from device.mind.sufficiency import SOMEBODY_ELSE, THRESHOLD, Signals, support

TEXTS = {
    "ferry": ("en", "My father was a ferryman. I saw him every morning.", ("Father",)),
    "work": ("en", "I was an engineer. My father would have laughed.", ("Father",)),
    "name": ("en", "Ting's name means the tide. I chose it.", ("Ting",)),
    "daughter": ("en", "My daughter Ting was born in 1962.", ("Ting",)),
    "爹": ("zh", "我爹是摇渡船的。他摇了三十年。", ()),
    "工作": ("zh", "我是工程师。我爹要是晓得，要说我没规矩。", ()),
}
IDS = list(TEXTS)
SUBJECTS = Subjects(
    [MemoryRow(id, lang, text, origin=Origin("stories.txt", 1), people=who) for id, (lang, text, who) in TEXTS.items()]
)


def fits(question: str, memory: str) -> float:
    return SUBJECTS.asked(question).fits(IDS.index(memory))


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("What did your father do?", "ferry", "work"),
        ("What did you do?", "work", "ferry"),
        ("What does your name mean?", "work", "name"),
        ("When was my aunt born?", "daughter", "work"),
        ("What does Ting's name mean?", "name", "work"),
        ("你爸爸是做什么的？", "爹", "工作"),
        ("你是做什么的？", "工作", "爹"),
    ],
)
def test_a_memory_about_whom_is_asked_about_fits_better(question: str, right: str, wrong: str) -> None:
    assert fits(question, right) > 0 > fits(question, wrong)


def test_a_question_about_nobody_leaves_it_open() -> None:
    assert fits("What happened in the flood?", "ferry") == 0.0


@given(st.text(max_size=80), st.sampled_from(IDS))
def test_it_stays_in_its_range(question: str, memory: str) -> None:
    assert -1.0 <= fits(question, memory) <= 1.0


@given(st.floats(0, 1), st.floats(-3, 6), st.sampled_from([0.0, 1.0]), st.floats(-1, -0.01))
def test_a_memory_about_somebody_else_never_suffices(
    share: float, likeness: float, agreement: float, subject: float
) -> None:
    assert support(Signals(share, likeness, agreement, subject)) <= SOMEBODY_ELSE < THRESHOLD
