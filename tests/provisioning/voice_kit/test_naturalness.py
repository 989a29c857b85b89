"""DNSMOS, against its authors' own program."""

from __future__ import annotations

import numpy as np
import pytest

from provisioning.voice_kit.naturalness import Dnsmos
from provisioning.wake_sound import pink
from tests.provisioning.voice_kit.test_encoder import vowel
from tests.support.shoebox_sound import PERSON_EN, said


@pytest.fixture(scope="module")
def dnsmos() -> Dnsmos:
    return Dnsmos()


def test_it_rates_as_speechmos_does(dnsmos: Dnsmos) -> None:
    """speechmos 0.0.1.1 with librosa 0.11 and onnxruntime said this of the same sound."""
    rating = dnsmos.rate(vowel())
    assert rating.overall == pytest.approx(1.16634, abs=2e-3)
    assert rating.signal == pytest.approx(1.39637, abs=2e-3)
    assert rating.background == pytest.approx(1.22552, abs=2e-3)
    assert rating.p808 == pytest.approx(2.72002, abs=2e-3)


def test_noise_costs_naturalness(dnsmos: Dnsmos) -> None:
    clean = said("joe", PERSON_EN[0])
    noisy = clean + 0.05 * pink(len(clean), np.random.default_rng(0))
    assert dnsmos.rate(clean).overall > dnsmos.rate(noisy).overall + 0.5


def test_nothing_is_rated_nothing(dnsmos: Dnsmos) -> None:
    assert dnsmos.rate(np.zeros(0, np.float32)).overall == 0.0
