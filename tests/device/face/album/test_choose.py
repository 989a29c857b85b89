"""The order of the album."""

from __future__ import annotations

import datetime
import itertools

from hypothesis import given
from hypothesis import strategies as st

from device.face.album.choose import OCCASION_EVERY, Chooser, years_ago
from device.persona.album import Photo

TODAY = datetime.date(2026, 4, 5)
WIDE, TALL = True, False


def lying(name: str, date: str = "", people: tuple[str, ...] = ()) -> Photo:
    return Photo(name, 1600, 1200, date, people)


def upright(name: str, date: str = "", people: tuple[str, ...] = ()) -> Photo:
    return Photo(name, 1200, 1600, date, people)


def shown(chooser: Chooser, slides: int, side_by_side: bool = WIDE, day: datetime.date = TODAY) -> list[list[str]]:
    return [[photo.file for photo in chooser.next(day, side_by_side)] for _ in range(slides)]


@given(st.integers(1, 40), st.integers(0, 9))
def test_all_are_seen_before_one_is_seen_again(count: int, seed: int) -> None:
    chooser = Chooser([lying(str(n)) for n in range(count)], seed)
    for _ in range(3):
        assert {name for (name,) in shown(chooser, count)} == {str(n) for n in range(count)}


@given(st.integers(2, 12), st.integers(0, 99))
def test_none_comes_twice_in_a_row(count: int, seed: int) -> None:
    names = [name for (name,) in shown(Chooser([lying(str(n)) for n in range(count)], seed), 60)]
    assert all(a != b for a, b in itertools.pairwise(names))


def test_another_seed_is_another_order() -> None:
    photos = [lying(str(n)) for n in range(30)]
    assert shown(Chooser(photos, 1), 30) == shown(Chooser(photos, 1), 30)
    assert shown(Chooser(photos, 1), 30) != shown(Chooser(photos, 2), 30)


def test_this_day_of_other_years_comes_first_and_now_and_then() -> None:
    photos = [lying(str(n), "1999-12-01") for n in range(40)]
    photos += [lying("then", "1994-04-05"), lying("long ago", "1961-04-05"), lying("this month", "1994-04")]
    names = [name for (name,) in shown(Chooser(photos, 5), 2 * OCCASION_EVERY)]
    assert {names[0], names[OCCASION_EVERY]} == {"then", "long ago"}
    assert len(set(names)) == len(names)


def test_the_day_begins_anew_at_midnight() -> None:
    photos = [lying(str(n)) for n in range(40)] + [lying("then", "1994-04-06")]
    chooser = Chooser(photos, 5)
    assert "then" not in {name for (name,) in shown(chooser, 3)}
    assert shown(chooser, 1, day=datetime.date(2026, 4, 6)) == [["then"]]


def test_years_are_counted() -> None:
    assert years_ago(lying("a", "1994-04-05"), TODAY) == 32
    for date in ("1994-04", "1994", "", "2026-04-05", "2030-04-05", "1994-04-06"):
        assert years_ago(lying("a", date), TODAY) is None


def test_two_upright_ones_stand_beside_each_other_and_two_lying_ones_above() -> None:
    photos = [upright("a", people=("Mei",)), lying("b"), upright("c"), upright("d", people=("Mei",)), lying("e")]
    assert sorted(map(sorted, shown(Chooser(photos, 3), 4))) == [["a", "d"], ["b"], ["c"], ["e"]]
    assert sorted(map(sorted, shown(Chooser(photos, 3), 4, TALL))) == [["a"], ["b", "e"], ["c"], ["d"]]


def test_years_that_are_near_go_together() -> None:
    photos = [upright("a", "1961"), upright("b", "2005"), upright("c", "1962"), upright("d", "2006-03")]
    assert sorted(map(sorted, shown(Chooser(photos, 0), 2))) == [["a", "c"], ["b", "d"]]


def test_who_asks_for_some_sees_those_then_all() -> None:
    chooser = Chooser([lying(str(n)) for n in range(9)], 0)
    chooser.only(["5", "gone", "2"])
    assert shown(chooser, 2) == [["5"], ["2"]]
    assert len({name for (name,) in shown(chooser, 9)}) == 9


def test_what_is_lost_does_not_come_again() -> None:
    one, other = lying("1"), lying("2")
    chooser = Chooser([one, other], 0)
    chooser.lost(one)
    assert shown(chooser, 3) == [["2"], ["2"], ["2"]]
    chooser.lost(other)
    assert chooser.next(TODAY, WIDE) == ()
