"""A television says the persona's name: whoever must be called is called only by who begins or ends with it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from device import registry
from device.bench.noises import music
from device.bench.room import Room
from device.bench.scene import Scene, record
from device.conversation import events as ev
from device.conversation.state import Policy
from device.ears import transcriber
from device.loop import Loop
from device.ports import MIC_RATE, Pcm, Transcriber, WakeProposal
from device.voice.piper import PiperSettings
from device.voice.resample import resample
from device.workshop import Rooms
from models_quantized import catalog
from tests.fakes.face import PATIENCE_S, FakeFace
from tests.fakes.mind import FakeMind
from tests.fakes.observer import FakeObserver
from tests.fakes.voice import FakeSynthesizer, ManualClock, PromptSpeaker

NAMES = ("Grandpa",)
PROPOSED = tuple(WakeProposal("Grandpa", 0.55, begin / 10, begin / 10 + 0.6) for begin in range(0, 20, 2))
"""Wherever the templates might find something like it."""
FAR = Scene(Room(rt60_s=0.5), person_m=2.5, noise="hum", noise_dbfs=-60.0)


@pytest.fixture(scope="module")
def whisper() -> Transcriber:
    engine: Transcriber = transcriber.create(catalog.verified_dir("transcriber"), names=NAMES)
    return engine


@pytest.fixture(scope="module")
def say() -> Callable[[str], Pcm]:
    # Without chance in it: the same sound every time.
    settings = PiperSettings(length_scale=1.0, tract=1.1, noise_scale=0.0, noise_w_scale=0.0)
    voice = registry.make("synthesizer", "piper", settings=settings)

    def said(text: str) -> Pcm:
        made = voice.synthesize(text)
        return resample(made.pcm, made.rate, MIC_RATE)

    return said


def asked(whisper: Transcriber, heard: Pcm) -> list[str]:
    """What the mind was asked after a proposal of the wake phrase, with a frame that must be called."""
    mind, observer, clock = FakeMind(), FakeObserver(), ManualClock()
    loop = Loop(
        Rooms(whisper, mind, {"en": FakeSynthesizer()}, FakeFace(), clock, ("en", "zh"), NAMES),
        observer,
        Policy("wake"),
    )
    loop.connect(PromptSpeaker(loop.played, clock), lambda on: None)
    thread = threading.Thread(target=loop.run, daemon=True)
    thread.start()
    loop.post(ev.SpeechStarted(1.0))
    loop.post(ev.SpeechPaused(4.0, 3.8, heard, called=PROPOSED))
    loop.post(ev.TurnEnded(4.4, 3.8))
    observer.wait(ev.Transcribed)
    while not loop.idle:
        threading.Event().wait(0.01)
    loop.stop()
    thread.join(PATIENCE_S)
    return mind.asked


def television(pcm: Pcm) -> Pcm:
    """From over there, with music."""
    seconds = len(pcm) / MIC_RATE + 0.6
    sound = record(FAR, [], [(0.3, pcm)], seconds).microphone
    return np.asarray(sound + music(seconds)[: len(sound)] * np.float32(0.002), np.float32)


@pytest.mark.parametrize(
    "text",
    [
        "Yesterday her grandpa went to the market with the children.",
        "The weather for tomorrow, sunny in the south, with some rain later on.",
        "My grandmother never told anybody about the letter.",
    ],
)
def test_a_television_that_says_the_name_is_not_answered(
    whisper: Transcriber, say: Callable[[str], Pcm], text: str
) -> None:
    assert asked(whisper, television(say(text))) == []


def test_who_calls_is_answered(whisper: Transcriber, say: Callable[[str], Pcm]) -> None:
    (question,) = asked(whisper, say("Grandpa, how did you meet Grandma?"))
    assert "how did you meet" in question.lower()
