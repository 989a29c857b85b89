"""Loops are cut, invented text is told from spoken text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ears.invented import (
    Heard,
    babble,
    compression,
    doubtful,
    invented,
    lists,
    stock_phrase,
    trim_loop,
    trim_restart,
    trim_text,
)

tokens = st.lists(st.integers(0, 5), max_size=30)


@given(tokens)
def test_trimming_twice_is_trimming_once(text: list[int]) -> None:
    assert trim_loop(trim_loop(text)) == trim_loop(text)


@given(tokens)
def test_trimming_only_cuts_the_end(text: list[int]) -> None:
    kept = trim_loop(text)
    assert kept == text[: len(kept)]
    assert bool(kept) == bool(text)


@given(st.lists(st.integers(), min_size=4, max_size=8, unique=True), st.integers(2, 5), st.integers(0, 3))
def test_a_loop_of_a_sentence_is_cut_to_one_round(sentence: list[int], rounds: int, begun: int) -> None:
    assert trim_loop(sentence * rounds + sentence[:begun]) == sentence


@given(st.lists(st.integers(), max_size=40, unique=True))
def test_what_does_not_repeat_stays(text: list[int]) -> None:
    assert trim_loop(text) == text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("No, no, no.", "No, no, no."),
        ("Where was it, Grandpa? Where was it, grandpa? Where was", "Where was it, Grandpa?"),
        ("you you you you you you you you", "you"),
        ("外公外公", "外公外公"),
        ("你是怎么认识外婆的？你是怎么认识外婆的？你是", "你是怎么认识外婆的？"),
        ("哈哈哈", "哈哈哈"),
        ("", ""),
    ],
)
def test_people_repeat_words_machines_sentences(said: str, kept: str) -> None:
    assert trim_text(said) == kept


def test_sure_text_is_not_doubted() -> None:
    assert not doubtful(Heard("Where did you live before the war?", -0.2, 0.02))
    assert doubtful(Heard("Where did you live before the war?", -0.9, 0.02))
    assert doubtful(Heard("Where did you live before the war?", -0.2, 0.5))
    assert doubtful(Heard("Thank you.", -0.2, 0.02))
    assert doubtful(Heard("ha " * 60, -0.2, 0.02))


def test_a_stock_phrase_counts_where_somebody_said_it() -> None:
    assert not invented(Heard("Thank you.", -0.3, 0.1), voiced_s=0.6)
    assert invented(Heard("Thank you.", -0.3, 0.1), voiced_s=0.05)
    assert invented(Heard("Thank you.", -0.9, 0.7), voiced_s=0.6)


def test_more_text_than_can_be_said_is_invented() -> None:
    assert invented(Heard("I am not sure if it is a good idea to do all this at once", -0.8, 0.1), voiced_s=0.3)
    assert invented(Heard("请不吝点赞订阅转发打赏", -0.8, 0.1), voiced_s=0.2)
    assert not invented(Heard("小时候，我们住在河边", -0.8, 0.1), voiced_s=1.5)


def test_noise_shows_in_the_probability() -> None:
    assert invented(Heard("I'm going to get some water.", -1.9, 0.6), voiced_s=1.5)


@given(st.text(max_size=200), st.floats(-10, 0), st.floats(0, 1), st.floats(0, 30))
def test_without_voice_everything_is_invented(text: str, logprob: float, no_speech: float, voiced_s: float) -> None:
    heard = Heard(text, logprob, no_speech)
    assert invented(heard, 0.0)
    if not invented(heard, voiced_s):
        assert voiced_s > 0
        assert compression(text) < 3
    assert isinstance(stock_phrase(text), bool)


def test_an_endless_text_is_cut_where_it_starts_over() -> None:
    assert trim_restart("外公，最喜欢吃红烧鱼。外公最喜欢吃红少") == "外公，最喜欢吃红烧鱼。"
    assert trim_restart("Where did you live before? Well where did you live") == "Where did you live before? Well"
    assert trim_restart("Where did you live before the war?") == "Where did you live before the war?"


@given(st.text(max_size=60))
def test_cutting_at_a_restart_only_cuts_the_end(text: str) -> None:
    assert text.strip().startswith(trim_restart(text).strip())


def test_two_people_at_once_are_no_text() -> None:
    assert babble("1.1.4.5.5.5.5.5。5.5.5.5.5.6.5.5.5.5.3.5.5.5.5.7.")
    assert doubtful(Heard("5.5.5.5.5.6.5.5.5.5.3.5.5", -0.1, 0.0))
    assert invented(Heard("5.5.5.5.5.6.5.5.5.5.3.5.5", -0.1, 0.0), 3.0)


@pytest.mark.parametrize(
    "text",
    ["", "No, no, no, no.", "哈哈哈哈哈", "My number is 13800000000.", "Tell me about the tree.", "是的，是的，是的。"],
)
def test_what_people_say_is_no_babble(text: str) -> None:
    assert not babble(text)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("外公，陈望川。", True),
        ("外公１陈望川", True),
        ("Grandpa, Grandpa Chen.", True),
        ("外公。", False),
        ("外公外公！", False),
        ("外公，陈望川是谁？", False),
        ("Grandpa, how are you?", False),
        ("", False),
    ],
)
def test_a_list_of_names_is_no_question(text: str, listed: bool) -> None:
    assert lists(text, ("外公", "陈望川", "Grandpa", "Grandpa Chen", "")) == listed


@given(st.text(max_size=30), st.lists(st.text(max_size=5), max_size=4))
def test_any_text_is_a_list_or_not(text: str, names: list[str]) -> None:
    assert lists(text, names) in (True, False)
    assert not lists(text, names[:1])
