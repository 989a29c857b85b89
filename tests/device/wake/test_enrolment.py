"""Thresholds come from the speech at hand; sayings that can't serve are refused."""

from __future__ import annotations

import numpy as np
import pytest

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm
from device.wake.embedding import DIMENSIONS, HOP, WINDOW, Frames, directions
from device.wake.enrolment import Saying, distances_along, enrol

BANDS = DIMENSIONS // 2


def spectral(pcm: Pcm) -> Frames:
    """An embedding without a model: power in bands, early and late in the window."""
    count = max(0, (len(pcm) - WINDOW) // HOP + 1)
    rows = []
    for at in range(count):
        halves = pcm[at * HOP : at * HOP + WINDOW].reshape(2, -1)
        power = np.abs(np.fft.rfft(halves, axis=1))[:, 1 : 1 + 60 * BANDS].reshape(2, BANDS, -1).mean(axis=2)
        rows.append(np.log1p(power).ravel())
    return directions(np.array(rows, np.float32).reshape(count, DIMENSIONS))


def tune(pitches: list[float], seed: int = 0) -> Pcm:
    """0.2 s of each pitch."""
    t = np.arange(int(0.2 * MIC_RATE)) / MIC_RATE
    random = np.random.default_rng(seed)
    return np.concatenate([0.1 * np.sin(2 * np.pi * p * t) + random.normal(0, 1e-3, len(t)) for p in pitches]).astype(
        np.float32
    )


def others(seconds: float = 90.0) -> list[Pcm]:
    random = np.random.default_rng(4)
    return [tune(list(random.uniform(200, 2500, 25)), n) for n in range(round(seconds / 5))]


CALL = [400.0, 900.0, 1600.0, 2200.0]
SAYINGS = [Saying("call", tune([p * f for p in CALL], n)) for n, f in enumerate((0.98, 1.0, 1.02))]


def test_a_threshold_stands_between_the_sayings_and_other_speech() -> None:
    templates = enrol(SAYINGS, others(), spectral).templates
    quiet = np.zeros(MIC_RATE, np.float32)
    again = distances_along(templates, spectral(np.concatenate([quiet, tune([p * 1.01 for p in CALL], 9), quiet])))
    other = distances_along(templates, spectral(tune([2200.0, 500.0, 700.0, 300.0] * 5)))
    thresholds = np.array([t.threshold for t in templates])
    assert (again / thresholds).min() < 1.0 < (other / thresholds).min()


def test_every_saying_gives_a_template_that_knows_where_it_lies_in_the_phrase() -> None:
    templates = enrol(SAYINGS, others(), spectral).templates
    assert len(templates) == len(SAYINGS)
    for template, saying in zip(templates, SAYINGS, strict=True):
        seconds = len(saying.pcm) / MIC_RATE
        assert template.phrase == "call"
        spanned = template.lead + (len(template.frames) - 1) * HOP / MIC_RATE
        assert spanned == pytest.approx(seconds + template.tail, abs=1e-6)


@pytest.mark.parametrize("sayings", [[], [Saying("call", tune([400.0])[:1600])], [Saying("call", tune(CALL * 6))]])
def test_sayings_that_are_none_too_short_or_too_long_are_refused(sayings: list[Saying]) -> None:
    with pytest.raises(BadInput, match="wake phrase"):
        enrol(sayings, others(), spectral)


def test_without_other_speech_no_threshold_can_be_set() -> None:
    with pytest.raises(BadInput, match="minute"):
        enrol(SAYINGS, others(20.0), spectral)
