"""The speaker encoders: computed as their authors do, and able to tell voices apart."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm
from models_quantized import catalog
from provisioning.voice_kit import checkpoint, encoder
from provisioning.voice_kit.encoder import Encoder
from provisioning.voice_kit.vectors import unit
from tests.support.shoebox_sound import PERSON_EN, PERSON_ZH, said

REFERENCE = {"power": 888.72809, "logs": -37499.297}


def vowel() -> Pcm:
    """A made-up voice: the reference values below were computed of it by the encoders' own front ends (librosa)."""
    t = np.arange(3 * MIC_RATE) / MIC_RATE
    wave = 0.1 * np.sin(2 * np.pi * (200 + 40 * np.sin(3 * t)) * t) * (1 + np.sin(2 * np.pi * 3 * t))
    return np.asarray(wave + 0.01 * np.random.default_rng(3).normal(size=len(t)), np.float32)


def sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-x)), np.float32)


def by_hand(weights: checkpoint.Weights, mels: NDArray[np.float32]) -> NDArray[np.float32]:
    """PyTorch's LSTM as its documentation defines it: gates in the order input, forget, cell, output."""
    x = mels
    for layer in range(3):
        h = c = np.zeros(256, np.float32)
        made = []
        for frame in x:
            z = weights[f"W{layer}"] @ frame + weights[f"Wb{layer}"] + weights[f"R{layer}"] @ h + weights[f"Rb{layer}"]
            i, f, g, o = np.split(z, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = np.asarray(sigmoid(o) * np.tanh(c), np.float32)
            made.append(h)
        x = np.stack(made)
    return np.asarray(np.maximum(weights["linear"] @ x[-1] + weights["bias"], 0.0), np.float32)


def test_the_graph_computes_what_the_checkpoint_means() -> None:
    weights = checkpoint.read(catalog.verified_path("speaker-encoder"))
    mels = np.random.default_rng(0).gamma(0.3, 0.1, (160, 40)).astype(np.float32)
    made = Encoder(checkpoint.graph(weights), lambda _: mels, 160, 77).embed(np.zeros(1, np.float32))
    np.testing.assert_allclose(made, unit(by_hand(weights, mels)), atol=1e-4)


def test_a_checkpoint_of_another_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pretrained.pt"
    path.write_bytes(b"\x80\x02}q\x00.")
    with pytest.raises(BadInput, match="bytes"):
        checkpoint.read(path)


def test_features_are_those_of_the_encoders_own_front_ends() -> None:
    """Sums over what librosa 0.11 gives for the same sound, computed once."""
    power = encoder._raised_power(vowel())
    logs = encoder._log_power(vowel())
    assert power.shape == (301, 40)
    assert logs.shape == (297, 40)
    assert float(power.sum()) == pytest.approx(REFERENCE["power"], rel=1e-4)
    assert float(logs.sum()) == pytest.approx(REFERENCE["logs"], rel=1e-4)


@pytest.fixture(scope="module")
def clips() -> dict[str, list[Pcm]]:
    return {
        "joe": [said("joe", text) for text in PERSON_EN[:3]],
        "man": [said("man", text) for text in PERSON_ZH[:3]],
        "woman": [said("woman", text) for text in PERSON_ZH[:3]],
    }


@pytest.mark.parametrize("which", ["first", "held_out"])
def test_the_same_voice_is_more_alike_than_any_other(which: str, clips: dict[str, list[Pcm]]) -> None:
    hears = encoder.first() if which == "first" else encoder.held_out()
    vectors = {who: [hears.embed(pcm) for pcm in pcms] for who, pcms in clips.items()}
    same = [encoder.likeness(a, b) for own in vectors.values() for a, b in itertools.combinations(own, 2)]
    other = [
        encoder.likeness(a, b)
        for one, two in itertools.combinations(vectors.values(), 2)
        for a, b in itertools.product(one, two)
    ]
    assert min(same) > max(other) + 0.05


def test_windows_cover_short_and_long_sounds() -> None:
    hears = encoder.first()
    for seconds in (0.5, 1.6, 4.0, 120.0):
        vectors, middles = hears.parts(np.resize(vowel(), round(seconds * MIC_RATE)))
        assert len(vectors) == len(middles) >= max(1, int(seconds / 0.8) - 1)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
