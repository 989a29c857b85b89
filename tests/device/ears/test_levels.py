"""Channels and levels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ears.levels import ClipWatch, Downmix, clipped
from device.ports import MIC_RATE


def noise(samples: int, channels: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, (samples, channels)).astype(np.float32)


@given(st.integers(1, 4), st.integers(0, 500), st.integers(0, 9))
def test_live_channels_are_averaged(channels: int, samples: int, seed: int) -> None:
    frames = noise(samples + 20, channels, seed)
    np.testing.assert_allclose(Downmix()(frames, MIC_RATE), frames.mean(axis=1), atol=1e-6)


@given(st.integers(0, 1), st.floats(0, 5e-4))
def test_a_dead_channel_is_left_out(dead: int, hum: float) -> None:
    frames = noise(1600, 2)
    frames[:, dead] = hum
    np.testing.assert_allclose(Downmix()(frames, MIC_RATE), frames[:, 1 - dead])


def test_a_channel_comes_to_life_again() -> None:
    downmix = Downmix()
    frames = noise(160, 2)
    dead = frames * np.array([1, 0], np.float32)
    for _ in range(100):
        downmix(dead, MIC_RATE)
    assert downmix.alive().tolist() == [True, False]
    downmix(frames, MIC_RATE)
    assert downmix.alive().tolist() == [True, True]


def test_nothing_at_all() -> None:
    assert len(Downmix()(np.zeros((0, 2), np.float32), MIC_RATE)) == 0
    assert Downmix()(np.zeros((160, 2), np.float32), MIC_RATE).tolist() == [0.0] * 160
    with pytest.raises(ValueError, match="no frames"):
        Downmix().alive()


@pytest.mark.parametrize(
    ("sound", "flat"),
    [([0, 1, 0], 0), ([0, 1, 1, 0], 0), ([1, 1, 1], 3), ([0, -1, -1, -1, -1, 0, 1, 1, 1], 7), ([], 0)],
)
def test_only_flat_tops_are_clipping(sound: list[float], flat: int) -> None:
    assert clipped(np.array(sound, np.float32)) == flat


def test_a_second_of_clipping_is_noticed() -> None:
    watch = ClipWatch()
    loud = np.clip(3 * np.sin(np.arange(160) / 10), -1, 1).astype(np.float32)
    assert [watch.step(loud) for _ in range(200)].count(True) == 2
    quiet = 0.5 * loud
    assert not any(watch.step(quiet) for _ in range(200))
