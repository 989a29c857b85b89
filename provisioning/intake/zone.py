"""Instants that an export gives in UTC, as the clock on the family's wall showed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from device.errors import BadInput
from device.persona.unpacked import Person
from provisioning.importers.item import Found, Item, When

OF_LANGUAGE = {"zh": "Asia/Shanghai"}
"""Where nobody says where they lived: all of China has one time."""
SURE = 0.95
"""Confidence of a time in the family's zone: they may have been travelling."""


def zone_of(person: Person) -> str:
    """A zone's name; "" unknown. Raises BadInput for a name that is none."""
    name = person.zone or OF_LANGUAGE.get(person.languages[0], "")
    if name:
        zone(name)
    return name


def zone(name: str) -> ZoneInfo:
    """The zone. Raises BadInput."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("[person] zone", expected="a time zone such as Asia/Shanghai", got=repr(name)) from None


def in_zone(found: Iterable[Found], name: str) -> Iterator[Found]:
    """The same with every UTC time as local time."""
    if not name:
        yield from found
        return
    place = zone(name)
    for one in found:
        if isinstance(one, Item) and one.when.utc:
            one = msgspec.structs.replace(one, when=_local(one.when, place))
        yield one


def _local(when: When, place: ZoneInfo) -> When:
    try:
        instant = dt.datetime.fromisoformat(when.start).replace(tzinfo=dt.timezone.utc)
        start = instant.astimezone(place).strftime("%Y-%m-%dT%H:%M:%S")
    except (ValueError, OverflowError):
        return when
    return When(start, when.text, SURE)
