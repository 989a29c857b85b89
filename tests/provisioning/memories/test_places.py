"""Where it was, in the words of the material."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.places import place_of


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我们搬到杭州去了。", "杭州"),
        ("我在盐船弄长大。", "盐船弄"),
        ("她住在萧山县，离江边不远。", "萧山县"),
        ("We lived in Hangzhou for years.", "Hangzhou"),
        ("He had a shop on Canal Street then.", "Canal Street"),
        ("I flew to New York once.", "New York"),
        ("我走路去上班。", ""),
        ("I like to read.", ""),
        ("那条马路很宽。", ""),
    ],
)
def test_places(text: str, place: str) -> None:
    assert place_of(text) == place


def test_the_familys_own_places_go_first() -> None:
    assert place_of("In Hangzhou, on the ferry landing.", ["Hangzhou", "ferry landing"]) == "ferry landing"


@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    assert place_of(text) == "" or place_of(text) in text
