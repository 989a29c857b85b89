"""Long recordings in pieces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from device.ports import MIC_RATE
from provisioning.voice_kit.pieces import count, pieces


@given(st.lists(st.integers(0, 30_000), max_size=12), st.floats(0.5, 2.0))
def test_nothing_is_lost_or_doubled(lengths: list[int], piece_s: float) -> None:
    random = np.random.default_rng(sum(lengths))
    blocks = [random.normal(0, 0.1, n).astype(np.float32) for n in lengths]
    made = list(pieces(blocks, piece_s))
    whole = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    again = np.concatenate([pcm for _, pcm in made]) if made else np.zeros(0, np.float32)
    np.testing.assert_array_equal(again, whole)
    at = 0
    for begins, pcm in made:
        assert begins == at / MIC_RATE
        assert len(pcm) <= round(piece_s * MIC_RATE)
        at += len(pcm)


def test_it_is_cut_in_a_pause_and_not_in_a_word() -> None:
    random = np.random.default_rng(1)
    sound = random.normal(0, 0.1, 40 * MIC_RATE).astype(np.float32)
    sound[round(17.2 * MIC_RATE) : round(17.8 * MIC_RATE)] *= 0.001
    begins = [b for b, _ in pieces([sound], 20.0)]
    assert abs(begins[1] - 17.5) < 0.2


def test_no_piece_is_forgotten_in_the_plan() -> None:
    for seconds in (0.0, 1.0, 290.0, 301.0, 3600.0, 7200.5):
        blocks = (np.zeros(MIC_RATE, np.float32) for _ in range(int(seconds)))
        assert len(list(pieces(blocks))) <= count(seconds)
