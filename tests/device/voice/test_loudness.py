"""All voices equally loud, no sample beyond the ceiling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.voice.loudness import CEILING, TARGET_DBFS, level, limited, speech_rms

RATE = 24_000


def voice(amplitude: float, pauses: bool) -> np.ndarray:
    t = np.arange(2 * RATE) / RATE
    tone = amplitude * np.sin(2 * np.pi * 150 * t)
    return (tone * ((t % 0.5 < 0.25) if pauses else 1)).astype(np.float32)


@given(st.floats(0.03, 0.5), st.booleans())
def test_speech_comes_to_the_target_with_or_without_pauses(amplitude: float, pauses: bool) -> None:
    rms = speech_rms(level(voice(amplitude, pauses), RATE), RATE)
    assert 20 * np.log10(rms) == pytest.approx(TARGET_DBFS, abs=0.5)


@given(st.lists(st.floats(-8, 8, width=32), max_size=50))
def test_the_limiter_keeps_the_ceiling_and_the_order(samples: list[float]) -> None:
    pcm = np.sort(np.array(samples, np.float32))
    out = limited(pcm)
    assert (np.abs(out) <= CEILING + 1e-6).all()
    assert (np.diff(out) >= -1e-6).all()
    quiet = np.abs(pcm) < 0.6
    np.testing.assert_array_equal(out[quiet], pcm[quiet])


def test_silence_stays_silent_and_nothing_stays_nothing() -> None:
    assert not level(np.zeros(100, np.float32), RATE).any()
    assert len(level(np.zeros(0, np.float32), RATE)) == 0
