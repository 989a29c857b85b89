"""The reference holds what was in the air: at its time, cut where it was cut, as loud as it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ports import MIC_RATE, Pcm, Played, Speech, Utterance
from device.voice.reference import KEPT_S, Reference, ReferencedSpeaker
from device.voice.virtual_speaker import VirtualSpeaker
from tests.fakes.voice import ManualClock

SECOND = np.asarray(0.3 * np.sin(2 * np.pi * 300 * np.arange(MIC_RATE) / MIC_RATE), np.float32)


def referenced(clock: ManualClock) -> tuple[ReferencedSpeaker, VirtualSpeaker, Reference, list[Played]]:
    reference, told = Reference(), list[Played]()
    speaker = ReferencedSpeaker(reference, told.append)
    inner = VirtualSpeaker(speaker.played, clock)
    return speaker.attach(inner), inner, reference, told


def utterance(index: int, pcm: Pcm = SECOND, rate: int = MIC_RATE) -> Utterance:
    return Utterance(1, index, Speech(pcm, rate, ()))


def advance(clock: ManualClock, inner: VirtualSpeaker, seconds: float) -> None:
    for _ in range(round(seconds / 0.01)):
        clock.advance(0.01)
        inner.step()


@given(st.integers(0, 1_000_000), st.integers(-24_000, 24_000), st.integers(0, 5000))
def test_any_piece_is_read_where_it_was_in_the_air(begin: int, offset: int, samples: int) -> None:
    reference, noise = Reference(), np.asarray(np.random.default_rng(begin).normal(size=MIC_RATE), np.float32)
    reference.begin((1, 0), noise, begin / MIC_RATE)
    wide = np.pad(noise, (2 * MIC_RATE, 2 * MIC_RATE))[2 * MIC_RATE + offset :][:samples]
    np.testing.assert_allclose(reference.read((begin + offset) / MIC_RATE, samples), wide, atol=1e-3)


@given(st.floats(0, 100), st.floats(0, 0.5))
def test_what_begins_between_two_samples_is_known_to_a_part_of_one(t: float, offset: float) -> None:
    reference = Reference()
    reference.begin((1, 0), SECOND, t)
    first = round((t + 0.2 + offset) * MIC_RATE)
    heard = reference.read(first / MIC_RATE, 1000)
    truth = 0.3 * np.sin(2 * np.pi * 300 * ((first + np.arange(1000)) / MIC_RATE - t))
    np.testing.assert_allclose(heard, truth, atol=2e-3)


@given(st.lists(st.tuples(st.floats(0.05, 1.4), st.booleans()), max_size=6))
def test_it_agrees_with_the_loudspeaker_through_clauses_and_stops(steps: list[tuple[float, bool]]) -> None:
    clock = ManualClock(7.0)
    speaker, inner, reference, _ = referenced(clock)
    for number, (seconds, stops) in enumerate(steps):
        speaker.play(utterance(number))
        advance(clock, inner, seconds)
        if stops:
            speaker.stop()
            advance(clock, inner, 0.06)
    begin = max(7.0, clock.now() - KEPT_S + 1.1)
    truth = inner.timeline(begin, clock.now(), MIC_RATE)
    known = reference.read(begin, len(truth))
    # Between the rates 48 and 16 kHz a cut rings for some samples.
    assert float(np.sum((truth - known) ** 2)) < 1e-4 * max(len(truth), 1)


def test_what_a_stop_dropped_is_not_in_it_and_reports_are_passed_on() -> None:
    clock = ManualClock(7.0)
    speaker, inner, reference, told = referenced(clock)
    speaker.play(utterance(0))
    speaker.play(utterance(1, 0.5 * SECOND))
    advance(clock, inner, 0.5)
    speaker.stop()
    advance(clock, inner, 0.2)
    speaker.play(utterance(2))
    advance(clock, inner, 0.3)
    assert [(event.kind, event.index) for event in told] == [("started", 0), ("stopped", 0), ("started", 2)]
    assert not reference.read(told[1].t, round((told[2].t - told[1].t) * MIC_RATE) - 1).any()
    assert reference.read(told[2].t, 1000).any()
    speaker.close()


def test_a_lowered_voice_is_lower_in_it() -> None:
    reference = Reference()
    reference.begin((1, 0), np.ones(MIC_RATE, np.float32), 5.0)
    reference.set_gain(0.2, 5.3, 0.1)
    reference.set_gain(1.0, 5.35, 0.1)
    heard = reference.read(5.0, MIC_RATE)
    assert heard[round(0.29 * MIC_RATE)] == 1.0
    assert heard[round(0.35 * MIC_RATE)] == pytest.approx(0.6, abs=0.01)
    assert heard[round(0.46 * MIC_RATE)] == pytest.approx(1.0, abs=0.01)


def test_the_voice_is_lower_in_it_when_it_is_in_the_air_and_not_before() -> None:
    clock = ManualClock(7.003)
    speaker, inner, reference, told = referenced(clock)
    speaker.play(utterance(0, np.ones(2 * MIC_RATE, np.float32)))
    advance(clock, inner, 0.507)
    speaker.set_gain(0.1)
    advance(clock, inner, 0.5)
    truth = inner.timeline(7.2, 7.9, MIC_RATE)
    # At the ends of what is read, resampling rings.
    np.testing.assert_allclose(reference.read(7.2, len(truth))[200:-200], truth[200:-200], atol=0.03)
    assert truth[-1000] == pytest.approx(0.1, abs=0.01)
    assert [event.kind for event in told] == ["started"], "how loud it is concerns nobody else"
    speaker.close()


def test_the_past_is_forgotten() -> None:
    reference = Reference()
    for number in range(200):
        reference.set_gain(0.5, float(number))
        reference.begin((1, number), SECOND, float(number))
    assert not reference.read(100.0, MIC_RATE).any()
    assert reference.read(199.0 - KEPT_S + 1, MIC_RATE).any()


def test_without_a_loudspeaker_it_cannot_play() -> None:
    with pytest.raises(ValueError, match="no loudspeaker"):
        ReferencedSpeaker(Reference(), lambda event: None).stop()


def test_it_can_be_read_while_it_is_written() -> None:
    reference = Reference()

    def write(turn: int) -> int:
        for number in range(500):
            reference.begin((turn, number), SECOND[:160], number * 0.01)
            reference.end((turn, number), number * 0.01 + 0.005, cut=True)
        return turn

    with ThreadPoolExecutor() as pool:
        writers = [pool.submit(write, turn) for turn in range(2)]
        for _ in range(100):
            assert np.isfinite(reference.read(2.0, 16_000)).all()
        assert [writer.result() for writer in writers] == [0, 1]
