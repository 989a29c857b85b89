"""Routes by rule, English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind.route import route, without_address

CASES = {
    "identity": [
        "Are you real?",
        "Are you really my grandfather, or a machine?",
        "Who are you?",
        "What are you?",
        "Is it really you?",
        "Are you alive?",
        "Am I talking to a computer?",
        "You're not real",
        "你是真的吗",
        "你是谁？",
        "你是机器人吗",
        "你是真人吗",
        "你还活着吗",
        "你是人工智能吗",
    ],
    "crisis": [
        "I want to die",
        "I don't want to live any more",
        "I'm going to kill myself",
        "我不想活了",
        "我想自杀",
        "活着没意思",
    ],
    "greeting": [
        "Hello Grandpa",
        "Good morning, Grandpa. How are you?",
        "外公",
        "外公，我来看你了，你好吗？",
        "早上好",
    ],
    "farewell": [
        "Goodbye",
        "That is enough for today, goodbye.",
        "再见",
        "好了，今天先不聊了，再见。",
        "Good night, Grandpa",
    ],
    "thanks": ["Thank you", "thanks a lot", "谢谢外公"],
    "command": ["Stop", "please stop", "Louder", "停", "大声一点", "别说了", "Grandpa, stop.", "外公，停一下"],
    "follow-up": ["And what happened then?", "then what?", "Tell me more", "后来呢？", "然后呢", "继续"],
    "fact": [
        "How did you meet Grandma?",
        "Hello Grandpa, how did you meet Grandma?",
        "What are you afraid of?",
        "Who are your friends?",
        "Did Grandma die?",
        "你和外婆是怎么认识的",
        "你养过狗吗",
        "早上好，你吃什么？",
        "外婆是什么时候走的？",
        "What are you most proud of?",
        "Tell me about the flood",
    ],
    "smalltalk": ["I love you", "It is a nice day", "我想你了", "今天天气真好"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in CASES.items() for text in texts])
def test_routes(kind: str, text: str) -> None:
    assert route(text) == kind


@given(st.text(max_size=100))
def test_any_text_has_a_route(text: str) -> None:
    assert route(text) in {*CASES}


def test_a_form_of_address_is_not_searched_for() -> None:
    assert without_address("Hello Grandpa, what did you eat?") == "what did you eat?"
    assert without_address("外公你喜欢吃什么") == "你喜欢吃什么"
    assert without_address("外婆是什么时候走的？") == "外婆是什么时候走的？"
