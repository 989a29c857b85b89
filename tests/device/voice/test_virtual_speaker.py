"""The sound card made of the clock: exact times, an exact record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.ports import Played, Speech, Utterance
from device.voice.playout import BLOCK_S
from device.voice.virtual_speaker import VirtualSpeaker
from tests.fakes.voice import ManualClock

RATE = 48_000


def chirp(seconds: float, rate: int = RATE) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (300 + 400 * t) * t)).astype(np.float32)


def spoken(index: int, pcm: np.ndarray, rate: int = RATE) -> Utterance:
    return Utterance(3, index, Speech(pcm, rate, ()))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.001, 0.3), min_size=1, max_size=20), st.floats(0, 0.1))
def test_the_timeline_does_not_depend_on_when_the_thread_runs(steps: list[float], wait: float) -> None:
    events: list[Played] = []
    clock = ManualClock()
    speaker = VirtualSpeaker(events.append, clock)
    clock.advance(wait)
    asked = clock.now()
    pcm = chirp(0.25)
    speaker.play(spoken(0, pcm))
    for step in [*steps, 0.5]:
        clock.advance(step)
        speaker.step()
    started, ended = events
    assert (started.kind, ended.kind) == ("started", "ended")
    assert BLOCK_S - 1e-6 <= started.t - asked <= 2 * BLOCK_S + 1e-6
    assert ended.t - started.t == pytest.approx(0.25)
    np.testing.assert_array_equal(speaker.timeline(started.t, ended.t, RATE), pcm)
    assert not speaker.timeline(started.t - 0.1, started.t, RATE).any()


def test_a_stop_is_in_the_record_too() -> None:
    events: list[Played] = []
    clock = ManualClock()
    speaker = VirtualSpeaker(events.append, clock)
    speaker.play(spoken(0, chirp(2)))
    clock.advance(0.7)
    speaker.stop()
    clock.advance(1)
    speaker.step()
    stopped = events[-1]
    assert stopped.kind == "stopped"
    assert stopped.t - clock.now() + 1 <= 2 * BLOCK_S + 0.02 + 1e-6
    assert stopped.heard == pytest.approx(stopped.t - events[0].t)
    assert speaker.timeline(events[0].t, stopped.t, RATE).any()
    assert not speaker.timeline(stopped.t, stopped.t + 1, RATE).any()


def test_other_rates_are_resampled_and_stay_aligned() -> None:
    events: list[Played] = []
    clock = ManualClock()
    speaker = VirtualSpeaker(events.append, clock)
    speaker.play(spoken(0, chirp(0.5, 22_050), 22_050))
    clock.advance(1)
    speaker.step()
    back = speaker.timeline(events[0].t, events[0].t + 0.5, 16_000)
    assert back.shape == (8000,)
    expected = chirp(0.5, 16_000)
    assert np.corrcoef(back[400:-400], expected[400:-400])[0, 1] > 0.99
