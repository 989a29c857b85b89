"""Smart Turn tells a finished sentence from one that breaks off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.ears import turn_end
from device.ears.turn_end import HEARD, SmartTurn, normalised
from device.errors import Broken, Missing
from device.ports import Pcm
from tests.device.ears.conftest import spoken

PAUSE = 1600
"""Samples (0.1 s) of silence that the ears keep after a voice."""


def asked(name: str) -> Pcm:
    return np.pad(spoken(name), (0, PAUSE))


@pytest.mark.parametrize("name", ["en_eat", "en_house", "zh_fish", "zh_factory"])
def test_finished(smart_turn: SmartTurn, name: str) -> None:
    assert smart_turn.probability(asked(name)) > 0.5


@pytest.mark.parametrize("name", ["en_unfinished", "zh_unfinished"])
def test_unfinished(smart_turn: SmartTurn, name: str) -> None:
    assert smart_turn.probability(asked(name)) < 0.5


def test_only_the_last_eight_seconds_count(smart_turn: SmartTurn) -> None:
    long = np.concatenate([np.tile(spoken("en_unfinished"), 8), asked("en_eat")])
    assert smart_turn.probability(long) == smart_turn.probability(long[-HEARD:])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, HEARD + 5000), st.floats(0.05, 1.0))
def test_the_level_makes_no_difference(length: int, gain: float) -> None:
    sound = np.random.default_rng(length).normal(0.0, 0.2, length).astype(np.float32)
    heard = normalised(gain * sound)
    assert heard.shape == (HEARD,)
    if length > 2000:  # shorter and so soft, the 1e-7 in the normalisation counts
        np.testing.assert_allclose(heard, normalised(sound), rtol=0.2, atol=0.01)
        assert abs(float(heard.mean())) < 1e-3
        assert abs(float(heard.var()) - 1.0) < 0.1


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="models fetch"):
        turn_end.create(tmp_path / "none.onnx")


def test_a_corrupt_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"nonsense")
    with pytest.raises(Broken, match="expected the turn-end model"):
        turn_end.create(tmp_path / "model.onnx")
