"""What the port EchoCanceller promises, asked of the fake and of those that subtract and suppress alike."""

from __future__ import annotations

import numpy as np
import pytest

from device import registry
from device.ports import BLOCK, MIC_RATE, EchoCanceller, Pcm
from tests.device.ears.conftest import spoken
from tests.fakes.echo_canceller import FakeEchoCanceller

DELAY = round(0.04 * MIC_RATE)


@pytest.fixture(params=["fake", "kalman", "webrtc"])
def canceller(request: pytest.FixtureRequest) -> EchoCanceller:
    if request.param == "fake":
        return FakeEchoCanceller(DELAY)
    engine: EchoCanceller = registry.make("echo_canceller", request.param)
    return engine


def run(canceller: EchoCanceller, near: Pcm, far: Pcm) -> Pcm:
    blocks = range(0, len(near) - BLOCK + 1, BLOCK)
    return np.concatenate([canceller.process(near[i : i + BLOCK], far[i : i + BLOCK]) for i in blocks])


def level(pcm: Pcm) -> float:
    return 10 * float(np.log10(np.mean(np.square(pcm, dtype=np.float64)) + 1e-12))


def own_voice() -> tuple[Pcm, Pcm]:
    """Five seconds of reference, and its echo at half the level."""
    far = np.resize(spoken("en_house"), 5 * MIC_RATE)
    return far, np.asarray(0.5 * np.pad(far, (DELAY, 0))[: len(far)], np.float32)


def test_the_echo_goes_and_comes_back_only_for_a_moment_after_a_reset(canceller: EchoCanceller) -> None:
    far, echo = own_voice()
    for _ in range(2):
        out = run(canceller, echo, far)
        assert out.shape == echo.shape
        assert out.dtype == np.float32
        assert level(out[2 * MIC_RATE :]) < level(echo[2 * MIC_RATE :]) - 20
        canceller.reset()


def test_a_person_alone_is_hardly_touched(canceller: EchoCanceller) -> None:
    voice = np.resize(spoken("zh_fish"), 4 * MIC_RATE)
    out = run(canceller, voice, np.zeros_like(voice))
    assert abs(level(out) - level(voice)) < 2.0


def test_a_person_over_the_own_voice_is_still_there(canceller: EchoCanceller) -> None:
    far, echo = own_voice()
    person = np.zeros_like(far)
    voice = spoken("zh_fish")
    person[3 * MIC_RATE : 3 * MIC_RATE + len(voice)] = voice[: 2 * MIC_RATE]
    alone = run(canceller, echo, far)
    canceller.reset()
    both = run(canceller, np.asarray(echo + person, np.float32), far)
    assert level(both[3 * MIC_RATE :]) > level(alone[3 * MIC_RATE :]) + 10
    assert level(both[3 * MIC_RATE :]) > level(person[3 * MIC_RATE :]) - 15


@pytest.mark.parametrize("wild", [1.0, -1.0, 30.0])
def test_no_sample_leaves_the_scale(canceller: EchoCanceller, wild: float) -> None:
    flat = np.full(BLOCK, wild, np.float32)
    out = np.concatenate([canceller.process(flat, -flat) for _ in range(50)])
    assert np.isfinite(out).all()
    assert float(np.abs(out).max()) <= 1.0


def test_subtracting_leaves_a_person_whole() -> None:
    """Where suppressing takes some of them away: what is left is what they said, and the rest of the echo."""
    far, echo = own_voice()
    person = np.zeros_like(far)
    voice = spoken("zh_fish")[: 2 * MIC_RATE]
    person[3 * MIC_RATE : 3 * MIC_RATE + len(voice)] = voice
    both = run(registry.make("echo_canceller", "kalman"), np.asarray(echo + person, np.float32), far)
    rest = both - person[: len(both)]
    assert level(rest[3 * MIC_RATE :]) < level(person[3 * MIC_RATE :]) - 12


def test_it_never_makes_things_louder_before_it_has_learnt() -> None:
    """A reference that has nothing to do with the microphone."""
    random = np.random.default_rng(3)
    near = np.asarray(0.01 * random.normal(size=2 * MIC_RATE), np.float32)
    far = np.asarray(np.linspace(0, 0.5, 2 * MIC_RATE) * random.normal(size=2 * MIC_RATE), np.float32)
    out = run(registry.make("echo_canceller", "kalman"), near, far)
    powers = [np.square(x[: len(out)].reshape(-1, BLOCK)).sum(axis=1) for x in (out, near)]
    assert (powers[0] <= powers[1] * 1.001).all()
