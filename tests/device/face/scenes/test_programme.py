"""When the album comes and goes, and the photograph beside the portrait."""

from __future__ import annotations

import numpy as np
import pytest

from device.face.scenes.programme import FADE, LINGER, LOOK, Programme
from device.link import Mood, Order, Photos

AFTER = 60.0


def programme(after_s: float = AFTER) -> Programme:
    shown = Programme(after_s)
    shown.tell(Mood("idle", 0.0), 0.0)
    return shown


def conversation(shown: Programme, t: float, *moods: str) -> None:
    for number, mood in enumerate(moods):
        shown.tell(Mood(mood, t + number), t + number)


def covered(shown: Programme, t: float) -> float:
    """Once it has had the time to come."""
    shown.album(t)
    return shown.album(t + FADE)


def test_the_album_comes_after_a_while_of_quiet() -> None:
    shown = programme()
    assert covered(shown, AFTER - 3) == 0.0
    assert covered(shown, AFTER) == 1.0


def test_it_comes_softly() -> None:
    shown = programme()
    shares = np.array([shown.album(AFTER + k / 30) for k in range(60)])
    assert (np.diff(shares) >= 0).all()
    assert np.diff(shares).max() < 0.08
    assert shares[-1] == 1.0


def test_a_frame_without_it_never_opens_it_by_itself() -> None:
    assert covered(programme(0.0), 9e4) == 0.0


def test_who_speaks_to_the_persona_sees_them_at_once() -> None:
    shown = programme()
    assert covered(shown, AFTER) == 1.0
    shown.tell(Mood("listening", 100.0), 100.0)
    shown.album(100.0)
    assert shown.album(100.0 + LOOK) == 0.0


def test_quiet_is_counted_from_the_last_word() -> None:
    shown = programme()
    conversation(shown, 50.0, "listening", "thinking", "speaking", "listening", "idle")
    assert covered(shown, 54.0 + AFTER - 3) == 0.0
    assert covered(shown, 54.0 + AFTER) == 1.0


def test_who_asks_for_the_photographs_goes_on_seeing_them() -> None:
    shown = programme()
    conversation(shown, 10.0, "listening", "thinking")
    shown.tell(Order("album", 12.0), 12.0)
    shown.tell(Mood("speaking", 12.1), 12.1)  # "Here they are."
    assert covered(shown, 13.0) == 0.0
    conversation(shown, 15.0, "listening")
    assert covered(shown, 15.5) == 1.0
    conversation(shown, 20.0, "listening", "thinking")
    shown.tell(Order("next-photo", 22.0), 22.0)
    conversation(shown, 22.1, "listening")
    assert covered(shown, 23.0) == 1.0


def test_an_answer_to_something_else_closes_it() -> None:
    shown = programme()
    shown.tell(Order("album", 1.0), 1.0)
    conversation(shown, 2.0, "listening", "listening", "thinking")
    assert covered(shown, 5.0) == 1.0, "while it thinks they are still looked at"
    conversation(shown, 7.0, "speaking", "listening")
    assert covered(shown, 9.0) == 0.0


@pytest.mark.parametrize("state", ["sorry", "farewell"])
def test_the_persona_is_seen_when_it_is_sorry_or_says_goodbye(state: str) -> None:
    shown = programme()
    shown.tell(Order("album", 1.0), 1.0)
    conversation(shown, 2.0, "listening", state)
    assert covered(shown, 4.0) == 0.0


def test_photographs_that_were_asked_for_open_the_album() -> None:
    shown = programme()
    shown.tell(Photos(("kite.jpg",), beside=False, t=1.0), 1.0)
    conversation(shown, 1.1, "speaking", "listening")
    assert covered(shown, 4.0) == 1.0
    assert shown.beside(4.0) == ("", 0.0)


def test_the_one_that_is_talked_about_stays_beside_the_portrait_and_goes() -> None:
    shown = programme()
    shown.tell(Photos(("kite.jpg",), beside=True, t=1.0), 1.0)
    shown.tell(Mood("speaking", 1.1), 1.1)
    shown.beside(1.1)
    assert shown.beside(1.2 + FADE) == ("kite.jpg", 1.0)
    assert shown.beside(300.0) == ("kite.jpg", 1.0), "as long as it speaks"
    shown.tell(Mood("listening", 301.0), 301.0)
    assert shown.beside(300.0 + LINGER) == ("kite.jpg", 1.0)
    shown.beside(301.0 + LINGER)
    assert shown.beside(301.0 + LINGER + FADE) == ("", 0.0)


def test_it_goes_with_an_answer_about_something_else() -> None:
    shown = programme()
    shown.tell(Photos(("kite.jpg",), beside=True, t=1.0), 1.0)
    conversation(shown, 1.1, "speaking", "listening", "thinking", "speaking")
    shown.beside(4.1)
    assert shown.beside(4.2 + FADE) == ("", 0.0)


def test_another_one_takes_its_place() -> None:
    shown = programme()
    shown.tell(Photos(("kite.jpg",), beside=True, t=1.0), 1.0)
    conversation(shown, 1.1, "speaking", "listening", "thinking")
    shown.tell(Photos(("ferry.jpg",), beside=True, t=4.0), 4.0)
    conversation(shown, 4.1, "speaking")
    shown.beside(4.1)
    assert shown.beside(9.0) == ("ferry.jpg", 1.0)
