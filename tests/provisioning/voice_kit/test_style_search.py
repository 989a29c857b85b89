"""The search on a landscape that is known, and the real one on Kokoro."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from device.ports import Speech
from provisioning.voice_kit import encoder, stock, style_search
from provisioning.voice_kit.style_search import evolve, search, style_of


def test_the_best_found_never_falls_and_nears_the_top() -> None:
    top = np.array([0.3, -0.2, 0.8, 0.1])

    def score(point: NDArray[np.float64]) -> float:
        return -float(np.square(point - top).sum())

    values = [value for _, value in evolve(score, np.zeros(4), 30)]
    assert values == sorted(values)
    assert values[-1] > 0.05 * score(np.zeros(4))


def test_the_same_search_finds_the_same() -> None:
    runs = [[v for _, v in evolve(lambda p: -float(np.abs(p).sum()), np.ones(5), 4)] for _ in range(2)]
    assert runs[0] == runs[1]


def test_styles_are_mixtures_and_pitches_in_range() -> None:
    table = np.random.default_rng(0).normal(size=(5, 256)).astype(np.float32)
    point = np.zeros(11)
    point[2] = point[5 + 3] = 1.0
    style, pitch = style_of(point, table)
    np.testing.assert_allclose(style[:128], table[2, :128], rtol=1e-5)
    np.testing.assert_allclose(style[128:], table[3, 128:], rtol=1e-5)
    assert pitch == pytest.approx(style_search.PITCHES[0])
    for seed in range(20):
        wild = np.random.default_rng(seed).normal(0, 3, 11)
        style, pitch = style_of(wild, table)
        assert np.isfinite(style).all()
        assert style_search.PITCHES[0] <= pitch <= style_search.PITCHES[1] + 1e-9


class TwoStyles:
    """Kokoro with two of its styles, so that the search is short."""

    def __init__(self, voice: style_search.Voice) -> None:
        self._voice = voice

    @property
    def styles(self) -> dict[str, NDArray[np.float32]]:
        return {name: self._voice.styles[name] for name in ("jf_alpha", "jm_kumo")}

    def wear(self, style: NDArray[np.float32], pitch: float, tract: float = 1.0, pace: float = 1.0) -> None:
        self._voice.wear(style, pitch, tract, pace)

    def synthesize(self, text: str) -> Speech:
        return self._voice.synthesize(text)


@pytest.mark.slow
def test_a_voice_between_two_styles_is_found_again() -> None:
    """The person is a mixture that the search can reach."""
    kokoro = TwoStyles(stock.kokoro())
    mixed = np.mean([style.mean(axis=0) for style in kokoro.styles.values()], axis=0)
    kokoro.wear(mixed[None], 0.7)
    first, second = encoder.first(), encoder.held_out()
    one, other = (stock.heard(s.pcm, s.rate) for s in map(kokoro.synthesize, ("我父亲是个木匠。", "我们结婚了。")))
    found = search(kokoro, first, first.embed(one), second, second.embed(other), rounds=1)
    assert found.style.shape == (256,)
    assert found.rounds[0].scored > found.start.scored - 0.05
    assert found.gained == (found.rounds[0].judged >= found.start.judged + style_search.GAIN)
