"""What was written at eight in the evening in Hangzhou was not written at noon."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.persona.unpacked import Person
from provisioning.importers.item import Item, Problem, When, Where
from provisioning.intake.zone import in_zone, zone_of


def told(when: When, zone: str = "Asia/Shanghai") -> When:
    (item,) = in_zone([Item("message", "a", Where("a"), when)], zone)
    assert isinstance(item, Item)
    return item.when


def test_utc_becomes_local() -> None:
    assert told(When("2019-02-04T16:30:00", "1549297800", 0.8, utc=True)) == When(
        "2019-02-05T00:30:00", "1549297800", 0.95
    )
    assert told(When("2019-07-01T12:00:00", utc=True), "Europe/London").start == "2019-07-01T13:00:00"


def test_what_is_local_or_unknown_stays() -> None:
    for when in (When("2019-02-04T16:30:00"), When("", utc=True), When("2019", utc=True)):
        assert told(when).start in (when.start, "2019-01-01T08:00:00")
    assert told(When("2019-02-04T16:30:00", utc=True), "").start == "2019-02-04T16:30:00"
    problem = Problem(Where("a"), "a sticker")
    assert list(in_zone([problem], "Asia/Shanghai")) == [problem]


@given(st.text(max_size=30))
def test_no_time_ends_the_reading(start: str) -> None:
    told(When(start, utc=True))


def test_where_they_lived() -> None:
    assert zone_of(Person("李玉兰", ("zh", "en"))) == "Asia/Shanghai"
    assert zone_of(Person("Ada", ("en",))) == ""
    assert zone_of(Person("Ada", ("en", "zh"), zone="Europe/London")) == "Europe/London"
    for name in ("Hangzhou", "../etc/passwd", "Asia"):
        with pytest.raises(BadInput, match="zone"):
            zone_of(Person("Ada", ("en",), zone=name))
