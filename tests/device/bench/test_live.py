"""When the frame's voice stops, read from its sound alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.live import SILENT_S, stop_s

RATE = 1000


def voice(*spans: tuple[float, float], seconds: float = 12.0) -> np.ndarray:
    sound = np.zeros(round(seconds * RATE), np.float32)
    for begin, end in spans:
        sound[round(begin * RATE) : round(end * RATE)] = 0.3
    return sound


@given(st.floats(0.1, 3.0), st.floats(0.05, 2.0))
def test_it_is_the_time_from_the_onset_to_the_last_sound(onset: float, after: float) -> None:
    assert stop_s(voice((0.0, onset + after)), onset, RATE) == pytest.approx(after, abs=0.003)


def test_a_pause_within_the_answer_is_no_stop() -> None:
    assert stop_s(voice((0, 2), (2 + SILENT_S - 0.1, 5)), 1.0, RATE) == pytest.approx(4.0, abs=0.003)


def test_what_comes_after_the_stop_does_not_count() -> None:
    assert stop_s(voice((0, 2), (6, 9)), 1.0, RATE) == pytest.approx(1.0, abs=0.003)


def test_silence_has_stopped_already() -> None:
    assert stop_s(voice(), 1.0, RATE) == 0.0
