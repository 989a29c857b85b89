"""The playback process: what goes to the card, what is reported, on a card and a clock that stand still until told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ports import Played, Speech, Utterance
from device.voice import playback
from device.voice.playback import Line
from tests.fakes.voice import ManualClock

RATE = 8000
CAPACITY = RATE * 120 // 1000


class Card:
    """Takes what fits, plays only when it is told."""

    def __init__(self) -> None:
        self.room = CAPACITY
        self.frames = np.empty(0, np.float32)

    def get_write_available(self) -> int:
        return self.room

    def write(self, frames: bytes, num_frames: int, exception_on_underflow: bool) -> None:
        self.frames = np.concatenate([self.frames, np.frombuffer(frames, np.float32)])
        self.room -= num_frames


def line(channels: int = 1) -> tuple[Line, Card, ManualClock]:
    card, clock = Card(), ManualClock()
    return Line(card, channels, RATE, clock), card, clock


def fill(line: Line) -> list[playback.Message]:
    """Steps until the card is full."""
    reports = []
    while (new := line.step()) is not None:
        reports += new
    return reports


def utterance(index: int = 0) -> Utterance:
    return Utterance(3, index, Speech(np.empty(0, np.float32), RATE, ()))


def test_the_card_is_kept_full_and_the_start_is_told_for_when_it_is_in_the_air() -> None:
    at, card, clock = line()
    fill(at)
    assert card.room < RATE // 50
    pcm = np.linspace(0.1, 1, RATE // 2, dtype=np.float32)
    at.playout.add(utterance(), pcm)
    assert at.step() is None, "there is no room yet"
    clock.advance(0.04)
    card.room += RATE * 40 // 1000
    (start,) = [playback.played(m) for m in fill(at) if m.kind == playback.PLAYED]
    assert start == Played(3, 0, "started", pytest.approx(clock.now() + 0.08), 0.0)
    np.testing.assert_array_equal(card.frames[CAPACITY:], pcm[: len(card.frames) - CAPACITY])


def test_two_channels_get_the_same() -> None:
    at, card, _ = line(channels=2)
    at.playout.add(utterance(), np.linspace(0, 1, 4000, dtype=np.float32))
    fill(at)
    np.testing.assert_array_equal(card.frames[::2], card.frames[1::2])
    assert card.frames.any()


def test_the_clock_is_reported_and_a_dry_card_is_counted_only_while_it_matters() -> None:
    at, card, clock = line()
    for spoken, expected in ((False, 0), (True, 1)):
        if spoken:
            at.playout.add(utterance(), np.ones(RATE * 10, np.float32))
            clock.advance(0.02)
            card.room += RATE // 50
            fill(at)
        clock.advance(0.5)
        card.room = CAPACITY  # it ran dry
        before = len(card.frames)
        (place,) = [m for m in fill(at) if m.kind == playback.PLACE]
        assert place.json() == {"sample": before, "underruns": expected}
        assert place.t == pytest.approx(clock.now(), abs=0.121)


def test_a_card_that_takes_nothing_any_more_is_gone() -> None:
    at, _, clock = line()
    fill(at)
    clock.advance(playback.STALL_S * 0.9)
    assert at.step() is None
    clock.advance(playback.STALL_S * 0.2)
    with pytest.raises(OSError, match="no sound"):
        at.step()


@given(
    st.integers(0, 2**31 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.sampled_from(["started", "ended", "stopped"]),
    st.floats(0, 1e9, allow_nan=False),
    st.floats(0, 1e5, allow_nan=False),
)
def test_events_survive_the_pipe(turn: int, index: int, kind: str, t: float, heard: float) -> None:
    event = Played(turn, index, kind, t, heard)
    assert playback.played(playback.played_report(event)) == event
