"""Whatever a face does, what comes of it is a manner that a frame reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.manner import CHANNELS, load, save
from provisioning.likeness.film import events
from provisioning.likeness.film.ruler import Ruler
from provisioning.likeness.film.signals import Signals
from provisioning.likeness.film.tracks import MOST, manner
from tests.provisioning.likeness.film.test_events import curve, still
from tests.support.films import blink, hump, nod

PLAIN = Ruler(np.ones(3))


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.01, 4), st.integers(30, 400), st.sampled_from([12.0, 25.0, 30.0, 60.0]))
def test_any_unrest_can_be_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: float, n: int, rate: float
) -> None:
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(0, size, (n, 8)), axis=0)
    walk[rng.random(n) < 0.1] = np.nan
    small = walk / 50
    face = Signals(rate, 0.0, walk[:, :3], np.abs(small[:, 3]) + 0.1, np.abs(small[:, 4]), small[:, 5:7], small[:, 7],
                   np.abs(small[:, 4]), np.zeros((n, 478, 3), np.float32))  # fmt: skip
    own = manner([face, events.unblinked(face)], PLAIN)
    folder = tmp_path_factory.mktemp("manner")
    save(own, folder)
    again = load(folder)
    assert len(again.blinks) == len(own.blinks)
    assert all(len(own.of(kind)) <= most for kind, most in MOST.items())
    for kind in ("nod", "lowered"):
        assert all(np.abs(track[[0, -1]]).max() < 1e-3 for track in again.of(kind))


def test_what_closing_eyes_do_to_the_angles_is_taken_out_and_a_nod_is_left() -> None:
    face = still(9)
    shut = curve(blink(1.0, 2.5, 6.0, 7.5)["eyeBlinkLeft"], 9)
    pitch = curve(nod(4.0, 2, 5.0), 9)
    seen = replace(face, lids=0.34 * (1 - 0.7 * shut), angles=np.stack([0 * pitch, pitch + 1.6 * shut, 0 * pitch], -1))
    cleared = events.unblinked(seen).angles[:, 1]
    assert np.abs(cleared - pitch)[np.r_[0:110, 170:270]].max() < 0.45
    assert cleared[110:170].max() == pytest.approx(5.0, abs=0.3)
    assert len(manner([events.unblinked(seen)], PLAIN).of("nod")) == 1


def test_the_rulers_gains_make_the_portrait_move_as_far_as_the_film() -> None:
    pitch = curve(hump(2, 0.8, 1.0, 0.8, 5.0), 8)
    face = replace(still(8), angles=np.stack([0 * pitch, pitch, 0 * pitch], -1))
    (track,) = manner([face], Ruler(np.array([1.0, 1.8, 1.0]))).of("lowered")
    assert track[:, CHANNELS.index("headPitch")].max() == pytest.approx(9.0, abs=0.2)


def test_no_film_is_nobodys_manner(tmp_path: Path) -> None:
    assert manner([], PLAIN).empty
    save(manner([], PLAIN), tmp_path)
    assert load(tmp_path).empty
