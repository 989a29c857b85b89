"""What the frame says about how to begin, and that it stops saying so."""

from __future__ import annotations

import pytest

from device.commands.mind import Journal, how_to_begin
from device.conversation import events as ev
from device.conversation.state import Attention
from device.link import Notice
from tests.fakes.face import FakeFace


@pytest.mark.parametrize(
    ("phrases", "attention", "english", "chinese"),
    [
        (("Hello Grandpa", "外公你好"), "wake", "Hello Grandpa", "外公你好"),
        (("外公你好",), "wake", "外公你好", "外公你好"),
        (("Hello Grandpa",), "push", "press a key", "按一个键"),
        (("Hello Grandpa",), "always", "listening", "在听"),
        ((), "wake", "listening", "在听"),
    ],
)
def test_a_stranger_is_told_how(phrases: tuple[str, ...], attention: Attention, english: str, chinese: str) -> None:
    notice = how_to_begin(phrases, attention)
    assert english in notice.en
    assert chinese in notice.zh


def test_who_has_talked_with_it_knows() -> None:
    face = FakeFace()
    journal = Journal(face)
    journal.finished(ev.FinishTurn(1, "", "", ""))
    assert not face.messages
    for turn in (2, 3):
        journal.finished(ev.FinishTurn(turn, "hello", "good morning", "en"))
    assert face.messages == [Notice("", "")]
