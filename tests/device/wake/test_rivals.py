"""What sounds almost like a phrase is farther from a call than the phrase, and nearer to itself."""

from __future__ import annotations

import numpy as np
import pytest

from device.ports import MIC_RATE, Pcm
from device.wake.contrast import FAR, Contrasts
from device.wake.enrolment import Saying, distances_along, enrol, with_quiet
from device.wake.rivals import NEAREST, with_rivals
from device.wake.templates import Templates
from tests.device.wake.test_enrolment import CALL, SAYINGS, others, spectral, tune

ALMOST = [400.0, 900.0, 1600.0, 1200.0]
FAR_OFF = [2300.0, 300.0, 700.0, 500.0]
CALLS = [Saying("call", tune([p * f for p in CALL], 20 + n)) for n, f in enumerate((0.99, 1.01, 1.03))]


def sayings(name: str, pitches: list[float]) -> list[Saying]:
    return [Saying(name, tune([p * f for p in pitches], 40 + n)) for n, f in enumerate((0.98, 1.0, 1.02))]


@pytest.fixture(scope="module")
def plain() -> Templates:
    return enrol(SAYINGS, others(), spectral)


def contrast(templates: Templates, pitches: list[float]) -> float:
    """Of something that is said after a second of quiet."""
    quiet = np.zeros(MIC_RATE, np.float32)
    sound: Pcm = np.concatenate([quiet, tune(pitches, 9), quiet])
    contrasts = Contrasts(templates)
    for number, distances in enumerate(distances_along([*templates.templates, *templates.rivals], spectral(sound))):
        contrasts.add(number, distances)
    return contrasts.since(0, "call")


def test_a_call_is_as_far_from_a_rival_as_calls_are_and_the_rival_is_nearer(plain: Templates) -> None:
    told = with_rivals(plain, CALLS, {"call": sayings("almost", ALMOST)}, spectral)
    assert len(told.rivals) == 3
    assert {rival.usual for rival in told.rivals} == {told.rivals[0].usual}
    assert contrast(told, [p * 1.015 for p in CALL]) >= 1.0
    assert contrast(told, [p * 1.015 for p in ALMOST]) < 0.7


def test_who_sounds_the_same_is_no_rival(plain: Templates) -> None:
    both = {"call": [*sayings("the same", CALL), *sayings("almost", ALMOST)]}
    assert len(with_rivals(plain, CALLS, both, spectral).rivals) == 3
    assert with_rivals(plain, CALLS, {"call": sayings("the same", CALL)}, spectral).rivals == ()


def test_only_the_nearest_are_kept(plain: Templates) -> None:
    near = [sayings(f"almost {n}", [*CALL[:3], pitch]) for n, pitch in enumerate(np.linspace(600.0, 1500.0, NEAREST))]
    both = {"call": [*sayings("far", FAR_OFF), *(saying for said in near for saying in said)]}
    kept = with_rivals(plain, CALLS, both, spectral).rivals
    assert len(kept) == 3 * NEAREST
    far = spectral(with_quiet(sayings("far", FAR_OFF)[0].pcm))
    assert not any(np.isin(rival.frames, far).all() for rival in kept)


@pytest.mark.parametrize(
    ("calls", "rivals"),
    [([], sayings("almost", ALMOST)), (CALLS, []), (CALLS, [Saying("short", tune([400.0])[:1600])])],
)
def test_without_calls_or_sayings_that_serve_there_are_none(
    plain: Templates, calls: list[Saying], rivals: list[Saying]
) -> None:
    told = with_rivals(plain, calls, {"call": rivals}, spectral)
    assert told.rivals == ()
    assert contrast(told, ALMOST) == 1.0


def test_what_was_said_before_the_phrase_does_not_count(plain: Templates) -> None:
    told = with_rivals(plain, CALLS, {"call": sayings("almost", ALMOST)}, spectral)
    contrasts = Contrasts(told)
    own, rivals = len(told.templates), len(told.rivals)
    contrasts.add(3, np.array([0.9] * own + [0.01] * rivals, np.float32))
    contrasts.add(8, np.array([0.1] * own + [0.4] * rivals, np.float32))
    assert contrasts.since(3, "call") == pytest.approx(4.0 / told.rivals[0].usual, rel=1e-5)
    assert contrasts.since(2, "call") < 1.0
    contrasts.add(9, np.array([0.0] * own + [0.4] * rivals, np.float32))
    assert contrasts.since(3, "call") == FAR
    contrasts.forget()
    assert contrasts.since(0, "call") == 1.0
