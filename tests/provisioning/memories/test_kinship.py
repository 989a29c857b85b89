"""Whose word it is decides who is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.kin_path import Path, agreed, inverse, parsed, reduced, word
from provisioning.memories.kinship import CHINESE, ENGLISH, kin_of, narrowed, turned, ways

GRANDCHILD, DAUGHTER = (("d", "s"),), (("d",),)


@pytest.mark.parametrize(
    ("phrase", "kinship"),
    [
        ("外公", "mothers-father"),
        ("爷爷", "fathers-father"),
        ("舅舅", "mothers-brother"),
        ("伯伯", "fathers-elder-brother"),
        ("叔叔", "fathers-younger-brother"),
        ("妈妈的弟弟", "mothers-younger-brother"),
        ("mother's brother", "mothers-brother"),
        ("maternal grandfather", "mothers-father"),
        ("侄女", "brothers-daughter"),
        ("外甥女", "sisters-daughter"),
    ],
)
def test_a_word_is_a_way(phrase: str, kinship: str) -> None:
    assert word(ways(phrase)[0]) == kinship


@pytest.mark.parametrize(
    ("speaker", "said", "sex", "kinship"),
    [
        (GRANDCHILD, "外公", "male", "self"),
        (GRANDCHILD, "外婆", "male", "wife"),
        (GRANDCHILD, "外婆", "female", "self"),
        (GRANDCHILD, "grandmother", "male", "wife"),
        (GRANDCHILD, "舅舅", "male", "son"),
        (GRANDCHILD, "妈妈", "male", "daughter"),
        (GRANDCHILD, "爸爸", "male", "daughters-husband"),
        (DAUGHTER, "爸", "male", "self"),
        (DAUGHTER, "爸", "female", "husband"),
        (DAUGHTER, "弟弟", "male", "son"),
        (((("w",)),), "妈妈", "male", "wifes-mother"),
    ],
)
def test_whose_word_it_is_matters(speaker: tuple[Path, ...], said: str, sex: str, kinship: str) -> None:
    (way,) = kin_of(speaker, ways(said), sex)  # type: ignore[arg-type]
    assert word(way) == kinship


def test_who_says_grandfather_is_a_grandchild() -> None:
    assert turned(ways("外公"), "")[0] == ("d", "c")
    assert turned(ways("爷爷"), "")[0] == ("s", "c")
    assert turned(ways("妈"))[0] == ("c",)


def test_child_and_daughter_agree_wife_and_daughter_do_not() -> None:
    assert narrowed((("c",),), (("d",),)) == (("d",),)
    assert narrowed((("w",),), (("d",),)) == ()
    assert agreed(("b",), ("b+",)) == ("b+",)
    assert agreed(("b-",), ("b+",)) is None


def test_of_a_parent_of_unknown_sex_nothing_is_guessed() -> None:
    assert reduced(("c", "f"), "") is None


STEPS = st.sampled_from(["f", "m", "s", "d", "c", "h", "w", "b+", "b-", "z", "x", "p", "a"])


@given(st.lists(STEPS, max_size=5).map(tuple), st.sampled_from(["male", "female", ""]))
def test_ways_only_shorten_and_their_words_are_read_again(path: Path, sex: str) -> None:
    short = reduced(path, sex)  # type: ignore[arg-type]
    assert short is None or len(short) <= len(path)
    if path:
        assert parsed(word(path)) == path
    assert len(inverse(path)) == len(path)


@given(st.text(max_size=12))
def test_any_text_is_a_phrase_or_none(text: str) -> None:
    assert all(isinstance(way, tuple) for way in ways(text))


def test_every_word_of_the_table_is_a_way() -> None:
    assert all(ways(w) for w in (*CHINESE, *ENGLISH))
