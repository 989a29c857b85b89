"""What is obeyed, and what only sounds like an order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind.commands import find

ORDERS = {
    "stop": "Stop.|stop, stop!|Please stop talking|Be quiet.|That's enough.|Grandpa, stop.|"
    "停。|停一下|别说了！|你别讲了|安静一点|够了",
    "louder": "Louder!|Speak up, please.|a bit louder|I can't hear you.|"
    "大声一点|声音大一点|我听不见。|听不清楚|说大声点|请大声一点好吗",
    "softer": "Quieter.|Softer, please.|Too loud!|speak more quietly|小声一点。|声音小一点|太响了|轻一点|外公，小声点",
    "again": "Again.|Say that again, please.|Pardon?|What did you say?|再说一遍。|你刚才说什么？|重复一遍|没听清。",
    "next-photo": "Next photo.|Show me the next picture|下一张|换一张照片|看下一张照片吧",
    "album": "Show me the photos.|open the album|看看相册|打开相册",
    "mute": "Mute.|Go to sleep.|don't listen|静音|别听了|睡觉吧",
}
SAID = [(command, text) for command, texts in ORDERS.items() for text in texts.split("|")]


@pytest.mark.parametrize(("command", "text"), SAID)
def test_orders_are_understood(command: str, text: str) -> None:
    assert find(text) == command


@pytest.mark.parametrize(
    ("heard", "command"),
    [
        ("想深一点。", "softer"),
        ("小生一点", "softer"),
        ("想生一点。", "softer"),
        ("再生一遍。", "again"),
        ("听一下。", "stop"),
        ("外公，大升一点", "louder"),
        ("下一章照片", "next-photo"),
    ],
)
def test_orders_are_understood_as_transcribers_write_them(heard: str, command: str) -> None:
    assert find(heard) == command


@pytest.mark.parametrize(
    "text",
    [
        "再说一点。",
        "想一想吧。",
        "平一下",
        "我想听听",
        "你讲什么呢",
        "When did you stop working?",
        "Did the ferry stop in winter?",
        "Tell me again how you met Grandma.",
        "Was it louder than the typhoon?",
        "你什么时候停止工作的？",
        "再说一遍你和外婆的事",
        "你小时候睡觉怕黑吗？",
        "渡船停在哪里？",
        "Stop, louder!",
        "",
        "。",
    ],
)
def test_questions_about_the_same_things_are_not_orders(text: str) -> None:
    assert find(text) is None


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    assert find(text) in (*ORDERS, None)


@given(st.sampled_from([text for _, text in SAID]), st.sampled_from(["", "!", "。", " ", "…"]))
def test_marks_at_the_end_do_not_matter(text: str, mark: str) -> None:
    assert find(text + mark) == find(text)
