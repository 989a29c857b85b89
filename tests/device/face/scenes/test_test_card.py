import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.calibrating import Session
from device.face.calibration import Calibration
from device.face.scenes.test_card import CHOSEN, GREYS, card, mark_corners, words

SESSION = Session(Calibration(), Calibration())


def test_it_shows_greys_a_grid_and_words() -> None:
    picture = card((1280, 720), SESSION)
    assert picture.shape == (720, 1280, 3)
    shades = {int(v) for v in picture[530, :, 0]}
    assert set(GREYS) <= shades
    assert (picture[:220].min(2) > 200).sum() > 2000


def test_the_words_are_in_both_languages_and_name_what_is_set() -> None:
    english, chinese = words(Session(Calibration(black=6, gamma=1.25), Calibration(), corner=2))
    for line in (" ".join(english), " ".join(chinese)):
        assert {"3", "6", "1.25", "Tab", "Esc"} <= set(re.findall(r"[\w.]+", re.sub(r"[\u4e00-\u9fff：]", " ", line)))
    assert re.search(r"[\u4e00-\u9fff]", " ".join(chinese))


@pytest.mark.parametrize("chosen", range(4))
def test_the_chosen_corner_stands_out(chosen: int) -> None:
    frame = np.zeros((360, 640, 3), np.uint8)
    mark_corners(frame, chosen)
    ys, xs = np.nonzero(np.abs(frame.astype(int) - CHOSEN).max(2) < 12)
    assert [bool(ys.mean() > 180), bool(xs.mean() > 320)] == [chosen in (2, 3), chosen in (1, 2)]


@settings(max_examples=25, deadline=None)
@given(st.integers(64, 900), st.integers(64, 900), st.integers(0, 3))
def test_any_screen_gets_one(width: int, height: int, corner: int) -> None:
    picture = card((width, height), Session(Calibration(), Calibration(), corner))
    mark_corners(picture, corner)
    assert picture.shape == (height, width, 3)
