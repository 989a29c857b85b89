"""Openings are said in advance, only while nobody is there."""

from __future__ import annotations

import threading

from device.errors import Broken, ImagoError
from device.mind.openings import Opening
from device.preparing import Preparing
from device.voice.prepared import Prepared
from tests.fakes.voice import FakeSynthesizer, ManualClock

OPENINGS = (Opening("Hello.", "en"), Opening("你好。", "zh"), Opening("Goodbye.", "en"), Opening("Bonjour.", "fr"))


def preparing(engine: FakeSynthesizer, room: int = 1_000_000) -> Preparing:
    return Preparing({"en": Prepared(engine, room), "zh": Prepared(engine, room)}, OPENINGS, ManualClock())


def test_all_are_said_in_their_order() -> None:
    engine = FakeSynthesizer()
    work = preparing(engine)
    work.start(lambda: True)
    assert work.wait(10)
    work.stop()
    assert engine.spoken == ["Hello.", "你好。", "Goodbye."]


def test_nothing_is_said_while_somebody_is_there() -> None:
    engine, asked = FakeSynthesizer(), threading.Event()

    def idle() -> bool:
        asked.set()
        return False

    work = preparing(engine)
    work.start(idle)
    assert asked.wait(10)
    work.stop()
    assert engine.spoken == []
    assert not work.wait(0)


def test_one_that_fails_is_left_out() -> None:
    def fails(text: str) -> ImagoError | None:
        return Broken("the voice", expected="sound", got="none") if text == "Hello." else None

    engine = FakeSynthesizer(fails=fails)
    work = preparing(engine)
    work.start(lambda: True)
    assert work.wait(10)
    work.stop()
    assert engine.spoken == ["你好。", "Goodbye."]


def test_a_full_voice_is_not_asked_again() -> None:
    engine = FakeSynthesizer()
    work = preparing(engine, room=1)
    while work.step():
        pass
    assert engine.spoken == ["Hello.", "你好。"]
