import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.config import Night
from device.face.night import BRIGHTENING, STAYS, TALK, TWILIGHT, WAITS, Dimmer, depth, minutes, shaded

NIGHT = Night("22:00", "07:00", 0.25, 0.5)
DARK = Night("22:00", "07:00", 0.0, 0.0)


def at(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


@pytest.mark.parametrize(
    ("time", "deep"),
    [
        ("12:00", 0.0), ("21:59:59", 0.0), ("22:00", 0.0), ("22:05", 0.5), ("22:10", 1.0), ("23:59:59", 1.0),
        ("00:00", 1.0), ("03:00", 1.0), ("06:50", 1.0), ("06:55", 0.5), ("07:00", 0.0), ("07:01", 0.0),
    ],
)  # fmt: skip
def test_a_night_across_midnight(time: str, deep: float) -> None:
    assert depth(NIGHT, at(time)) == pytest.approx(deep, abs=1e-9)


def test_a_night_within_a_day_and_one_shorter_than_its_twilights() -> None:
    nap = Night("13:00", "14:30")
    assert [depth(nap, at(time)) for time in ("12:59", "13:30", "14:31", "00:00")] == [0.0, 1.0, 0.0, 0.0]
    short = Night("13:00", "13:06")
    assert depth(short, at("13:03")) == 1.0
    assert 0.0 < depth(short, at("13:01")) < 0.5
    assert depth(short, at("13:01")) == pytest.approx(depth(short, at("13:05")))
    assert depth(Night(), at("03:00")) == 0.0


CLOCK = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@given(CLOCK, CLOCK, st.times())
def test_it_never_jumps_and_is_dark_only_within_the_night(
    begin: datetime.time, end: datetime.time, now: datetime.time
) -> None:
    night = Night(f"{begin:%H:%M}", f"{end:%H:%M}") if begin != end else Night()
    deep = depth(night, now)
    later = (datetime.datetime.combine(datetime.date(2000, 1, 1), now) + datetime.timedelta(seconds=1)).time()
    shortest = min(TWILIGHT, (minutes(night.ends or "0:1") - minutes(night.begins or "0:0")) % 1440 * 30)
    assert 0.0 <= deep <= 1.0
    assert abs(depth(night, later) - deep) <= 1.5 / shortest + 1e-9
    within = begin <= now < end if begin <= end else now >= begin or now < end
    assert within or deep == 0.0


class Day:
    """A clock on the wall that somebody sets."""

    def __init__(self, time: str) -> None:
        self.time = at(time)

    def __call__(self) -> datetime.time:
        return self.time


def lights(dimmer: Dimmer, state: str, begin: float, end: float, fps: int = 30) -> list[float]:
    return [dimmer.look(state, begin + k / fps)[0] for k in range(round((end - begin) * fps))]


def test_who_speaks_at_night_has_light_within_a_second_and_it_goes_softly_after_the_talk() -> None:
    dimmer = Dimmer(NIGHT, Day("02:00"))
    assert lights(dimmer, "idle", 0, 5)[-1] == 0.25
    rising = lights(dimmer, "listening", 5, 6)
    assert rising[0] < 0.3
    assert rising[-1] == TALK
    assert set(lights(dimmer, "speaking", 6, 300)) == {TALK}
    after = lights(dimmer, "idle", 300, 300 + STAYS + 10)
    assert after[round(30 * (STAYS - 1))] == TALK
    assert after[-1] == 0.25
    assert max(np.abs(np.diff([*rising, *after]))) <= TALK / BRIGHTENING / 30 + 1e-9


def test_a_touch_brightens_and_a_frame_that_only_waits_does_not_stay_bright() -> None:
    dimmer = Dimmer(DARK, Day("02:00"))
    assert lights(dimmer, "asleep", 0, 1)[-1] == 0.0
    dimmer.stir(1.0)
    assert lights(dimmer, "asleep", 1, 2)[-1] == TALK
    assert lights(dimmer, "asleep", 2, 40)[-1] == 0.0
    listening = lights(dimmer, "listening", 40, 40 + WAITS + STAYS + 10)
    assert listening[-1] == 0.0 < listening[300] == TALK


def test_talk_never_darkens_and_the_day_is_day() -> None:
    bright = Dimmer(Night("22:00", "07:00", 0.9), Day("02:00"))
    assert set(lights(bright, "idle", 0, 1)) == set(lights(bright, "speaking", 1, 5)) == {0.9}
    day = Day("12:00")
    dimmer, frame = Dimmer(DARK, day), np.full((4, 4, 3), 99, np.uint8)
    assert dimmer.shade(frame, "idle", 0.0) is frame
    day.time = at("02:00")
    assert not dimmer.shade(frame, "idle", 1.0).any()
    day.time = at("21:00")  # somebody set the clock
    assert dimmer.shade(frame, "idle", 1.1) is frame


def test_the_light_takes_all_down_and_warmth_takes_blue_most() -> None:
    white = np.full((2, 2, 3), 255, np.uint8)
    assert shaded(white, 1.0) is white
    assert shaded(white, 0.25)[0, 0].tolist() == [64, 64, 64]
    red, green, blue = shaded(white, 1.0, 1.0)[0, 0].tolist()
    assert (red, green, blue) == (255, 206, 166)
    half = shaded(white, 0.5, 0.5)[0, 0].astype(int)
    assert half[0] == 128 > half[1] > half[2] > 100
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, 2)
    assert (np.diff(shaded(grey, 0.3, 0.7).reshape(256, 3).astype(int), axis=0) >= 0).all()
