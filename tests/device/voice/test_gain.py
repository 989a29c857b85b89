"""How loud it is: by order and while somebody interrupts, and how the sound follows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.ports import Speech, Utterance
from device.voice.gain import DUCKED, SOFTEST, Loudness
from device.voice.playout import GAIN_RAMP_S, Playout

RATE = 10_000


@given(st.floats(0.1, 1.0), st.lists(st.sampled_from(["louder", "softer", "again", "duck", "raise"]), max_size=30))
def test_it_stays_audible_and_within_what_the_card_can_play(volume: float, orders: list[str]) -> None:
    loudness = Loudness(volume)
    for order in orders:
        if order in ("duck", "raise"):
            loudness.duck(order == "duck")
        else:
            loudness.order(order)
    loudness.duck(False)
    assert SOFTEST <= loudness.gain <= 1.0


def test_ducking_is_undone_and_an_order_meanwhile_kept() -> None:
    loudness = Loudness(0.5)
    assert loudness.duck(True) == pytest.approx(0.5 * DUCKED)
    loudness.order("softer")
    assert loudness.duck(False) == pytest.approx(0.5 / 1.6)


def test_muted_until_opened_by_hand() -> None:
    loudness = Loudness(1.0)
    loudness.order("mute")
    assert loudness.deaf
    loudness.hear()
    assert not loudness.deaf


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 900)), min_size=1, max_size=8))
def test_the_sound_reaches_a_gain_in_time_and_never_jumps(steps: list[tuple[float, int]]) -> None:
    playout = Playout(RATE)
    total = sum(count for _, count in steps)
    playout.add(Utterance(1, 0, Speech(np.zeros(0, np.float32), RATE, ())), np.ones(total + 1, np.float32))
    heard = []
    for gain, count in steps:
        playout.set_gain(gain)
        block, _ = playout.pull(count, 0.0)
        heard.append(block)
        if count >= GAIN_RAMP_S * RATE + 1:
            assert block[-1] == pytest.approx(gain, abs=1e-6)
    sound = np.concatenate([[1.0], *heard])
    assert np.abs(np.diff(sound)).max() <= 1 / (GAIN_RAMP_S * RATE) + 1e-6
