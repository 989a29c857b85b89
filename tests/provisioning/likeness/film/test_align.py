"""Heads that were turned by known angles, and brought back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.likeness.film.align import align, unlikeness
from provisioning.likeness.film.signals import smoothed

REFERENCE = np.random.default_rng(1).normal((300, 400, 0), 60, (478, 3))


def turned(yaw: float, pitch: float, roll: float, scale: float = 1.0) -> np.ndarray:
    """The reference as a head that turned: x right, y down, z towards the viewer."""
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return scale * (REFERENCE - REFERENCE.mean(0)) @ (about_x @ about_y @ about_z).T + [700, 200, 5]


@settings(max_examples=40)
@given(st.floats(-40, 40), st.floats(0.2, 5), st.sampled_from([0, 1, 2]))
def test_the_angle_is_found_and_undone(degrees: float, scale: float, axis: int) -> None:
    angles = np.zeros(3)
    angles[axis] = degrees
    found = align(turned(*angles, scale)[None], REFERENCE)
    assert found.angles[0] == pytest.approx(angles, abs=1e-3)
    assert found.scale[0] == pytest.approx(scale, rel=1e-4)
    assert np.abs(found.points[0] - REFERENCE).max() < 0.01


def test_a_frame_without_the_face_stays_unknown() -> None:
    points = np.stack([turned(0, 5, 0), np.full((478, 3), np.nan)])
    found = align(points, REFERENCE)
    assert np.isfinite(found.angles).tolist() == [[True] * 3, [False] * 3]
    assert np.isnan(align(points[1:], REFERENCE).points).all()


def test_the_same_head_is_like_itself_however_it_is_turned() -> None:
    other = REFERENCE * [1.2, 1, 1]
    assert unlikeness(turned(20, 10, 30, 0.5), REFERENCE) < 1e-5
    assert unlikeness(other, REFERENCE) > 0.05


@given(st.floats(0.3, 6), st.integers(2, 80))
def test_smoothing_leaves_a_constant_and_its_gaps_as_they_are(sigma: float, n: int) -> None:
    values = np.full((n, 2), 3.0)
    values[n // 2] = np.nan
    out = smoothed(values, sigma)
    assert np.isnan(out[n // 2]).all()
    known = np.arange(n) != n // 2
    assert out[known] == pytest.approx(values[known])
