"""The queue that all loudspeakers share: nothing lost, nothing added, every event where it belongs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ports import Played, Speech, Utterance
from device.voice.playout import FADE_S, Playout

RATE = 1000


def utterance(index: int) -> Utterance:
    return Utterance(1, index, Speech(np.zeros(0, np.float32), RATE, ()))


def sound(index: int, length: int) -> np.ndarray:
    return np.arange(1, length + 1, dtype=np.float32) / 1000 + index


@given(
    st.lists(st.integers(0, 120), max_size=6),
    st.lists(st.integers(1, 90), min_size=1, max_size=40),
)
def test_what_goes_in_comes_out_in_order_with_exact_events(lengths: list[int], pulls: list[int]) -> None:
    playout = Playout(RATE)
    sounds = [sound(i, n) for i, n in enumerate(lengths)]
    for index, pcm in enumerate(sounds):
        playout.add(utterance(index), pcm)
    out, events, at = [], [], 0
    for count in [*pulls, sum(lengths) + 1]:
        block, told = playout.pull(count, 5 + at / RATE)
        assert block.shape == (count,)
        out.append(block)
        events += told
        at += count
    played = np.concatenate(out)
    everything = np.concatenate([*sounds, np.zeros(0, np.float32)])
    np.testing.assert_array_equal(played[: len(everything)], everything)
    assert not played[len(everything) :].any()
    edges = np.concatenate([[0], np.cumsum(lengths)])
    expected = []
    for index, length in enumerate(lengths):
        expected.append(("started", index, 5 + edges[index] / RATE, 0))
        expected.append(("ended", index, 5 + edges[index + 1] / RATE, length / RATE))
    assert [(e.kind, e.index) for e in events] == [(kind, index) for kind, index, _, _ in expected]
    assert [e.t for e in events] == pytest.approx([t for _, _, t, _ in expected])
    assert [e.heard for e in events] == pytest.approx([heard for _, _, _, heard in expected])
    assert playout.idle


@given(st.integers(1, 300), st.integers(0, 400))
def test_a_stop_fades_and_reports_what_was_heard(length: int, before: int) -> None:
    playout = Playout(RATE)
    playout.add(utterance(0), np.ones(length, np.float32))
    playout.add(utterance(1), np.ones(50, np.float32))
    _, first = playout.pull(before, 0.0)
    playout.stop()
    block, events = playout.pull(200, before / RATE)
    fade = round(FADE_S * RATE)
    assert not block[fade:].any(), "silent within the fade"
    assert (np.diff(block[: fade + 1]) <= 0).all(), "never louder again"
    stopped = [event for event in events if event.kind == "stopped"]
    playing = any(event.kind == "started" for event in first) and first[-1].kind == "started"
    assert len(stopped) == len(events) == (1 if playing else 0)
    if stopped:
        start = 0 if stopped[0].index == 0 else length / RATE
        assert stopped[0].t - start == pytest.approx(stopped[0].heard)
        assert stopped[0].heard * RATE <= before - start * RATE + fade + 1e-6
    assert playout.idle


def test_after_a_stop_the_next_utterance_follows_the_fade() -> None:
    playout = Playout(RATE)
    playout.add(utterance(0), np.ones(500, np.float32))
    playout.pull(100, 0.0)
    playout.stop()
    playout.stop()  # twice is once
    playout.add(utterance(7), np.full(10, 0.5, np.float32))
    block, events = playout.pull(100, 0.1)
    assert [(e.kind, e.index) for e in events] == [("stopped", 0), ("started", 7), ("ended", 7)]
    assert events[0] == Played(1, 0, "stopped", pytest.approx(0.12), pytest.approx(0.12))
    np.testing.assert_array_equal(block[20:30], 0.5)
