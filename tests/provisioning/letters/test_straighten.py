"""Pages are cut out, lit evenly and made level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.letters.straighten import PAPER, find_sheet, in_even_light, rotated, slope, straighten
from tests.support.likeness_inputs import elder
from tests.support.written_pages import CHINESE, ENGLISH, columns, photographed, rows, scanned


@pytest.mark.parametrize("shade", [0.0, 0.3, 0.55])
def test_the_sheet_is_found_under_a_shadow(shade: float) -> None:
    picture = photographed(rows(ENGLISH), shade)
    corners = find_sheet(picture)
    assert corners is not None
    truth = np.array([[0.11, 0.1], [0.86, 0.07], [0.93, 0.9], [0.06, 0.94]]) * picture.shape[1::-1]
    assert np.abs(corners - truth).max() < 0.02 * max(picture.shape)


@pytest.mark.parametrize("picture", [rows(CHINESE), scanned(rows(CHINESE)), elder()], ids=["page", "scan", "portrait"])
def test_where_no_sheet_lies_on_anything_all_is_kept(picture: np.ndarray) -> None:
    assert find_sheet(picture) is None


@pytest.mark.parametrize("degrees", [-6.0, -2.0, 0.0, 3.5])
@pytest.mark.parametrize("page", [rows(ENGLISH), columns(CHINESE)], ids=["rows", "columns"])
def test_the_slope_is_measured(page: np.ndarray, degrees: float) -> None:
    askew = in_even_light(scanned(page, degrees))
    assert slope(askew) == pytest.approx(-degrees, abs=0.4)
    assert slope(rotated(askew, slope(askew))) == pytest.approx(0, abs=0.4)


def test_shadows_go_and_ink_stays() -> None:
    even = in_even_light(photographed(rows(ENGLISH), 0.5)[150:900, 250:1450]).mean(2)
    paper = even[even > 200]
    assert (even > 200).mean() > 0.85
    assert np.percentile(paper, 2) > PAPER - 25
    assert even.min() < 110


def test_a_sheet_comes_out_whole() -> None:
    sheet = straighten(photographed(rows(ENGLISH)))
    assert sheet.shape[1] / sheet.shape[0] == pytest.approx(1400 / 828, rel=0.1)


@settings(max_examples=15)
@given(st.integers(1, 80), st.integers(1, 80), st.integers(0, 255), st.booleans())
def test_any_picture_comes_out(high: int, wide: int, grey: int, noisy: bool) -> None:
    picture = np.full((high, wide, 3), grey, np.uint8)
    if noisy:
        picture = np.random.default_rng(grey).integers(0, 256, picture.shape).astype(np.uint8)
    sheet = straighten(picture)
    assert sheet.dtype == np.uint8
    assert sheet.shape[2] == 3
