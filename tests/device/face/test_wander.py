"""A day of a badge on a screen of 1280 x 720."""

import itertools

import numpy as np

from device.face.scenes.caption_track import Caption
from device.face.scenes.captions import Captions
from device.face.wander import REACH, offset

WIDTH, HEIGHT = 1280, 720
DAY = 24 * 3600


def test_it_begins_in_its_place_and_stays_near_it() -> None:
    assert offset(0.0) == (0.0, 0.0)
    places = np.array([offset(t) for t in range(0, DAY, 20)])
    assert np.abs(places).max() <= REACH <= 0.004
    assert (np.abs(places).max(0) > 0.99 * REACH).all(), "all of the room is used"


def test_no_frame_jumps_after_another() -> None:
    times = itertools.chain(range(0, DAY, 60), range(5000, 5600))
    steps = np.array([np.subtract(offset(t + 1 / 5), offset(t)) for t in times]) * (WIDTH, HEIGHT)
    assert np.abs(steps).max() < 0.0015, "pixels, at the slowest rate of frames there is"


def test_in_a_day_no_pixel_of_the_badge_is_lit_all_the_time() -> None:
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    Captions((WIDTH, HEIGHT)).draw(frame, Caption())
    badge = frame.max(2) > 60
    assert badge.sum() > 500
    lit, shifts = np.zeros(badge.shape, int), set()
    for t in range(0, DAY, 60):
        across, down = offset(t)
        shift = (round(down * HEIGHT), round(across * WIDTH))
        shifts.add(shift)
        lit += np.roll(badge, shift, (0, 1))
    assert lit.max() < 0.75 * DAY // 60
    assert len(shifts) > 60
