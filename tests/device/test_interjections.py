"""Which of a persona's fillers are ready to be said: short ones, a few, as they were written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.app import INTERJECTIONS, LONGEST_INTERJECTION_S, interjections
from tests.fakes.voice import FakeSynthesizer

VOICE = FakeSynthesizer()


def test_long_ones_and_silent_ones_are_passed_over() -> None:
    fillers = (
        "Hm.",
        "…",
        "Let me put my glasses on, and then let me think about all of it.",
        "Well, now.",
        "Ah.",
        "So.",
    )
    ready = interjections(VOICE, fillers, "en")
    assert [speech.text for speech in ready] == ["Hm.", "Well, now.", "Ah."]
    assert {speech.language for speech in ready} == {"en"}


def test_a_persona_without_fillers_says_nothing() -> None:
    assert interjections(VOICE, (), "zh") == ()


@given(st.lists(st.text(alphabet="abc .", max_size=60), max_size=8))
def test_they_are_few_and_short(fillers: list[str]) -> None:
    ready = interjections(VOICE, fillers, "en")
    assert len(ready) <= INTERJECTIONS
    assert all(0 < speech.seconds <= LONGEST_INTERJECTION_S for speech in ready)
