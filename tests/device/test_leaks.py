"""After a thousand turns that people took back, nothing of them is left: no thread, no token, no sample."""

from __future__ import annotations

import threading

import numpy as np

from device.conversation import events as ev
from device.conversation.state import Policy
from device.loop import Loop
from device.workshop import Rooms
from tests.fakes.ears import FakeTranscriber
from tests.fakes.face import FakeFace
from tests.fakes.mind import FakeMind
from tests.fakes.observer import FakeObserver
from tests.fakes.voice import FakeSynthesizer, ManualClock, PromptSpeaker

TURNS = 1000
SPOKEN = np.full(8000, 0.5, np.float32)


def test_a_thousand_cancelled_turns_leave_nothing() -> None:
    threads = threading.active_count()
    voice, mind, face, observer, clock = FakeSynthesizer(), FakeMind(), FakeFace(), FakeObserver(), ManualClock()
    rooms = Rooms(FakeTranscriber(), mind, {"en": voice}, face, clock, ("en", "zh"))
    loop = Loop(rooms, observer, Policy(full_duplex=True))
    speaker = PromptSpeaker(loop.played, clock)
    loop.connect(speaker, lambda on: None)
    running = threading.Thread(target=loop.run, daemon=True)
    running.start()
    with_loop = threading.active_count()
    loop.post(ev.SpeechStarted(0.0))
    for number in range(TURNS):
        loop.post(ev.SpeechPaused(number + 0.5, number + 0.3, SPOKEN))
        loop.post(ev.SpeechResumed(number + 0.6))
    loop.post(ev.SpeechPaused(TURNS + 0.5, TURNS + 0.3, SPOKEN))
    loop.post(ev.TurnEnded(TURNS + 0.7, TURNS + 0.3))
    face.wait(lambda moods: "idle" in moods)
    assert threading.active_count() == with_loop
    assert speaker.said == ["Sit down,", "and tell me."]  # of the last turn, once
    assert [turn.heard for turn in observer.turns] == ["hello"]
    assert mind.remembered == [("hello", "Sit down, and tell me.", "en")]
    assert loop.idle
    loop.stop()
    running.join(5)
    assert threading.active_count() == threads
