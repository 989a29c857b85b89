"""Silero on speech and on what is none."""

from __future__ import annotations

import numpy as np
import pytest

from device.ears import speech
from device.ears.speech import SileroDetector
from device.ports import BLOCK, Pcm
from tests.device.ears.conftest import noises, spoken


def judged(detector: SileroDetector, sound: Pcm) -> list[float]:
    return [detector.feed(sound[i : i + BLOCK]) for i in range(0, len(sound) - BLOCK + 1, BLOCK)]


@pytest.mark.parametrize("name", ["en_house", "zh_fish"])
def test_speech_is_speech(name: str) -> None:
    assert np.mean(np.array(judged(speech.create(), spoken(name))) > 0.5) > 0.6


@pytest.mark.parametrize("name", sorted(noises()))
def test_noise_is_none(name: str) -> None:
    assert np.mean(np.array(judged(speech.create(), noises()[name])) > 0.5) < 0.05


def test_its_opinion_is_at_most_32_ms_old() -> None:
    detector = speech.create()
    before = judged(detector, np.zeros(4096, np.float32))[-1]
    voice = spoken("en_house")[3200 : 3200 + 64 * BLOCK]
    changed = [p != before for p in judged(detector, voice)]
    assert any(changed[:4])


def test_reset_forgets() -> None:
    detector = speech.create()
    sound = spoken("en_house")
    first = judged(detector, sound)
    detector.reset()
    assert judged(detector, sound) == pytest.approx(first, abs=1e-6)


def test_full_scale_and_beyond_do_no_harm() -> None:
    assert 0.0 <= judged(speech.create(), np.full(2048, 7.0, np.float32))[-1] <= 1.0
