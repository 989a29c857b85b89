"""The check of what a model wrote: invention is caught, what stands in the memory passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind import sentences
from device.mind.evidence import check, echoes

EN = (
    "Your grandmother made silk umbrellas in the umbrella factory. She split one bamboo into thirty-six ribs. "
    "She never owned one. In the rain she used my newspaper."
)
ZH = "你外婆在绸伞厂做伞。一截竹子她劈成三十六根伞骨。她自己没有一把绸伞，落雨就顶我的报纸。"

SUPPORTED = [
    (EN, "Do you still have an umbrella?"),
    (EN, "She never owned an umbrella."),
    (EN, "Sit down, and tell me about your day."),
    (EN, "Grandma used my newspaper."),
    (ZH, "你想不想看看那把绸伞？"),
    (ZH, "她自己没有绸伞。"),
    (ZH, "坐下来，慢慢讲。"),
]
INVENTED = {
    "number": [
        (EN, "She split it into thirty-five ribs."),
        (EN, "In 1960 she made umbrellas."),
        (ZH, "她劈成三十五根伞骨。"),
    ],
    "name": [(EN, "We sold them in Paris."), (EN, "She sold umbrellas to Martha.")],
    "kin": [(EN, "Your mother made silk umbrellas."), (ZH, "你妈妈在伞厂做伞。")],
    "polarity": [
        (EN, "She owned one silk umbrella."),
        (EN, "She did not split bamboo."),
        (ZH, "你外婆自己有一把绸伞。"),
    ],
    "word": [(EN, "She painted umbrellas."), (EN, "I promise to visit you."), (ZH, "她在茶馆唱戏。")],
}


@pytest.mark.parametrize(("memory", "sentence"), SUPPORTED)
def test_what_stands_in_the_memory_passes(memory: str, sentence: str) -> None:
    assert check(sentence, [memory]).problems == ()


@pytest.mark.parametrize(
    ("kind", "memory", "sentence"), [(k, *pair) for k, pairs in INVENTED.items() for pair in pairs]
)
def test_invention_is_caught(kind: str, memory: str, sentence: str) -> None:
    verdict = check(sentence, [memory])
    assert not verdict.supported
    assert any(problem.startswith(kind) for problem in verdict.problems)


@pytest.mark.parametrize("memory", [EN, ZH])
def test_a_memory_supports_its_own_sentences(memory: str) -> None:
    assert all(check(part, [memory]).supported for part in sentences.split(memory))


def test_the_question_lends_words_but_no_numbers() -> None:
    assert check("Do you like kites?", [EN], ["Tell me about kites"]).supported
    assert not check("I had seven kites.", [EN], ["Did you have seven kites?"]).supported


def test_an_echo_is_known() -> None:
    assert echoes("How did you meet Grandma?", "How did you meet Grandma?")
    assert echoes("Got a new job!", "I got a new job!")
    assert echoes("米香水丰住那里的。", "米香水丰住在那。")
    assert echoes("你和外婆是怎么认识的？", "外公，你和外婆怎么认识的")
    assert not echoes("Did you like the wooden dog?", "Your dog?")
    assert not echoes("Sit down.", "It is raining")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_gets_a_verdict(sentence: str, memory: str) -> None:
    verdict = check(sentence, [memory])
    assert verdict.supported == (not verdict.problems)
