"""What nobody plays passes as it would have been played."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ports import Played, Speech, Utterance
from device.voice.outstanding import Outstanding
from device.voice.playout import Playout

RATE = 1000


def utterance(index: int, samples: int) -> Utterance:
    return Utterance(1, index, Speech(np.ones(samples, np.float32), RATE, ()))


lengths = st.lists(st.integers(0, 400), min_size=1, max_size=5)


@given(lengths, st.lists(st.integers(1, 300), max_size=12))
def test_it_tells_what_a_loudspeaker_would_have_told(sizes: list[int], steps: list[int]) -> None:
    outstanding, playout = Outstanding(), Playout(RATE)
    for index, size in enumerate(sizes):
        outstanding.add(utterance(index, size))
        playout.add(utterance(index, size), np.ones(size, np.float32))
    told = outstanding.elapse(10.0)
    for at in [*np.cumsum([0, *steps]), sum(sizes) + sum(steps) + 1]:
        told += outstanding.elapse(10.0 + at / RATE)
    _, expected = playout.pull(sum(sizes) + sum(steps) + 2, 10.0)
    assert [(e.kind, e.index) for e in told] == [(e.kind, e.index) for e in expected]
    assert [(e.t, e.heard) for e in told] == [pytest.approx((e.t, e.heard)) for e in expected]
    assert len(outstanding) == 0


def test_what_has_begun_ends_in_its_time_and_the_next_one_follows() -> None:
    outstanding = Outstanding()
    for index in range(3):
        outstanding.add(utterance(index, 500))
    outstanding.report(Played(1, 0, "started", 20.0))
    outstanding.report(Played(1, 0, "ended", 20.5, 0.5))
    outstanding.report(Played(1, 1, "started", 20.5))
    told = outstanding.elapse(21.25)
    assert [(e.kind, e.index, e.t) for e in told] == [
        ("ended", 1, pytest.approx(21.0)),
        ("started", 2, pytest.approx(21.0)),
    ]
    ((rest, past_s),) = outstanding.rest(21.25)
    assert rest.index == 2
    assert past_s == pytest.approx(0.25)


def test_a_stop_is_reported_for_what_had_begun_and_only_for_that() -> None:
    outstanding = Outstanding()
    for index in range(2):
        outstanding.add(utterance(index, 500))
    outstanding.report(Played(1, 0, "started", 20.0))
    outstanding.stop(20.25)
    outstanding.add(utterance(5, 100))
    told = outstanding.elapse(20.3)
    assert [(e.kind, e.index) for e in told] == [("stopped", 0), ("started", 5)]
    assert told[0].heard == pytest.approx(0.25)


@given(lengths, st.integers(0, 1500), st.integers(0, 1500))
def test_after_a_stop_nothing_is_left_and_what_had_begun_is_told_once(sizes: list[int], at: int, later: int) -> None:
    outstanding = Outstanding()
    for index, size in enumerate(sizes):
        outstanding.add(utterance(index, size))
    told = outstanding.elapse(5.0) + outstanding.elapse(5.0 + at / RATE)
    outstanding.stop(5.0 + at / RATE)
    assert outstanding.rest(5.0 + at / RATE) == []
    told += outstanding.elapse(5.0 + (at + later) / RATE)
    begun = [e.index for e in told if e.kind == "started"]
    assert begun == [e.index for e in told if e.kind != "started"]
    assert len(outstanding) == 0


def test_a_report_ends_all_before_it() -> None:
    outstanding = Outstanding()
    for index in range(3):
        outstanding.add(utterance(index, 500))
    outstanding.stop(3.0)
    outstanding.add(utterance(7, 500))
    outstanding.report(Played(1, 7, "started", 4.0))
    assert len(outstanding) == 1
    outstanding.report(Played(9, 9, "ended", 4.0))  # of another process's time
    assert len(outstanding) == 1
