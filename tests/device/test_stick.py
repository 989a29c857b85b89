"""What is seen and heard of a stick; with the time in the hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from device.announcing import AGAIN_S, LATEST_S, QUIET_S, Announcer
from device.link import News
from device.persona.stick.arrival import Arrival, Stage, tell
from device.stick import CLEAR, LOOK_S, SAFE, STALE_S, STAYS_S, Watch, news

WORK = Arrival("s1", "checking", "Checking.", "正在检查。", 0.25)
DONE = Arrival("s1", "done", "沈秀兰 is here.", "沈秀兰到了。", 1.0, True)
REFUSED = Arrival("s2", "refused", "This pack is another frame's.", "这份数据是别的相框的。", safe=True)


def test_work_has_a_bar_and_does_not_stay_when_nobody_does_it_any_more() -> None:
    assert news((WORK, 5.0)) == News("stick", "Checking.", "正在检查。", 0.25)
    assert news((WORK, STALE_S + 1)) == CLEAR
    assert news((Arrival("s1", "looking", "Looking.", "正在看。"), 1.0)).share < 0


def test_the_end_says_that_the_stick_may_go_until_it_has_gone_or_some_time() -> None:
    assert news((DONE, 14.0)) == News("stick", f"沈秀兰 is here. {SAFE['en']}", f"沈秀兰到了。{SAFE['zh']}")
    assert news((DONE, 16.0)) == CLEAR
    assert news((Arrival("s1", "gone", "", ""), 0.0)) == CLEAR
    assert news(None) == CLEAR


def test_a_reason_stays_longer() -> None:
    assert news((REFUSED, 29.0)).en == REFUSED.en
    assert news((REFUSED, 31.0)) == CLEAR


def test_the_watch_sees_changes_twice_a_second_and_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "arrival.json"
    watch = Watch(path, wall=lambda: path.stat().st_mtime)
    assert watch.look(0.0) is None
    tell(WORK, path)
    assert watch.look(LOOK_S - 0.1) is None, "not so soon again"
    assert watch.look(LOOK_S) == (WORK, 0.0)
    assert watch.look(3.0) == (WORK, 2.5)
    tell(DONE, path)
    assert watch.look(4.0) == (DONE, 0.0)
    path.write_bytes(b"{")
    assert watch.look(5.0) is None
    path.unlink()
    assert watch.look(6.0) is None
    assert Watch(None).look(0.0) is None


@pytest.mark.parametrize(("ago", "shown"), [(1.0, True), (3600.0, False), (-3600.0, True)])
def test_a_process_that_begins_does_not_take_yesterdays_stick_for_todays(
    tmp_path: Path, ago: float, shown: bool
) -> None:
    path = tmp_path / "arrival.json"
    tell(DONE, path)
    os.utime(path, (5000.0, 5000.0))
    seen = Watch(path, wall=lambda: 5000.0 + ago).look(100.0)
    assert (news(seen) != CLEAR) == shown
    assert news(Watch(path, wall=lambda: 5000.0 + ago).look(100.0)) == news(seen)


def test_it_is_said_once_in_a_calm_moment(tmp_path: Path) -> None:
    announcer = Announcer("zh", tmp_path / "said")
    assert announcer.look((WORK, 0.0), True, 10.0) == ""
    assert announcer.look((DONE, 0.0), False, 11.0) == "", "somebody talks"
    assert announcer.look((DONE, 1.0), True, 11.9) == ""
    assert announcer.look((DONE, 2.0), True, 11.0 + QUIET_S) == SAFE["zh"]
    assert announcer.look((DONE, 3.0), True, 14.0) == "", "it is being said"
    announcer.said("something else")
    again = 11.0 + QUIET_S + AGAIN_S
    assert announcer.look((DONE, 20.0), True, again) == SAFE["zh"], "it was not heard to its end"
    announcer.said(SAFE["zh"])
    assert announcer.look((DONE, 40.0), True, 3 * again) == ""
    assert Announcer("en", tmp_path / "said").look((DONE, 41.0), True, 60.0) == "", "by the mind before this one"
    assert Announcer("en", tmp_path / "said").look((REFUSED, 1.0), True, 60.0) == REFUSED.en


@pytest.mark.parametrize("stage", ["looking", "keeping", "nothing", "gone", "pairing"])
def test_of_all_else_it_is_silent(stage: Stage) -> None:
    announcer = Announcer("en", None)
    assert announcer.look((Arrival("s", stage, "words", "话", safe=True), 0.0), True, 50.0) == ""
    assert announcer.look((DONE, LATEST_S + 1), True, 80.0) == "", "nobody wants to know any more"
    assert STAYS_S["refused"] == 30.0


def test_the_number_of_the_frame_stays_for_a_walk_to_the_computer() -> None:
    told = Arrival("pairing-1", "pairing", "The number of this frame is 4831 2759.", "这台相框的号码是 4831 2759。")
    assert news((told, 590.0)) == News("stick", told.en, told.zh)
    assert news((told, 610.0)) == CLEAR
