import pytest

from device.face.attract import BRIGHTENING, DIMMING, STAYS, Attract
from device.face.motion import STATES, Motion
from device.link import Mood, Speak

QUIET, DIM = 60.0, 0.4


class Booth:
    """A motion and its attract loop, stepped as the stage steps them."""

    def __init__(self) -> None:
        self.motion, self.attract = Motion(1), Attract(QUIET, DIM)

    def tell(self, message: Mood | Speak, t: float) -> None:
        self.motion.tell(message)
        self.attract.tell(message, t)

    def until(self, start: float, end: float) -> float:
        """Steps from `start` to `end`; the light then."""
        light, t = 1.0, start
        while t <= end:
            for message in self.attract.update(self.motion.state, t):
                self.motion.tell(message)
            light = self.attract.light(t)
            t += 0.1
        return light


def waiting() -> Booth:
    """One that has drawn back into the dark; it is 100 s."""
    booth = Booth()
    assert booth.until(0.0, 100.0) == pytest.approx(DIM)
    assert booth.motion.state == "attract"
    return booth


def test_it_stays_bright_for_a_while_then_grows_dim_slowly() -> None:
    booth = Booth()
    assert booth.until(0.0, QUIET - 1) == 1.0
    assert booth.motion.state == "idle"
    middle = booth.until(QUIET - 1, QUIET + DIMMING / 2)
    assert DIM + 0.2 < middle < 0.8
    assert booth.until(QUIET + DIMMING / 2, QUIET + DIMMING + 1) == pytest.approx(DIM)


def test_who_comes_is_looked_at_and_lit_within_a_second() -> None:
    booth = waiting()
    assert booth.attract.visit(booth.motion.state, 100.0)
    light = booth.until(100.0, 100.0 + BRIGHTENING + 0.2)
    assert light == 1.0
    assert booth.motion.state == "welcome"
    booth.until(101.0, 100.0 + STAYS + 1)
    assert booth.motion.state in ("idle", "attract")
    assert booth.until(131.0, 100.0 + STAYS + DIMMING + 2) == pytest.approx(DIM)


def test_who_stays_is_greeted_once_and_who_talks_not_at_all() -> None:
    booth = waiting()
    assert [booth.attract.visit("attract", 100.0 + k) for k in range(5)] == [True, False, False, False, False]
    assert not booth.attract.visit("welcome", 104.0 + STAYS - 1)
    assert booth.attract.visit("idle", 300.0)
    assert not booth.attract.visit("speaking", 900.0)


def test_talk_keeps_it_bright_and_its_own_state() -> None:
    booth = waiting()
    booth.tell(Mood("listening", 100.0), 100.0)
    booth.tell(Mood("speaking", 102.0), 102.0)
    booth.tell(Speak(1, 0, 102.0, 300.0, (), "a long story", "en"), 102.0)
    assert booth.until(100.0, 401.0) == 1.0
    assert booth.motion.state == "speaking"
    booth.tell(Mood("idle", 402.0), 402.0)
    assert booth.until(402.0, 402.0 + QUIET - 5) == 1.0
    assert booth.until(402.0 + QUIET, 402.0 + QUIET + DIMMING + 3) == pytest.approx(DIM)


def test_the_gestures_of_waiting_are_known_to_the_motion() -> None:
    assert {"attract", "welcome"} <= set(STATES)
