"""The loudspeaker on playback processes whose card is pulled out, gets stuck or hangs, or that are killed."""

from __future__ import annotations

import json
import logging
import queue
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from device.clock import SystemClock
from device.errors import Broken, Missing
from device.ports import Pcm, Played, Speech, Utterance
from device.voice.speaker import DeviceSpeaker, SpeakerSettings

FAKE = Path(__file__).parents[2] / "fakes" / "playback_process.py"
QUICK = SpeakerSettings("usb", hang_s=1.0, retry_s=0.1)
RATE = 8000
LIMIT_S = 20.0


class Stage:
    """A loudspeaker, what it told, and what its cards played."""

    def __init__(self, folder: Path, lives: tuple[dict[str, Any], ...]) -> None:
        self._folder = folder
        for number, life in enumerate(lives, 1):
            (folder / f"life{number}.json").write_text(json.dumps(life))
        self.events: queue.Queue[Played] = queue.Queue()
        command = [sys.executable, str(FAKE), str(folder)]
        self.speaker = DeviceSpeaker(self.events.put, SystemClock(), QUICK, command)

    def play(self, index: int, seconds: float) -> None:
        """Queues a rising ramp: each sample tells its place."""
        ramp = np.linspace(0.01, 1, round(seconds * RATE), dtype=np.float32)
        self.speaker.play(Utterance(1, index, Speech(ramp, RATE, ())))

    def next(self, kind: str, index: int) -> Played:
        event = self.events.get(timeout=LIMIT_S)
        assert (event.kind, event.index) == (kind, index)
        return event

    def heard(self, life: int) -> Pcm:
        """What a card played, without the silence around it."""
        pcm = np.fromfile(self._folder / f"heard{life}", np.float32)
        loud = np.flatnonzero(pcm)
        return pcm[loud[0] : loud[-1] + 1] if len(loud) else pcm[:0]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*lives: dict[str, Any]) -> Stage:
        made.append(Stage(tmp_path, lives))
        return made[0]

    yield make
    for each in made:
        each.speaker.close()
        each.speaker.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_utterances_follow_each_other_with_their_true_times(stage: Callable[..., Stage]) -> None:
    on = stage({})
    asked = time.monotonic()
    for index, seconds in enumerate((0.4, 0.3)):
        on.play(index, seconds)
    first = on.next("started", 0)
    ended = on.next("ended", 0)
    second = on.next("started", 1)
    assert asked < first.t
    assert ended.t == pytest.approx(first.t + 0.4, abs=0.02)
    assert second.t == pytest.approx(ended.t, abs=0.002)
    assert on.next("ended", 1).heard == pytest.approx(0.3)
    assert len(on.heard(1)) == pytest.approx(0.7 * RATE, abs=2)


def test_sound_of_another_rate_is_converted(stage: Callable[..., Stage]) -> None:
    on = stage({"rate": 16_000})
    on.play(0, 0.3)
    on.next("started", 0)
    assert on.next("ended", 0).heard == pytest.approx(0.3, abs=0.001)


def test_a_stop_cuts_what_plays_and_drops_what_waits(stage: Callable[..., Stage]) -> None:
    on = stage({})
    for index in range(3):
        on.play(index, 5.0)
    start = on.next("started", 0)
    until(lambda: time.monotonic() > start.t + 0.2)
    asked = time.monotonic()
    on.speaker.stop()
    stopped = on.next("stopped", 0)
    assert stopped.t - asked < 0.5
    assert stopped.heard == pytest.approx(stopped.t - start.t, abs=0.05)
    on.play(9, 0.1)
    on.next("started", 9)
    on.next("ended", 9)


@pytest.mark.parametrize("how", ["pulled", "stuck", "hung", "killed"])
def test_a_turn_ends_in_its_time_whatever_becomes_of_the_process_and_the_next_one_is_heard(
    stage: Callable[..., Stage], caplog: pytest.LogCaptureFixture, how: str
) -> None:
    with caplog.at_level(logging.WARNING):
        on = stage({"ends": [0.5, how]}, {"missing": ["HDMI"]})
        on.play(0, 1.5)
        on.play(1, 0.5)
        start = on.next("started", 0)
        assert on.next("ended", 0).t == pytest.approx(start.t + 1.5, abs=0.1)
        assert on.next("started", 1).t == pytest.approx(start.t + 1.5, abs=0.1)
        assert on.next("ended", 1).t == pytest.approx(start.t + 2.0, abs=0.1)
        assert not on.speaker.connected
        assert on.speaker.interruptions == 1
        assert caplog.text.count("loudspeaker is gone") == 1
        on.play(2, 30.0)
        on.next("started", 2)
        on.speaker.stop()
        assert on.next("stopped", 2).heard < 5


def test_a_device_that_is_back_goes_on_where_it_would_be_by_now(stage: Callable[..., Stage]) -> None:
    on = stage({"ends": [0.5, "pulled"]}, {"rate": 16_000})
    on.play(0, 6.0)
    start = on.next("started", 0)
    ended = on.next("ended", 0)
    assert ended.t == pytest.approx(start.t + 6.0, abs=0.3)
    assert on.speaker.connected
    before, after = on.heard(1), on.heard(2)
    assert before[-1] < after[0], "what passed meanwhile is left out"
    assert np.median(after[-1600:]) == pytest.approx(1, abs=0.05), "to its end"
    assert len(before) / RATE + len(after) / 16_000 < 6.0


def test_what_waited_while_the_process_died_is_heard_from_the_next_one(stage: Callable[..., Stage]) -> None:
    on = stage({"ends": [0.4, "killed"]}, {})
    on.play(0, 0.8)
    on.play(1, 4.0)
    for index in (0, 1):
        on.next("started", index)
        on.next("ended", index)
    assert on.heard(2)[-1] == pytest.approx(1, abs=0.05)


def test_a_missing_device_is_told_with_the_names_of_the_others(stage: Callable[..., Stage]) -> None:
    with pytest.raises(Missing, match=r"a loudspeaker called 'card', got none \(there are: HDMI, Jack\)"):
        stage({"missing": ["HDMI", "Jack"]})


def test_a_device_that_does_not_open_is_broken(stage: Callable[..., Stage]) -> None:
    with pytest.raises(Broken, match="got busy"):
        stage({"broken": "busy"})


def test_a_process_that_ends_at_once_is_broken(stage: Callable[..., Stage]) -> None:
    with pytest.raises(Broken, match="the end of its process"):
        stage({"exit": True})
