"""The prefix says what the figures say, in the budget, and nothing where the family wrote it themselves."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device.persona.unpacked import Person, PersonaFile
from provisioning.memories.memory import Relative
from provisioning.style.figures import Habit, Manner, Proposals
from provisioning.style.prefix import BUDGET, ENOUGH, proposals, style_text
from provisioning.style.tokens import counter, estimated

PERSONA = PersonaFile(
    "wang", Person("陈望川", ("zh", "en"), called=("外公", "Grandpa Chen"), born=datetime.date(1938, 3, 20))
)
RELATIVES = (
    Relative("Leo", "daughters-son", ("小乐",)),
    Relative("Shen Xiulan", "wife", ("Lan", "秀兰")),
    Relative("Bao", "", ()),
)


def habit(words: str, count: int = 5) -> Habit:
    return Habit(words, count, 10.0, (f"{words}，走吧。",))


def manner(language: str = "zh", sentences: int = 200) -> Manner:
    return Manner(
        language,
        sentences,
        (6, 9, 14),
        (habit("渡船会回来的"),),
        (habit("哎呀"),),
        (habit("呢"),),
        (habit("晓得"),),
        {"Leo": habit("小乐" if language == "zh" else "Leo")},
        (habit("来啦"),),
        (habit("路上慢点", 1),),
        ("我眼镜用钓鱼线修的。",),
        typical=("头班船五点半。",),
    )


def test_the_style_is_figures_and_their_own_words() -> None:
    text = style_text(PERSONA, manner(), RELATIVES, "zh", estimated, 200)
    assert text.startswith("外公陈望川，1938年生。一句大约9个字。常说：“渡船会回来的”。")
    assert text.endswith("没讲过的事就说记不清。")
    assert "妻子秀兰、外孙小乐" in text
    assert "“我眼镜用钓鱼线修的。”“头班船五点半。”" in text


def test_english_from_english() -> None:
    text = style_text(PERSONA, manner("en"), RELATIVES, "en", estimated, 200)
    assert text.startswith("Grandpa Chen, born 1938. Sentences of about 9 words.")
    assert "the wife Shen Xiulan, the grandson Leo" in text


@given(st.integers(0, 200), st.sampled_from(["en", "zh"]))
def test_the_budget_is_kept_and_who_they_are_is_always_said(budget: int, language: str) -> None:
    least = style_text(PERSONA, None, (), language, estimated, 0)
    text = style_text(PERSONA, manner(language), RELATIVES, language, estimated, budget)
    assert estimated(text) <= max(budget, estimated(least))
    assert "1938" in text


def test_of_too_little_nothing_is_said() -> None:
    few = manner(sentences=ENOUGH - 1)
    assert style_text(PERSONA, few, (), "zh", estimated, 200) == style_text(PERSONA, None, (), "zh", estimated, 200)
    found = proposals(PERSONA, [few], RELATIVES, estimated)
    assert (found.sayings, found.fillers, found.greeting) == ({}, {}, {})
    assert found.rests_on == {"zh": ENOUGH - 1}


def test_only_what_the_family_left_out_is_proposed() -> None:
    found = proposals(PERSONA, [manner(), manner("en")], RELATIVES, estimated)
    assert found.greeting["zh"] == "来啦。"
    assert found.farewell == {}  # once is no habit
    assert found.sayings["zh"] == ("渡船会回来的。",)
    assert "哎呀。" in found.fillers["zh"]
    assert sum(found.tokens.values()) <= BUDGET
    person = replace(PERSONA.person, greeting={"zh": "坐。"}, sayings={"zh": ("莫急。",)}, fillers={"zh": ("嗯。",)})
    written = proposals(replace(PERSONA, person=person, style={"zh": "话短。"}), [manner()], RELATIVES, estimated)
    assert (written.greeting, written.sayings, written.fillers, set(written.style)) == ({}, {}, {}, {"en"})
    everything = replace(PERSONA, style={"zh": "话短。", "en": "Short."})
    assert proposals(everything, [], (), estimated) == Proposals()


@pytest.mark.parametrize("text", ["外公陈望川，一九三八年生。", "Short plain sentences, one fact after another.", ""])
def test_the_models_own_tokens(text: str) -> None:
    from device.errors import Missing

    try:
        count = counter("qwen2.5-coder-0.5b-q4_k_m")
    except Missing:
        pytest.skip("the model is not on this computer")
    assert count(text) <= estimated(text)
    assert (count(text) == 0) == (not text)
