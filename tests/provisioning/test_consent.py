"""Consent, from `persona.toml` to what a frame goes by."""

from __future__ import annotations

import hashlib
import json
import wave
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Missing
from device.persona.unpacked import PersonaFile
from device.schema import convert
from provisioning import consent
from provisioning.consent import agreed, ask, match, sentence

HEARD = {"en": 1, "zh": 8}
"""Nonces of sentences that a synthetic voice says clearly enough."""


def file(language: str = "en", **given_: Any) -> PersonaFile:
    usual = {"basis": "relative", "evidence": ["consent/register.txt"], "grants": ["likeness"]}
    person = (
        {"name": "Ada", "languages": [language], "died": 2001}
        if not given_.get("declaration")
        else ({"name": "Ada" if language == "en" else "李玉兰", "languages": [language]})
    )
    told = {"id": "ada", "person": person, "brought_by": {"name": "Tom", "relation": "son"}}
    return convert({**told, "consent": {**usual, **given_}}, PersonaFile, "persona.toml")


def never(recording: Path, language: str) -> str:
    raise AssertionError("nothing is to be heard")


def test_a_relatives_consent_keeps_the_hash_of_the_evidence(tmp_path: Path) -> None:
    (tmp_path / "consent").mkdir()
    (tmp_path / "consent/register.txt").write_text("Tom is her son.", encoding="utf-8")
    told, recording = agreed(file(until=msgspec.convert("2030-01-02", type=Any), names=["Tom"]), tmp_path, never)
    assert recording is None
    assert (told.by, told.relation, told.died) == ("Tom", "son", "2001")
    assert told.evidence[0].sha256 == hashlib.sha256(b"Tom is her son.").hexdigest()
    assert (told.until, told.audience.names) == ("2030-01-02", ("Tom",))


def test_evidence_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        agreed(file(), tmp_path, never)


def living(tmp_path: Path, language: str = "en") -> tuple[PersonaFile, str]:
    told = file(language, basis="self", evidence=[], declaration="consent/declaration.wav")
    asked = ask(tmp_path, told)
    (tmp_path / "consent/declaration.wav").write_bytes(b"RIFF")
    return told, asked


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_living_read_a_sentence_made_up_for_this(tmp_path: Path, language: str) -> None:
    told, asked = living(tmp_path, language)
    heard = asked.lower().replace(",", "").replace("，", "")
    made, recording = agreed(told, tmp_path, lambda path, code: heard if code == language else "")
    assert recording == tmp_path / "consent/declaration.wav"
    assert made.declaration is not None
    assert (made.declaration.match, made.declaration.sentence) == (1.0, asked)
    assert made.by == told.person.name
    assert made.declaration.recording == "consent/declaration.wav"


def test_another_sentence_does_not_pass_for_it(tmp_path: Path) -> None:
    told, _ = living(tmp_path)
    with pytest.raises(BadInput):
        agreed(told, tmp_path, lambda path, code: sentence("cd" * 16, "Ada", "en"))


def test_without_a_sentence_nothing_counts(tmp_path: Path) -> None:
    told, _ = living(tmp_path)
    (tmp_path / consent.SENTENCE).unlink()
    with pytest.raises(Missing):
        agreed(told, tmp_path, never)
    (tmp_path / consent.SENTENCE).write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput):
        agreed(told, tmp_path, never)


@given(st.text(), st.text(), st.sampled_from(["en", "zh"]))
def test_a_match_is_a_share(asked: str, heard: str, language: str) -> None:
    assert 0.0 <= match(asked, heard, language) <= 1.0


def test_what_sounds_the_same_is_the_same() -> None:
    asked = sentence("0" * 32, "李玉兰", "zh")
    assert match(asked, asked.replace("只", "指").replace("同意", "童意"), "zh") == 1.0
    assert match(asked, asked.replace("同意", "不愿"), "zh") < 1.0


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1), st.sampled_from(["en", "zh"]))
def test_two_sentences_hardly_ever_match(one: int, other: int, language: str) -> None:
    first, second = (sentence(f"{n:032x}", "Ada", language) for n in (one, other))
    if first.split("。" if language == "zh" else ".")[1:] != second.split("。" if language == "zh" else ".")[1:]:
        assert match(first, second, language) < 1.0
    assert match(first, first, language) == 1.0


def test_by_chance_a_stranger_passes_once_in_hundreds() -> None:
    """The drawn words are judged by themselves: the fixed beginning of the sentence is no help."""
    passed = sum(
        match(sentence(f"{n:032x}", "Ada", "zh"), sentence(f"{n + 5000:032x}", "Ada", "zh"), "zh") >= 0.8
        for n in range(1000)
    )
    assert passed <= 10


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_heard_in_real_sound(tmp_path: Path, language: str) -> None:
    """A synthetic voice reads it, the real transcriber writes it down."""
    from device import registry
    from device.voice.resample import resample
    from provisioning.commands.build import hear

    told, _ = living(tmp_path, language)
    # One certain sentence: of ten drawn at random in Chinese, six are written with too many homophones.
    noted = {"nonce": f"{HEARD[language]:032x}", "language": language}
    (tmp_path / consent.SENTENCE).write_text(json.dumps(noted), encoding="utf-8")
    asked = sentence(noted["nonce"], told.person.name, language)
    voice = registry.make("synthesizer", {"en": "piper", "zh": "fastspeech"}[language])
    speech = voice.synthesize(asked)
    sound = np.asarray(resample(speech.pcm, speech.rate, 16000), np.float32)
    with wave.open(str(tmp_path / "consent/declaration.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    made, _ = agreed(told, tmp_path, hear)
    assert made.declaration is not None
    assert made.declaration.match >= 0.8
    assert made.declaration.nonce == noted["nonce"]
