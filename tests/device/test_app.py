"""The frame put together: ears that fail hear again."""

from __future__ import annotations

import numpy as np

from device.app import Engines, Frame
from device.config import FrameSettings
from device.conversation import events as ev
from device.ears.listener import Senses
from device.ports import BLOCK, Pcm
from device.preparing import Preparing
from device.workshop import Rooms
from tests.fakes.ears import FakeMicrophone, FakeSpeechDetector, FakeTranscriber, FakeTurnEnd
from tests.fakes.face import FakeFace
from tests.fakes.mind import FakeMind
from tests.fakes.observer import FakeObserver
from tests.fakes.voice import FakeSynthesizer, ManualClock, PromptSpeaker


class FailsTwice(FakeSpeechDetector):
    """A detector whose engine raises what nobody expects."""

    def __init__(self) -> None:
        self.failures = 2

    def feed(self, pcm: Pcm) -> float:
        if self.failures:
            self.failures -= 1
            raise ValueError("out of its mind")
        return super().feed(pcm)


def test_a_detector_that_fails_does_not_leave_the_frame_deaf() -> None:
    clock, face, observer, detector = ManualClock(), FakeFace(), FakeObserver(), FailsTwice()
    rooms = Rooms(FakeTranscriber(), FakeMind(), {"en": FakeSynthesizer()}, face, clock, ("en", "zh"))
    said = np.concatenate([np.full(100 * BLOCK, 0.5, np.float32), np.zeros(300 * BLOCK, np.float32)])
    frame = Frame(
        Engines(rooms, Senses(detector, FakeTurnEnd()), Preparing({}, (), clock)),
        FrameSettings(),
        observer,
        FakeMicrophone(said, clock.now()),
        lambda played: PromptSpeaker(played, clock),
    )
    frame.start()
    frame.wait()
    observer.wait(ev.TurnEnded)
    face.wait(lambda moods: "idle" in moods)
    frame.stop()
    assert detector.failures == 0
    assert [turn.heard for turn in observer.turns] == ["hello"]
