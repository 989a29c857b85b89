"""Picture against sound: an offset is found as it is, wherever the sound really was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from device.bench.soak.lips import Lips, sounded_at
from device.conversation import events as ev
from device.face.sync import opening_command
from device.link import Speak, Stats
from device.ports import Pcm, Played, Speech, Viseme
from device.voice.timeline import Timeline
from tests.device.face.speech import clause

RATE = 16_000


def spoken() -> tuple[Speech, Speak]:
    """A clause as the face is told it, from 10 s on, and noise for its sound."""
    speak = clause(10.0)
    pcm = np.random.default_rng(1).normal(0, 0.1, round(speak.seconds * RATE)).astype(np.float32)
    return Speech(pcm, RATE, tuple(Viseme(*v) for v in speak.visemes), "", "en"), speak


class Air:
    """A loudspeaker's sound, later than it was reported."""

    def __init__(self, speech: Speech, late_s: float) -> None:
        self._timeline = Timeline(9.0, RATE, RATE // 50)
        sound = np.concatenate([np.zeros(round((1.0 + late_s) * RATE), np.float32), 0.6 * speech.pcm])
        for number in range(len(sound) // (RATE // 50)):
            self._timeline.put(number, np.asarray(sound[number * 320 : number * 320 + 320], np.float32))

    def __call__(self, t0: float, t1: float, rate: int) -> Pcm:
        return self._timeline.read(t0, t1, rate)


@pytest.mark.parametrize("late_s", [0.0, 0.013, -0.04, 0.09])
def test_the_sound_is_found_where_it_really_is(late_s: float) -> None:
    speech, _ = spoken()
    assert sounded_at(speech, 10.0, Air(speech, late_s)) == pytest.approx(10.0 + late_s, abs=1e-3)


def test_another_sound_is_not_taken_for_it() -> None:
    speech, _ = spoken()
    other = replace(speech, pcm=np.random.default_rng(2).normal(0, 0.1, len(speech.pcm)).astype(np.float32))
    assert sounded_at(speech, 10.0, Air(other, 0.0)) is None
    assert sounded_at(speech, 500.0, Air(speech, 0.0)) is None


@pytest.mark.parametrize(("late_s", "ahead_s"), [(0.0, 0.0), (0.05, 0.0), (0.0, 0.03), (-0.02, 0.04)])
def test_a_picture_that_is_ahead_of_the_true_sound(late_s: float, ahead_s: float) -> None:
    speech, speak = spoken()
    lips = Lips(Air(speech, late_s))
    lips.event(ev.Synthesized(1, 0, speech, 9.0))
    lips.event(ev.PlaybackReported(1, Played(1, 0, "started", 10.0), 10.0))
    times = np.arange(8.0, 10.0 + speak.seconds + 1.5, 1 / 30)
    seen = opening_command([speak], times + ahead_s)
    lips.stats(Stats(30.0, len(times), 1.0, 1.0, 1.0, 0, tuple(zip(times.tolist(), seen.tolist(), strict=True))))
    end = 10.0 + speech.seconds
    assert lips.measure(end) is None
    lips.event(ev.PlaybackReported(1, Played(1, 0, "ended", end), end))
    found = lips.measure(end + 3.0)
    assert found is not None
    assert found.sound == pytest.approx(1000 * late_s, abs=1.0)
    assert found.picture == pytest.approx(1000 * (ahead_s + late_s), abs=12.0)
    assert lips.measure(end + 4.0) is None
