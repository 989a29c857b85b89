"""What a clause feels like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.conversation.emotion import emotion_of
from device.face.motion import EMOTIONS


@pytest.mark.parametrize(
    ("text", "language", "emotion"),
    [
        ("We laughed until the tea was cold,", "en", "happy"),
        ("Ha ha, that was the goose.", "en", "laughing"),
        ("She died in the winter of the big snow.", "en", "sad"),
        ("I was never sad there.", "en", "neutral"),
        ("I don't cry over umbrellas.", "en", "neutral"),
        ("I miss you when the ferry comes.", "en", "moved"),
        ("The flood took the bridge,", "en", "serious"),
        ("I loved her dumplings.", "en", "warm"),
        ("And all at once the string broke.", "en", "surprised"),
        ("The ferry left at six.", "en", "neutral"),
        ("她笑得直不起腰来，", "zh", "happy"),
        ("你外婆走的那年，我哭了。", "zh", "sad"),
        ("我没有哭。", "zh", "neutral"),
        ("我不害怕。", "zh", "neutral"),
        ("我想你们，也想家。", "zh", "moved"),
        ("哈哈，那只鹅。", "zh", "laughing"),
        ("渡船六点开。", "zh", "neutral"),
        ("大水来的那一年，", "zh", "serious"),
    ],
)
def test_words_that_carry_a_feeling(text: str, language: str, emotion: str) -> None:
    assert emotion_of(text, language) == emotion


def test_nothing_is_smiled_about_in_a_crisis() -> None:
    assert emotion_of("I love you and we laughed.", "en", "crisis") == "serious"


@given(st.text(max_size=80), st.sampled_from(["en", "zh", "fr"]))
def test_it_is_always_one_that_the_face_knows(text: str, language: str) -> None:
    assert emotion_of(text, language) in EMOTIONS
