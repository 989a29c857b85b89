"""What families' rooms and microphones do, through the real ears: detector, turn end, endpointing, transcriber.

After each the frame must hear as before, invent nothing, and tell the family what they can do about it, once.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from device.bench.echo import hear
from device.bench.interruption import interrupted
from device.bench.noises import NOISES, television
from device.bench.room import Room
from device.bench.scene import Scene, in_a_row, record
from device.clock import SystemClock
from device.conversation import events as ev
from device.conversation.barge_in import BargeIn
from device.conversation.finished import ending
from device.ears import speech
from device.ears.listener import Listener, Senses
from device.ears.microphone import DeviceMicrophone, MicrophoneSettings
from device.ears.transcriber import Whisper
from device.ears.turn_end import SmartTurn
from device.ports import MIC_RATE, Microphone, Pcm
from device.voice.resample import resample
from tests.device.ears.conftest import spoken
from tests.fakes.ears import FakeMicrophone
from tests.support.odd_sounds import barking, clipped, shouted, whispered

CAPTURE = Path(__file__).parents[2] / "fakes" / "capture_process.py"
HOUSE = "Do you remember the old house by the river?"
EAT = "What did you like to eat when you were a child?"
FACTORY = "我们在北京的工厂里认识的。"


def letters(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * MIC_RATE), np.float32)


class Ears:
    """Real engines behind a listener; `turns` is what was understood of each."""

    def __init__(self, whisper: Whisper, turn_end: SmartTurn) -> None:
        self._whisper = whisper
        self._text, self._begin = "", 0.0
        self._listener = Listener(Senses(speech.create(), turn_end), self._post)
        self.turns: list[str] = []

    def _post(self, event: ev.Event) -> None:
        if isinstance(event, ev.SpeechPaused):
            heard = self._whisper.transcribe(event.utterance, ("en", "zh"))
            self._text = heard.text
            self._listener.expect(ending(heard.text, heard.language, heard.confidence))
        elif isinstance(event, ev.TurnEnded):
            self.turns.append(self._text)

    def hear(self, *parts: Pcm) -> list[str]:
        """In a quiet room, with silence before and after."""
        sound = np.concatenate([silence(0.8), *parts, silence(1.8)])
        hiss = np.random.default_rng(0).normal(0.0, 2e-4, len(sound))
        begin, self._begin = self._begin, self._begin + len(sound) / MIC_RATE
        return self.follow(FakeMicrophone(np.asarray(np.clip(sound + hiss, -1.0, 1.0), np.float32), begin))

    def follow(self, microphone: Microphone) -> list[str]:
        self.turns = []
        self._listener.run(microphone)
        return self.turns


@pytest.fixture
def ears(whisper: Whisper, smart_turn: SmartTurn) -> Ears:
    return Ears(whisper, smart_turn)


def understood(turns: list[str], *said: str) -> bool:
    return [letters(turn) for turn in turns] == [letters(text) for text in said]


# --- voices ---


@pytest.mark.parametrize(("name", "text"), [("en_house", HOUSE), ("zh_factory", FACTORY)])
def test_a_whisper_is_understood(ears: Ears, name: str, text: str) -> None:
    assert understood(ears.hear(whispered(spoken(name))), text)


def test_the_whisper_of_these_tests_has_no_voice() -> None:
    """Its strongest period is far weaker than the voice's."""

    def periodicity(pcm: Pcm) -> float:
        frames = [pcm[i : i + 800].astype(np.float64) for i in range(0, len(pcm) - 800, 400)]
        peaks = [np.correlate(f, f, "full")[800 + 64 : 800 + 260].max() / max(f @ f, 1e-9) for f in frames]
        loud = np.quantile([f @ f for f in frames], 0.6)
        return float(np.median([p for p, f in zip(peaks, frames, strict=True) if f @ f >= loud]))

    voice = spoken("en_house")

    assert periodicity(voice) > 1.5 * periodicity(whispered(voice))


@pytest.mark.parametrize(("name", "text"), [("en_house", HOUSE), ("zh_factory", FACTORY)])
def test_a_shout_is_understood(ears: Ears, name: str, text: str) -> None:
    assert understood(ears.hear(shouted(spoken(name))), text)


def test_of_two_people_at_once_the_nearer_is_understood_or_nobody(ears: Ears) -> None:
    """At the same level there is nothing to be understood: no text may come of it; and the next question is heard."""
    near, other = spoken("en_house"), spoken("zh_factory")
    other = np.pad(other, (0, max(0, len(near) - len(other))))[: len(near)]
    turns = ears.hear(near + other * np.float32(10 ** (-12 / 20)), silence(1.5), spoken("en_eat"))
    assert "theoldhousebytheriver" in letters(turns[0])
    assert letters(turns[-1]) == letters(EAT)
    turns = ears.hear(near + other, silence(1.5), spoken("en_eat"))
    assert understood(turns, "", EAT)


# --- what is no person ---


@pytest.mark.parametrize("seed", [0, 1])
def test_a_dog_is_not_answered(ears: Ears, seed: int) -> None:
    assert not any(ears.hear(barking(5.0, seed)))
    assert understood(ears.hear(barking(3.0, seed), silence(1.0), spoken("en_house")), HOUSE)


@pytest.mark.parametrize("noise", ["music", "kitchen", "rain"])
def test_noise_is_not_answered(ears: Ears, noise: str) -> None:
    loud = NOISES[noise](4.0, 1) * np.float32(0.05)
    assert not any(ears.hear(loud))
    assert understood(ears.hear(loud, silence(1.0), spoken("en_house")), HOUSE)


def test_talk_without_words_from_a_television_is_not_answered(ears: Ears) -> None:
    assert not any(ears.hear(television(5.0, 1) * np.float32(0.05)))


def test_the_own_voice_from_a_loudspeaker_600_ms_late_is_not_a_person() -> None:
    playback = in_a_row([spoken(name) for name in ("en_house", "zh_factory", "en_eat", "en_unfinished")])
    over = playback[-1][0] + 4.5
    scene = Scene(Room(rt60_s=0.4), latency_s=0.6)
    person = [(over, spoken("zh_fish"))]
    outcome = interrupted(scene, playback, person, over + 3.0, speech.create(), BargeIn())
    assert outcome.playback_s > 5, "its own voice was there"
    assert (outcome.false_ducks, outcome.false_speech) == (0, 0)
    trace = hear(record(scene, playback, person, over + 3.0).microphone, playback, speech.create())
    assert float(trace.probability[round(100 * over) :].max()) > 0.9, "a person is heard afterwards"


# --- microphones ---


def play(folder: Path, frames: Pcm, rate: int | tuple[int, int]) -> DeviceMicrophone:
    """Frames of shape (samples, 2) out of a device, in real time; `rate`: Hz, or what it says and what it has."""
    np.save(folder / "sound.npy", np.round(np.clip(frames, -1, 1) * 32767).astype("<i2"))
    plan: list[tuple[str, Any]] = [("open", rate), ("play", "sound.npy"), ("die", 0)]
    (folder / "plan1.json").write_text(json.dumps(plan))
    settings = MicrophoneSettings("usb", open_limit_s=20.0, stall_s=0.5)
    return DeviceMicrophone(settings, SystemClock(), [sys.executable, str(CAPTURE), str(folder)])


class Until:
    """Another microphone, until so many seconds are heard."""

    def __init__(self, microphone: DeviceMicrophone, seconds: float) -> None:
        self._microphone = microphone
        self._left = round(seconds * 100)

    def read(self) -> Any:
        self._left -= 1
        if self._left < 0:
            self.close()
            return None
        return self._microphone.read()

    def close(self) -> None:
        self._microphone.close()


def stereo(pcm: Pcm, left: float = 1.0, rate: int = MIC_RATE) -> Pcm:
    sound = resample(pcm, MIC_RATE, rate)
    return np.stack([sound * np.float32(left), sound], axis=1)


def test_a_dead_left_channel_makes_no_difference(ears: Ears, tmp_path: Path) -> None:
    said = np.concatenate([silence(0.5), spoken("en_house"), silence(1.5)])
    microphone = Until(play(tmp_path, stereo(said, left=0.0, rate=48_000), 48_000), len(said) / MIC_RATE)
    assert understood(ears.follow(microphone), HOUSE)


def test_a_clipped_microphone_is_told_once_and_still_heard(
    ears: Ears, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = clipped(np.concatenate([silence(0.5), spoken("en_house"), silence(1.5)]), 20.0)
    with caplog.at_level(logging.WARNING):
        microphone = Until(play(tmp_path, stereo(said), 16_000), len(said) / MIC_RATE)
        assert understood(ears.follow(microphone), HOUSE)
    assert caplog.text.count("turn its input level down") == 1


def test_a_microphone_at_another_rate_than_it_says_is_told_and_understood(
    ears: Ears, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It says 16 kHz and runs at 48: a deep, slow voice, until the samples have been counted."""
    said = np.concatenate([silence(5.0), spoken("en_house"), silence(1.8)])
    with caplog.at_level(logging.WARNING):
        microphone = Until(play(tmp_path, stereo(said, rate=48_000), (16_000, 48_000)), len(said) / MIC_RATE + 2.0)
        turns = ears.follow(microphone)
    assert letters(turns[-1]) == letters(HOUSE)
    assert caplog.text.count("says 16000 Hz but delivers 48000 samples a second") == 1
