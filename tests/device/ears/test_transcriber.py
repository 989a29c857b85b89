"""Whisper on real speech, on noise, and the choices around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ears import transcriber
from device.ears.transcriber import UNRELIABLE, Whisper, choose_language, in_its_script, voiced_seconds
from device.errors import Broken, Missing
from device.ports import Transcript
from models_quantized import catalog
from tests.device.ears.conftest import noises, spoken
from tests.fakes.ears import FakeSpeechDetector

BOTH = ("en", "zh")


def letters(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("en_eat", "en", "What did you like to eat when you were a child?"),
        ("en_house", "en", "Do you remember the old house by the river?"),
        ("zh_factory", "zh", "我们在北京的工厂里认识的。"),
    ],
)
def test_it_understands_both_languages(whisper: Whisper, name: str, language: str, text: str) -> None:
    heard = whisper.transcribe(spoken(name), BOTH)
    assert heard.language == language
    assert letters(heard.text) == letters(text)
    assert heard.confidence > 0.5


def test_it_does_not_go_round_in_circles(whisper: Whisper) -> None:
    """This one does, when the names of the family are in its prompt; the end is slurred."""
    heard = whisper.transcribe(spoken("zh_fish"), BOTH)
    assert letters(heard.text).startswith("外公最喜欢吃红")
    assert len(letters(heard.text)) <= 10


@pytest.mark.parametrize("name", sorted(noises()))
def test_it_invents_nothing(whisper: Whisper, name: str) -> None:
    heard = whisper.transcribe(noises()[name], BOTH)
    assert heard == Transcript("", "en", 0.0)


@pytest.mark.parametrize("name", ["zh_fish", "zh_factory"])
def test_a_voice_without_words_is_unclear(whisper: Whisper, name: str) -> None:
    heard = whisper.transcribe(np.ascontiguousarray(spoken(name)[::-1]), BOTH)
    assert (heard.text, heard.unclear) == ("", True)


def test_a_single_language_is_taken_as_given(whisper: Whisper) -> None:
    assert whisper.transcribe(spoken("en_house"), ["zh"]).language == "zh"


def test_a_question_said_with_long_silence_is_still_understood(whisper: Whisper) -> None:
    quiet = np.pad(spoken("en_house"), (16_000, 32_000))
    assert "old house" in whisper.transcribe(quiet, BOTH).text


def test_what_is_too_short_is_nothing(whisper: Whisper) -> None:
    assert whisper.transcribe(np.ones(800, np.float32), BOTH).text == ""


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="models fetch"):
        transcriber.create(tmp_path)


def test_a_broken_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(Broken, match="expected a Whisper model"):
        transcriber.create(tmp_path)


@pytest.mark.parametrize("vocabulary", [None, b"", b"{}", b"\xff\xfe"])
def test_a_broken_vocabulary_is_one_line(tmp_path: Path, vocabulary: bytes | None) -> None:
    model = catalog.verified_dir("transcriber")
    for name in ("model.bin", "config.json", "vocabulary.txt"):
        (tmp_path / name).symlink_to(model / name)
    if vocabulary is not None:
        (tmp_path / "tokenizer.json").write_bytes(vocabulary)
    with pytest.raises(Broken, match="expected a Whisper model"):
        transcriber.create(tmp_path)


def test_voice_is_measured_in_seconds() -> None:
    sound = np.concatenate([np.zeros(16_000), np.full(8_000, 0.5)]).astype(np.float32)
    assert voiced_seconds(FakeSpeechDetector(), sound) == pytest.approx(0.5)


def test_another_language_must_be_certain() -> None:
    assert choose_language({"fr": 0.9, "en": 0.05, "zh": 0.01}, BOTH) == ("fr", False)
    assert choose_language({"fr": 0.5, "en": 0.05, "zh": 0.01}, BOTH) == ("en", True)
    assert choose_language({"fr": 0.9, "en": 0.05, "zh": 0.01}, BOTH, 0.95) == ("en", True)
    assert choose_language({"ja": 0.7, "zh": 0.2}, BOTH) == ("zh", True)
    assert choose_language({"nn": 0.9, "en": 0.02, "zh": 0.08}, BOTH) == ("zh", True)
    assert choose_language({"en": 0.6, "zh": 0.3}, BOTH[::-1]) == ("en", True)


@pytest.mark.parametrize(
    ("text", "language", "languages", "expected"),
    [
        ("Grandpa，how did you meet grandma？", "zh", BOTH, ("Grandpa, how did you meet grandma?", "en")),
        ("你好吗?", "en", BOTH, ("你好吗？", "zh")),
        ("Leo，你好。", "zh", BOTH, ("Leo，你好。", "zh")),
        ("OK。", "zh", BOTH, ("OK。", "zh")),
        ("Grandpa，how are you？", "zh", ("zh",), ("Grandpa，how are you？", "zh")),
    ],
)
def test_words_count_more_than_the_sound_of_the_language(
    text: str, language: str, languages: Sequence[str], expected: tuple[str, str]
) -> None:
    told = in_its_script(Transcript(text, language, 0.8), languages)
    assert (told.text, told.language, told.confidence) == (*expected, 0.8)


@given(st.dictionaries(st.sampled_from(["en", "zh", "fr", "nn", "ja", "la"]), st.floats(0, 1)))
def test_the_choice_is_always_one_of_the_asked_or_a_certain_other(probabilities: dict[str, float]) -> None:
    language, known = choose_language(probabilities, BOTH)
    assert known == (language in BOTH)
    assert known or (probabilities[language] >= transcriber.FOREIGN and language not in UNRELIABLE)
