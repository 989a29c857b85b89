"""The measurement of wake phrases counts what happened, and its intervals are the textbook's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.statistics import poisson, wilson
from device.bench.wake import Positive, confirmation, measure
from device.ports import MIC_RATE, Pcm, Transcript, WakeProposal
from tests.fakes.ears import FakeSpeechDetector
from tests.fakes.wake_phrase import FakeWakePhrase


def sound(*parts: tuple[float, float]) -> Pcm:
    """(seconds, level) after one another."""
    return np.concatenate([np.full(int(s * MIC_RATE), level, np.float32) for s, level in parts])


CALL = sound((0.5, 0.0), (0.8, 0.1), (1.5, 0.0))
NO_CALL = sound((3.0, 0.0))
HOUR_OF_TWO = [sound((1.0, 0.0), (0.8, 0.1), (1.0, 0.0)), *[NO_CALL] * 12, CALL]


def engine(_: float) -> FakeWakePhrase:
    return FakeWakePhrase()


def loudest(limit: float) -> Callable[[Pcm, WakeProposal], bool]:
    return lambda pcm, proposal: float(np.abs(pcm).max()) > limit


def at(result: dict[str, list[dict[str, float]]], sensitivity: float) -> dict[str, float]:
    return next(point for point in result["curve"] if point["sensitivity"] == sensitivity)


def test_it_counts_misses_accepts_and_the_delay() -> None:
    positives = [Positive(CALL, "Hello Grandpa", "clean", 1.3)] * 3 + [Positive(NO_CALL, "Hello Grandpa", "far")]
    result = measure(engine, positives, HOUR_OF_TWO, confirm=loudest(0.05))
    point = at(result, 1.0)
    assert point["not_proposed"] == point["false_rejects"] == 0.25
    assert point["proposals"] == point["false_accepts"] == 2
    assert point["false_accepts_per_h"] == pytest.approx(2 / result["negative_hours"])
    assert result["conditions"]["far"]["not_proposed"] == 1.0
    assert result["delay_ms"]["p50"] == pytest.approx(10.0, abs=1.0)
    assert result["cpu"]["engine_s_per_h"] > 0


def test_what_is_not_confirmed_is_neither_accepted_nor_found() -> None:
    result = measure(engine, [Positive(CALL, "Hello Grandpa", "clean")], HOUR_OF_TWO, confirm=loudest(0.5))
    point = at(result, 1.0)
    assert (point["proposals"], point["false_accepts"]) == (2, 0)
    assert (point["not_proposed"], point["false_rejects"]) == (0.0, 1.0)


def test_below_what_a_proposal_needed_it_is_not_counted() -> None:
    result = measure(engine, [Positive(CALL, "Hello Grandpa", "clean")], HOUR_OF_TWO)
    counts = [point["proposals"] for point in result["curve"]]
    assert counts == sorted(counts)
    assert "false_accepts" not in at(result, 1.0)


def test_a_detector_that_hears_nothing_keeps_the_engine_still() -> None:
    quiet = measure(engine, [], [sound((1.0, 0.0), (0.8, 0.005), (1.0, 0.0))], detector=FakeSpeechDetector())
    assert at(quiet, 1.0)["proposals"] == 0


class Recorder:
    """A transcriber that understands one thing, and notes the languages it was given."""

    def __init__(self, text: str) -> None:
        self.text, self.asked = text, list[list[str]]()

    def transcribe(self, utterance: Pcm, languages: object) -> Transcript:
        self.asked.append(list(languages))  # type: ignore[call-overload]
        return Transcript(self.text, "en", 0.9)


@pytest.mark.parametrize(("text", "is_call"), [("Hello, grampa.", True), ("Hello, grandma.", False), ("", False)])
def test_confirmation_reads_the_name_in_the_phrases_language(text: str, is_call: bool) -> None:
    transcriber = Recorder(text)
    confirm = confirmation(transcriber, ["Grandpa"])
    assert confirm(CALL, WakeProposal("Hello Grandpa", 0.7, 0.5, 1.3)) is is_call
    confirm(CALL, WakeProposal("外公你好", 0.7, 0.5, 1.3))
    assert transcriber.asked == [["en"], ["zh"]]


def test_the_intervals_are_the_textbooks() -> None:
    # Wilson: Newcombe (1998), table I: 15 of 148. Poisson: Garwood's table, 0 and 10 events.
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert poisson(0) == pytest.approx((0.0, 3.689), abs=1e-3)
    assert poisson(10) == pytest.approx((4.795, 18.390), abs=1e-3)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_what_was_seen(counted: tuple[int, int]) -> None:
    hits, of = counted
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    least, most = poisson(hits)
    assert least <= hits <= most
