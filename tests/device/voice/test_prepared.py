"""A voice with something said in advance: the same sound, without the engine."""

from __future__ import annotations

import numpy as np
import pytest

from device.errors import Broken
from device.voice.prepared import FULL_SCALE, Prepared
from tests.fakes.voice import FakeSynthesizer


def test_what_was_prepared_is_there_without_the_engine() -> None:
    engine, fresh = FakeSynthesizer(), FakeSynthesizer()
    voice = Prepared(engine)
    assert voice.prepare("My father was a ferryman,")
    assert voice.prepare("My father was a ferryman,")
    speech = voice.synthesize("My father was a ferryman,")
    wanted = fresh.synthesize("My father was a ferryman,")
    assert engine.spoken == ["My father was a ferryman,"]
    assert (speech.rate, speech.visemes, speech.text) == (wanted.rate, wanted.visemes, wanted.text)
    assert speech.pcm.dtype == np.float32
    np.testing.assert_allclose(speech.pcm, wanted.pcm, atol=1 / FULL_SCALE)


def test_everything_else_is_the_engines() -> None:
    engine = FakeSynthesizer()
    voice = Prepared(engine)
    voice.prepare("Hello.")
    assert voice.synthesize("Hello").text == "Hello"
    assert engine.spoken == ["Hello.", "Hello"]


def test_no_more_is_kept_than_there_is_room_for() -> None:
    engine = FakeSynthesizer()
    two_bytes_a_sample = 2 * len(engine.synthesize("abcd").pcm)
    voice = Prepared(engine, room=two_bytes_a_sample + 1)
    assert [voice.prepare(text) for text in ("abcd", "bcda", "cdab", "dabc")] == [True, True, False, False]
    engine.spoken.clear()
    for text in ("abcd", "bcda", "cdab"):
        voice.synthesize(text)
    assert engine.spoken == ["cdab"]


def test_a_failure_is_told_and_nothing_is_kept() -> None:
    failures = [Broken("the voice", expected="sound", got="none")]
    voice = Prepared(FakeSynthesizer(fails=lambda text: failures.pop() if failures else None))
    with pytest.raises(Broken):
        voice.prepare("Hello.")
    assert len(voice.synthesize("Hello.").pcm)
