"""To whom a frame listens that has a name or has none, and what the rehearsals choose."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from device.app import attention_for
from device.commands.converse import frame_settings
from device.config import Listening
from device.ears.listener import Senses
from tests.fakes.ears import FakeSpeechDetector, FakeTurnEnd
from tests.fakes.wake_phrase import FakeWakePhrase

NAMED = Senses(FakeSpeechDetector(), FakeTurnEnd(), FakeWakePhrase())
NAMELESS = Senses(FakeSpeechDetector(), FakeTurnEnd())


def test_a_frame_with_a_name_waits_to_be_called() -> None:
    assert attention_for(Listening(), NAMED) == "wake"


def test_a_frame_without_one_listens_to_whatever_is_said() -> None:
    assert attention_for(Listening(), NAMELESS) == "always"


def test_what_is_set_otherwise_stays() -> None:
    assert attention_for(Listening(attention="push"), NAMELESS) == "push"
    assert attention_for(Listening(attention="always"), NAMED) == "always"


def test_rehearsals_need_not_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGO_HOME", str(tmp_path))
    chosen = frame_settings(argparse.Namespace(size="640x360", window=False))
    assert chosen.listening.attention == "always"
