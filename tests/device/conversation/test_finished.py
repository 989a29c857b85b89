"""What words say about whether somebody has finished; texts as a transcriber writes them, wrongly at times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation.finished import SURE, ending

ASKED = [
    ("en", "Grandpa, how did you meet Grandma?"),
    ("en", "What was your father's work"),
    ("en", "Where is he from?"),
    ("en", "What are you afraid of?"),
    ("en", "When did you build it?"),
    ("en", "Grandpa, when you were young did you ever cross the river at night?"),
    ("en", "Grandpa, when you were young. Did you ever cross the river at night?"),
    ("en", "Well, can you swim?"),
    ("en", "When it rained, what did you do"),
    ("zh", "外公，你和外婆是怎么认识的？"),
    ("en", "Can you help me?"),
    ("en", "Could you sing to us?"),
    ("en", "Is she your aunt?"),
    ("en", "Did you swim?"),
    ("zh", "你爸爸是做什么的。"),
    ("zh", "你养过狗吗"),
    ("zh", "你会不会游泳"),
    ("zh", "工厂关门以后，那些人都到哪里去了？"),
]
TOLD = [
    ("en", "You had a dog?"),
    ("zh", "你还是不吃饭？"),
    ("en", "I had dumplings for lunch today."),
    ("en", "Tell me about the flood."),
    ("en", "Grandpa."),
    ("en", "If it rains tomorrow, we could stay at home."),
    ("zh", "我今天中午吃了饺子。"),
    ("zh", "讲讲那次大水吧。"),
    ("zh", "外公。"),
    ("zh", "我也不知道为什么。"),
    ("zh", "要是明天下雨的话，我们就待在家里。"),
    ("fr", "Et puis je"),
    ("en", ""),
    ("zh", "。"),
]
OPEN = [
    ("en", "Did your mother?"),
    ("en", "Grandpa, could you tell me."),
    ("en", "Would you show us"),
    ("en", "Can you explain to me?"),
    ("en", "My daughter says,"),
    ("en", "My daughter says."),
    ("en", "What I wanted to ask you is..."),
    ("en", "I went there because"),
    ("en", "If it rains tomorrow."),
    ("en", "Grandpa, when you were young."),
    ("en", "Do you remember?"),
    ("en", "I have been thinking about"),
    ("zh", "医生说。"),
    ("zh", "外公，你年轻的时候。"),
    ("zh", "我想问你的是"),
    ("zh", "要是明天下雨"),
    ("zh", "我去了，因为"),
    ("zh", "你妈妈有没有"),
    ("zh", "工厂关门以后，"),
]


@pytest.mark.parametrize(("language", "text"), ASKED)
def test_asked(language: str, text: str) -> None:
    assert ending(text, language) == "asked"


@pytest.mark.parametrize(("language", "text"), TOLD)
def test_told(language: str, text: str) -> None:
    assert ending(text, language) == "told"


@pytest.mark.parametrize(("language", "text"), OPEN)
def test_open(language: str, text: str) -> None:
    assert ending(text, language) == "open"


@given(st.text(), st.sampled_from(["en", "zh", "de", ""]))
def test_any_text_has_an_ending(text: str, language: str) -> None:
    assert ending(text, language) in ("asked", "told", "open")


@given(st.text(alphabet="abcde ?.,我你吗什么", max_size=40), st.sampled_from(["en", "zh"]))
def test_what_ends_with_a_comma_goes_on(text: str, language: str) -> None:
    assert ending(text + ",", language) == "open"


@pytest.mark.parametrize(("language", "text"), ASKED)
def test_a_question_that_was_hardly_understood_is_not_relied_on(language: str, text: str) -> None:
    assert ending(text, language, SURE) == "asked"
    assert ending(text, language, SURE - 0.01) == "told"


@pytest.mark.parametrize(("language", "text"), OPEN)
def test_what_breaks_off_does_so_however_it_was_understood(language: str, text: str) -> None:
    assert ending(text, language, 0.1) == "open"
