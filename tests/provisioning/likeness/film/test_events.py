"""What is found in curves that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from provisioning.likeness.film import events
from provisioning.likeness.film.signals import Signals, smoothed
from tests.support.films import Knots, along, blink, hump, nod

RATE = 30.0


def curve(knots: Knots, seconds: float, rate: float = RATE) -> np.ndarray:
    return np.array([along(knots, k / rate) for k in range(round(seconds * rate))])


def still(seconds: float) -> Signals:
    """A face that does nothing."""
    n = round(seconds * RATE)
    nothing = np.zeros(n)
    return Signals(RATE, 0.0, np.zeros((n, 3)), nothing + 0.34, nothing + 0.01, np.zeros((n, 2)), nothing, nothing,
                   np.zeros((n, 478, 3), np.float32))  # fmt: skip


@pytest.mark.parametrize(("closing", "opening", "rate"), [(0.08, 0.18, 30), (0.12, 0.3, 30), (0.1, 0.2, 60)])
def test_blinks_are_found_and_timed_finer_than_the_films_frames(closing: float, opening: float, rate: int) -> None:
    starts = [1.0, 2.513, 3.88, 5.401]
    shut = curve(blink(*starts, closing=closing, held=0.045, opening=opening)["eyeBlinkLeft"], 7, rate)
    found = events.blinks(0.34 * (1 - 0.7 * shut), rate)
    assert [b.at for b in found] == pytest.approx(starts, abs=0.03)
    assert np.median([b.closing for b in found]) == pytest.approx(closing, abs=0.021)
    assert np.median([b.opening for b in found]) == pytest.approx(opening, abs=0.041)


def test_half_closed_and_long_closed_eyes_are_no_blinks() -> None:
    half = curve(hump(2, 0.1, 0.1, 0.2, 0.25), 5)
    asleep = curve(hump(2, 0.2, 2.0, 0.3, 0.8), 6)
    assert events.blinks(0.34 * (1 - half), RATE) == []
    assert events.blinks(0.34 * (1 - asleep), RATE) == []


def test_a_smile_is_found_where_its_lips_are_closed() -> None:
    face = still(6)
    amount = curve(hump(2, 0.4, 1.5, 0.5, 0.08), 6)
    gap = 0.01 + curve(hump(2.3, 0.2, 0.8, 0.2, 0.1), 6)
    (found,) = events.smiles(replace(face, corners=np.stack([amount, amount], -1), gap=gap))
    assert 2.0 <= face.time(found.start) <= 2.4
    assert 4.0 <= face.time(found.end) <= 4.5
    assert found.size == pytest.approx(0.08, abs=0.002)
    assert gap[found.peak] < 0.03, "with the lips closed it can be measured"


def test_nods_are_found_and_a_slow_turn_or_a_blinks_tremble_is_none() -> None:
    nods = smoothed(curve(nod(2.0, 2, 5.0), 6), 1)
    (found,) = events.nods(nods, RATE)
    assert found.start / RATE == pytest.approx(2.0, abs=0.15)
    assert found.end / RATE == pytest.approx(3.2, abs=0.15)
    assert found.size == pytest.approx(5.0, abs=0.8)
    assert events.nods(curve(hump(1, 1.5, 1.0, 1.5, 6.0), 6), RATE) == []
    assert events.nods(curve(nod(2.0, 1, 1.5, 0.3), 6), RATE) == []


def test_a_head_that_is_lowered_and_comes_up_again() -> None:
    pitch = curve(hump(2, 0.8, 1.0, 0.8, 8.0), 8)
    (found,) = events.lowered(pitch, RATE)
    assert 2.0 < found.start / RATE < 2.6
    assert found.size == pytest.approx(8.0, abs=0.1)
    assert events.lowered(curve([(0, 0), (2, 0), (2.8, 8.0)], 8), RATE) == [], "it never came up"


def test_something_before_the_mouth_for_a_while() -> None:
    face = still(8)
    cup = np.zeros(240)
    cup[60:120] = 0.6
    (found,) = events.sips(replace(face, covered=cup))
    assert (found.start, found.end) == (60, 120)
    cup[60:120], cup[60:66] = 0, 0.6
    assert events.sips(replace(face, covered=cup)) == [], "a hand that passes"
    cup[60:] = 0.6
    assert events.sips(replace(face, covered=cup)) == [], "and never goes away"


def test_calm_is_what_is_left() -> None:
    face = still(9)
    amount = curve(hump(4, 0.3, 0.6, 0.3, 0.08), 9)
    shut = curve(blink(1.5)["eyeBlinkLeft"], 9)
    found = events.calm(replace(face, corners=np.stack([amount, amount], -1), lids=0.34 * (1 - 0.7 * shut)))
    assert [(face.time(p.start), face.time(p.end)) for p in found] == [
        (0.0, pytest.approx(4.1, abs=0.2)),
        (pytest.approx(5.1, abs=0.2), 9.0),
    ]


CURVES = hnp.arrays(np.float64, st.integers(1, 200), elements=st.one_of(st.floats(-2, 30), st.just(float("nan"))))


@given(CURVES, st.floats(8, 60))
def test_no_curve_breaks_it_and_all_that_is_found_lies_in_it(values: np.ndarray, rate: float) -> None:
    n = len(values)
    face = Signals(rate, 0.0, np.stack([values] * 3, -1), values, values, np.stack([values] * 2, -1), values, values,
                   np.zeros((n, 478, 3), np.float32))  # fmt: skip
    pieces = [*events.smiles(face), *events.nods(values, rate), *events.lowered(values, rate), *events.sips(face),
              *events.calm(face)]  # fmt: skip
    assert all(0 <= p.start <= p.peak < p.end <= n for p in pieces)
    assert all(0 <= b.shut < n for b in events.blinks(values, rate))


@given(hnp.arrays(np.bool_, st.integers(0, 60)))
def test_runs_cover_exactly_what_is_true(flags: np.ndarray) -> None:
    again = np.zeros(len(flags), bool)
    for start, end in events.runs(flags):
        assert start < end
        again[start:end] = True
    assert (again == flags).all()
