"""Times, tables and bodies, by themselves."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.importers.moments import CHINA, FIRST, LAST, day_of, hour_of, local, since_epoch, written
from provisioning.importers.problems import MAX_TEXT, Body
from provisioning.importers.tables import delimiter_of, records

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=12)


@given(st.datetimes(datetime(FIRST, 1, 1), datetime(LAST - 1, 12, 31)))
def test_times_come_back(at: datetime) -> None:
    at = at.replace(microsecond=0)
    assert written(f"{at:%Y-%m-%d %H:%M:%S}").start == at.isoformat()
    assert since_epoch((at - datetime(1970, 1, 1)).total_seconds() - CHINA, CHINA, 0.9).start == at.isoformat()


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_any_time_is_a_when(raw: object) -> None:
    for when in (since_epoch(raw, CHINA, 0.9), written(str(raw))):
        assert (when.start == "") == (when.confidence == 0)
        assert len(when.text) <= 60 or when.start


@given(st.integers(), st.integers(), st.integers(), st.tuples(st.integers(), st.integers(), st.integers()))
def test_any_numbers_are_a_day_or_none(year: int, month: int, day: int, time: tuple[int, int, int]) -> None:
    start = local(year, month, day, tuple(abs(n) for n in time), "").start  # type: ignore[arg-type]
    assert start[:10] == day_of(year, month, day)


@pytest.mark.parametrize(
    ("hour", "half", "told"),
    [
        (12, "AM", 0),
        (12, "pm", 12),
        (3, "p.\xa0m.", 15),
        (1, "中午", 13),
        (12, "中午", 12),
        (11, "晚上", 23),
        (15, "PM", 15),
        (9, "", 9),
    ],
)
def test_halves_of_the_day(hour: int, half: str, told: int) -> None:
    assert hour_of(hour, half) == told


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8), st.sampled_from(",;\t"))
def test_tables_come_back(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    got = list(records(enumerate(out.getvalue().split("\n"), 1), 3, delimiter))
    assert [row for _, row, _ in got] == rows


@given(st.lists(st.text('a",;\n', max_size=10), max_size=30))
def test_no_line_of_a_damaged_table_is_lost(lines: list[str]) -> None:
    told = [line for text in lines for line in text.split("\n")]
    got = list(records(enumerate(told, 1), 3, ","))
    assert [number for number, _, _ in got] == sorted({number for number, _, _ in got})
    assert all(row is None or len(row) == 3 for _, row, _ in got)
    first = {number: text for number, _, text in got}
    assert all(told[number - 1] == text for number, text in first.items())


def test_delimiters() -> None:
    assert [delimiter_of("a,b,c"), delimiter_of("a;b;c"), delimiter_of("a\tb")] == [",", ";", "\t"]


def test_a_body_keeps_its_beginning() -> None:
    body = Body("a")
    for _ in range(10):
        body.add("x" * (MAX_TEXT // 8))
    assert body.cut
    assert len(body.text()) <= MAX_TEXT + 10
    short = Body("a")
    short.add("")
    short.add("b\n")
    assert (short.text(), short.cut) == ("a\n\nb", False)
