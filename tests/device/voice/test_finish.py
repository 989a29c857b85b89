"""The first sound comes at once, the last is followed by a pause, and the mouth knows both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.voice.finish import COMMA_S, LEAD_S, STOP_S, finished
from device.voice.phones import Phone

RATE = 24_000


def sound(before: float, seconds: float, after: float) -> np.ndarray:
    tone = np.sign(np.sin(2 * np.pi * 200 * np.arange(round(seconds * RATE)) / RATE)) * 0.1
    parts = [np.zeros(round(before * RATE)), tone, np.zeros(round(after * RATE))]
    return np.concatenate(parts).astype(np.float32)


@given(st.floats(0, 0.6), st.floats(0.1, 1), st.floats(0, 0.6), st.sampled_from([",", ".", "。", "，", "!”", ""]))
def test_silence_is_cut_to_the_stated_amounts(before: float, seconds: float, after: float, mark: str) -> None:
    phones = [Phone("^", before), Phone("b", 0.03), Phone("ɑ", seconds - 0.03), Phone("$", after)]
    speech = finished(sound(before, seconds, after), RATE, phones, "b" + mark)
    loud = np.flatnonzero(np.abs(speech.pcm) > 0.01)
    assert loud[0] / RATE <= LEAD_S + 1e-3
    pause = STOP_S if mark[:1] in (".", "。", "!") else COMMA_S
    assert speech.seconds - loud[-1] / RATE == pytest.approx(pause, abs=2e-3)
    assert "PP" in [v.shape for v in speech.visemes][:2]
    assert speech.visemes[-1].shape == "sil"
    assert speech.visemes[-1].end == pytest.approx(speech.seconds, abs=2e-3)
    assert speech.visemes[-1].start == pytest.approx(loud[-1] / RATE, abs=2e-3)


def test_silence_becomes_nothing() -> None:
    speech = finished(np.zeros(1000, np.float32), RATE, [Phone("^", 1000 / RATE)], "…")
    assert len(speech.pcm) == 0
    assert speech.visemes == ()
