"""What the frame says about how to begin, and that it stops saying so."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.announcing import Announcer
from device.commands.mind import Journal, how_to_begin, meaning
from device.conversation import events as ev
from device.conversation.state import Attention
from device.link import PRESENCE, Notice, Touch
from device.persona.unpacked import load
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
    journal = Journal(face, Announcer("en", None))
    journal.finished(ev.FinishTurn(1, "", "", ""))
    assert not face.messages
    journal.finished(ev.FinishTurn(2, "", "Hello. Here I am.", ""))
    assert not face.messages, "a greeting of its own accord explains nothing"
    for turn in (3, 4):
        journal.finished(ev.FinishTurn(turn, "hello", "good morning", "en"))
    assert face.messages == [Notice("", "")]


def test_who_comes_is_greeted_in_the_first_language_and_who_touches_is_heard(tmp_path: Path) -> None:
    text = 'id = "x"\n[person]\nname = "外公"\nlanguages = ["zh", "en"]\ngreeting = {en = "Hello, little one."}\n'
    (tmp_path / "persona.toml").write_text(text, encoding="utf-8")
    persona = load(tmp_path)
    assert meaning(Touch(PRESENCE, 1.0), persona, 2.0) == ev.Visited("哎，我在呢。", "zh", 2.0)
    assert meaning(Touch("key space", 1.0), persona, 2.0) == ev.Pushed(2.0)
