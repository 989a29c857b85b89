"""Other people's names in the persona's own phrases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.sounds_like import alike
from provisioning.wake_rivals import TERMS, rivals_of


def test_everybody_else_is_called_in_the_same_words() -> None:
    chinese = list(rivals_of("外公你好", ("外公", "Grandpa")))
    assert "外婆你好" in chinese
    assert len(chinese) == len(TERMS["zh"]) - 1
    english = list(rivals_of("hello grandpa", ("外公", "Grandpa")))
    assert "hello Grandma" in english
    assert "hello Grandpa" not in english


def test_a_name_of_the_familys_own_has_rivals_and_no_name_has_none() -> None:
    assert "你好爷爷" in rivals_of("你好小满", ("小满",))
    assert list(rivals_of("芝麻开门", ("小满",))) == []
    assert list(rivals_of("", ())) == []


@given(st.text(max_size=20), st.lists(st.sampled_from(["外公", "Grandpa", "爷爷", "Leo", "妈妈"]), max_size=3))
def test_no_rival_is_the_persona(before: str, names: list[str]) -> None:
    for name in names:
        for rival in rivals_of(before + name, names):
            assert rival != before + name
            term = next(t for terms in TERMS.values() for t in terms if t in rival)
            assert term not in names or term in before
            assert all(not alike(t, name) for terms in TERMS.values() for t in terms if rival == before + t)
