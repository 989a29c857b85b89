"""The spectrogram, against what its definition says must come out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ears.log_mel import BANDS, HOP, WINDOW, log_mel, mel_filters
from device.ports import MIC_RATE


def test_filters_are_triangles_of_equal_area_up_the_spectrum() -> None:
    filters = mel_filters()
    assert filters.shape == (BANDS, WINDOW // 2 + 1)
    assert (np.diff(filters.argmax(axis=1)) >= 0).all()
    bin_hz = MIC_RATE / WINDOW
    # A triangle of unit area, sampled on coarse bins: exact for the broad ones.
    np.testing.assert_allclose(filters[60:].sum(axis=1) * bin_hz, 1.0, rtol=0.05)


@pytest.mark.parametrize("hz", [200, 1000, 4000])
def test_a_tone_is_loudest_in_its_band(hz: int) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(MIC_RATE) / MIC_RATE).astype(np.float32)
    # Slaney: 15 mels to 1 kHz, then 27 mels for each factor of 6.4; 81 steps up to 8 kHz
    mel = hz * 3 / 200 if hz <= 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)
    expected = mel / (15 + 27 * np.log(8) / np.log(6.4)) * (BANDS + 1) - 1
    assert abs(int(log_mel(tone).mean(axis=1).argmax()) - expected) <= 1


@given(st.integers(201, 20_000), st.floats(1e-4, 1.0))
def test_shape_and_range(length: int, level: float) -> None:
    sound = np.random.default_rng(length).normal(0, level, length).astype(np.float32)
    spectrogram = log_mel(sound)
    assert spectrogram.shape == (BANDS, length // HOP)
    # 80 dB, in steps of 40 dB to the unit
    assert float(spectrogram.max() - spectrogram.min()) <= 2.0 + 1e-5
    assert np.isfinite(spectrogram).all()


def test_ten_times_the_level_is_half_a_unit_more() -> None:
    sound = np.random.default_rng(1).normal(0, 0.01, 8000).astype(np.float32)
    np.testing.assert_allclose(log_mel(10 * sound) - log_mel(sound), 0.5, atol=1e-3)


def test_silence_is_the_floor() -> None:
    np.testing.assert_allclose(log_mel(np.zeros(1600, np.float32)), (-10 + 4) / 4, atol=1e-6)
