"""Who is called: names as transcribers write them, and words that are other people's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ears.called import called, somebody_else
from device.sounds_like import same_syllable, sound_distance

NAMES = ("外公", "外公你好", "Grandpa", "Hello Grandpa")


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Hello Grandpa. Where did you live?", "Hello Grandpa", "Where did you live?"),
        ("Grandpa, what is that?", "Grandpa", "what is that?"),
        ("Grampa!", "Grandpa", ""),
        ("Hey, grand pa", "Hello Grandpa", ""),
        ("Granpa tell me", "Grandpa", "tell me"),
        ("A low grandpa", "Hello Grandpa", ""),
        ("外公你好，你喜欢吃什么？", "外公你好", "你喜欢吃什么？"),
        ("歪公,你好。", "外公你好", ""),
        ("喂，外公，在吗", "外公", "在吗"),
        ("外公外公，你在吗？", "外公", "你在吗？"),
        ("waigong 你好", "外公你好", ""),
        ("Why gong, what", "外公", "what"),
    ],
)
def test_a_call_is_understood_however_it_is_written(text: str, name: str, rest: str) -> None:
    found = called(text, NAMES)
    assert found is not None
    assert (found.name, found.before, found.rest) == (name, "", rest)


@pytest.mark.parametrize(
    "text",
    [
        *("", "...", "Grandma, are you there?", "Hello Granma", "Granddad", "Grand Canyon", "Grand piano"),
        *("太公是谁", "外婆你好", "外国你好", "大公", "Hello everybody", "The kettle is on", "你好", "外面下雨了"),
    ],
)
def test_other_words_are_not_the_name(text: str) -> None:
    assert called(text, NAMES) is None
    assert called(text, NAMES, anywhere=True) is None


def test_a_name_inside_a_sentence_counts_only_where_it_is_asked_for() -> None:
    assert called("我跟外公说过了", NAMES) is None
    found = called("我跟外公说过了", NAMES, anywhere=True)
    assert found is not None
    assert (found.before, found.rest) == ("我跟", "说过了")


@pytest.mark.parametrize(("one", "other"), [("zhang", "zan"), ("lan", "nan"), ("xing", "xin"), ("hui", "fei")])
def test_syllables_that_many_do_not_part_are_the_same(one: str, other: str) -> None:
    assert same_syllable(one, other)
    assert not same_syllable(one, "wai")


@pytest.mark.parametrize(
    ("text", "before", "rest"),
    [
        ("现在轮到你了，外公您好。", "现在轮到你了", ""),
        ("I wanted to ask you something, Grandpa. Hello!", "I wanted to ask you something", ""),
        ("外公，早上好，你吃了吗？", "", "你吃了吗？"),
    ],
)
def test_a_greeting_may_come_after_the_name(text: str, before: str, rest: str) -> None:
    call = called(text, ("外公", "Grandpa"), anywhere=True)
    assert call is not None
    assert (call.before, call.rest) == (before, rest)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Hello Grandma, how are you today?", "Hello Grandma"),
        ("外婆你好，今天身体怎么样？", "外婆"),
        ("你好，老公。", "你好，老公"),
        ("Hello everyone. Granted, it is late.", "Hello everyone"),
        ("Grandmaster, your move", ""),
        ("Hello Grand Hall, how did you meet Grandma?", ""),
        ("Hello Grandpa", ""),
        ("外公你好", ""),
        ("", ""),
    ],
)
def test_who_begins_with_another_term_of_address_calls_somebody_else(text: str, other: str) -> None:
    assert somebody_else(text, NAMES) == other


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4), st.booleans())
def test_any_text_can_be_asked(text: str, names: list[str], anywhere: bool) -> None:
    found = called(text, names, anywhere=anywhere)
    if found is not None:
        assert found.name in names
        assert found.rest in text


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=10), st.text("abcdefghijklmnopqrstuvwxyz", max_size=10))
def test_the_distance_of_sounds_is_one(one: str, other: str) -> None:
    assert sound_distance(one, one) == 0
    assert sound_distance(one, other) == sound_distance(other, one) >= 0


@given(st.sampled_from(NAMES), st.sampled_from(["，你在哪里", ", where are you", "", "。"]))
def test_every_name_calls_itself(name: str, tail: str) -> None:
    found = called(name + tail, NAMES)
    assert found is not None
    assert found.name == name
