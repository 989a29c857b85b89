"""The whole chain on real engines in a simulated room: the own voice is not taken for a person, a person is."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from device.bench import alone
from device.bench.echo import Trace, block_power, erle_db, hear, near_end_loss_db
from device.bench.interruption import interrupted
from device.bench.own_voice import every_so_often, summary
from device.bench.room import Room
from device.bench.scene import Recording, Scene, in_a_row, record
from device.bench.wake_path import WakePath
from device.conversation.barge_in import BargeIn
from device.ears import speech
from device.ports import MIC_RATE, Pcm
from tests.device.ears.conftest import spoken
from tests.fakes.ears import FakeTranscriber, FakeTurnEnd

CLAUSES = [spoken(name) for name in ("en_house", "zh_factory", "en_eat", "en_unfinished")] * 2
PLAYBACK = in_a_row(CLAUSES)
SECONDS = PLAYBACK[-1][0] + 4.0
SCENE = Scene(Room(rt60_s=0.4), latency_s=0.25)


def ears(text: str) -> WakePath:
    """Which understand everything as this."""
    return alone.ears(FakeTranscriber([text] * 20), FakeTurnEnd(), ("en", "zh"))


def trace_of(out: Pcm) -> Trace:
    blocks = len(out) // 160
    zeros = np.zeros(blocks)
    return Trace(out, zeros, zeros, zeros, zeros, np.ones(blocks, np.bool_), zeros, 0.0)


def test_the_own_voice_goes_and_the_shift_follows_the_latency() -> None:
    recording = record(SCENE, PLAYBACK, [], SECONDS)
    trace = hear(recording.microphone, PLAYBACK, speech.create())
    assert erle_db(recording, trace) > 18
    assert trace.shift_s[-1] == pytest.approx(0.25 - 0.04 + 0.5 / 343, abs=0.003)


def test_a_person_interrupts_and_the_own_voice_does_not() -> None:
    person = [(8.0, spoken("zh_fish")), (14.0, spoken("zh_fish"))]
    outcome = interrupted(SCENE, PLAYBACK, person, SECONDS, speech.create(), BargeIn())
    assert len(outcome.interruptions) == 2
    assert all(i.duck_s is not None and i.duck_s < 1.0 for i in outcome.interruptions)
    assert (outcome.false_ducks, outcome.false_speech) == (0, 0)
    assert outcome.playback_s > 5
    row = summary(outcome)
    assert (row["interruptions"], row["duck"]) == (2, 2)


def test_hours_of_the_own_voice_are_counted_in_many_rooms() -> None:
    made = alone.measure(ears("words"), CLAUSES[:3], 0.004, lambda _: None)
    assert made["playback_h"] >= 0.004
    assert made["believed"]["events"] == 0
    assert made["believed"]["per_h_95"][1] > 0
    counts = {"lowered": 1, "believed": 0, "stopped": 0}
    rows = [{"playback_s": 1800.0, **counts}, {"playback_s": 1800.0, **counts, "lowered": 2, "believed": 1}]
    totals = alone.totals(rows)
    assert (totals["playback_h"], totals["lowered"]["per_h"], totals["believed"]["per_h"]) == (1.0, 3.0, 1.0)
    assert totals["stopped"]["events"] == 0


@pytest.mark.parametrize(("text", "stopped"), [("What did you say?", True), ("mhm", False)])
def test_a_person_is_believed_and_their_words_stop_it(text: str, stopped: bool) -> None:
    person = record(SCENE, [], [(8.0, spoken("zh_fish"))], SECONDS)
    log = ears(text).speak(SCENE, PLAYBACK, np.asarray(person.person + person.noise, np.float32))
    assert log.lowered == 1
    assert log.believed >= 1
    assert [woken.text for woken in log.woken] == [text] * stopped


def test_no_two_rooms_are_alike() -> None:
    some = list(islice(alone.rooms(1), 20))
    assert len(set(some)) == 20
    assert all(0.5 <= scene.loudspeaker_m <= 1.0 for scene in some)
    assert some == list(islice(alone.rooms(1), 20))


def test_the_measures_measure() -> None:
    """On sounds made to have 20 dB of each."""
    random = np.random.default_rng(1)
    noise = random.normal(size=(2, 8 * MIC_RATE)).astype(np.float32) * 0.05
    silence = np.zeros(8 * MIC_RATE, np.float32)
    assert erle_db(Recording(noise[0], silence, silence), trace_of(0.1 * noise[0])) == pytest.approx(20, abs=0.1)
    late = np.pad(0.1 * noise[1], (200, 0))[: 8 * MIC_RATE]
    assert near_end_loss_db(Recording(noise[0], noise[1], silence), trace_of(late)) == pytest.approx(20, abs=0.2)
    assert block_power(np.ones(480, np.float32)).tolist() == [1.0, 1.0, 1.0]


def test_persons_speak_now_and_then() -> None:
    placed = list(every_so_often([CLAUSES[0]], 60.0, 1))
    gaps = np.diff([t for t, _ in placed])
    assert placed[0][0] == 8.0
    assert ((gaps >= 7) & (gaps <= 9)).all()
