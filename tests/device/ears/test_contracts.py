"""What each port of the ears promises, asked of the fake and of the real engine alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from device.ears import speech
from device.ears.recording import RecordedMicrophone
from device.ports import BLOCK, MIC_RATE, Microphone, Pcm, SpeechDetector, Transcriber, TurnEnd
from tests.device.ears.conftest import spoken
from tests.device.ears.test_microphone import opened
from tests.fakes.ears import FakeMicrophone, FakeSpeechDetector, FakeTranscriber, FakeTurnEnd
from tests.fakes.voice import ManualClock

SILENCE = np.zeros(MIC_RATE, np.float32)


def recorded(pcm: Pcm) -> Microphone:
    clock = ManualClock(5.0)
    microphone = RecordedMicrophone(clock, 0.0, clock.advance)
    microphone.say(pcm)
    microphone.finish()
    return microphone


@pytest.fixture(params=["fake", "recorded", "device"])
def microphone(request: pytest.FixtureRequest, tmp_path: Path) -> Microphone:
    pcm = spoken("en_house")
    makers: dict[str, Callable[[], Microphone]] = {
        "fake": lambda: FakeMicrophone(pcm, begin=5.0),
        "recorded": lambda: recorded(pcm),
        "device": lambda: opened(tmp_path, [("open", 16_000), ("sound", 2.0), ("hang", 0)]),
    }
    return makers[str(request.param)]()


def test_a_microphone_gives_10_ms_blocks_one_after_the_other_until_it_is_closed(microphone: Microphone) -> None:
    last = 0.0
    for _ in range(30):
        block = microphone.read()
        assert block is not None
        assert block.pcm.shape == (BLOCK,)
        assert block.pcm.dtype == np.float32
        assert float(np.abs(block.pcm).max()) <= 1.0
        assert block.t >= last
        last = block.t
    microphone.close()
    assert microphone.read() is None
    microphone.close()


@pytest.fixture(params=["fake", "silero"])
def detector(request: pytest.FixtureRequest) -> SpeechDetector:
    return FakeSpeechDetector() if request.param == "fake" else speech.create()


def test_a_detector_tells_speech_from_silence_after_a_reset_too(detector: SpeechDetector) -> None:
    voice = spoken("en_house")[8000:16_000]
    for _ in range(2):
        detector.reset()
        heard = [detector.feed(voice[i : i + BLOCK]) for i in range(0, len(voice), BLOCK)]
        quiet = [detector.feed(SILENCE[i : i + BLOCK]) for i in range(0, len(SILENCE), BLOCK)]
        assert all(0.0 <= p <= 1.0 for p in heard + quiet)
        assert np.mean(heard) > 0.6
        assert np.mean(quiet[50:]) < 0.2


@pytest.fixture(params=["fake", "smart-turn"])
def turn_end(request: pytest.FixtureRequest) -> TurnEnd:
    if request.param == "fake":
        return FakeTurnEnd([0.9])
    engine: TurnEnd = request.getfixturevalue("smart_turn")
    return engine


@pytest.mark.parametrize("samples", [0, 1, 150, 16_000, 300_000])
def test_a_turn_end_takes_any_length(turn_end: TurnEnd, samples: int) -> None:
    sound = np.resize(spoken("en_house"), samples).astype(np.float32)
    probability = turn_end.probability(sound)
    assert 0.0 <= probability <= 1.0
    assert probability == 0.0 or samples > 0


@pytest.fixture(params=["fake", "whisper"])
def ears(request: pytest.FixtureRequest) -> Transcriber:
    if request.param == "fake":
        return FakeTranscriber(["Do you remember the old house by the river?"])
    engine: Transcriber = request.getfixturevalue("whisper")
    return engine


def test_a_transcriber_understands_speech(ears: Transcriber) -> None:
    heard = ears.transcribe(spoken("en_house"), ("zh", "en"))
    assert heard.text == "Do you remember the old house by the river?"
    assert heard.language == "en"
    assert 0.5 < heard.confidence <= 1.0


def test_a_transcriber_tells_what_was_said_from_what_was_not(ears: Transcriber) -> None:
    pcm = spoken("en_house")
    said, other = (ears.likeness(pcm, phrase) for phrase in ("Do you remember", "Hello Grandpa"))
    assert said > -0.5
    assert other < said - 2.0


def test_in_silence_nothing_is_likely(ears: Transcriber) -> None:
    assert ears.likeness(SILENCE, "Hello Grandpa") == -np.inf


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), SILENCE, SILENCE[:100]])
def test_a_transcriber_hears_nothing_in_silence(ears: Transcriber, sound: Pcm) -> None:
    heard = ears.transcribe(sound, ("zh", "en"))
    assert (heard.text, heard.language, heard.confidence) == ("", "zh", 0.0)
