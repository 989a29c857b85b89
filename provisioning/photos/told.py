"""What is said about a photograph, by itself or by a file beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from provisioning.photos.dates import Dated

Box = tuple[float, float, float, float]
"""left, top, right, bottom in shares of the picture"""


class Region(msgspec.Struct, frozen=True):
    """Somebody's face, as a program or the family marked it."""

    name: str
    box: Box


class Told(msgspec.Struct, frozen=True):
    """All that one place says."""

    dates: tuple[Dated, ...] = ()
    caption: str = ""
    people: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    place: tuple[float, float] | None = None
    """Latitude and longitude, degrees"""
    camera: bool = False
    """Whether a camera, not a program, made the file"""


def together(places: Sequence[Told]) -> Told:
    """The first place's word before the next one's; dates and people of all."""
    return Told(
        dates=tuple(date for place in places for date in place.dates),
        caption=next((place.caption for place in places if place.caption), ""),
        people=unique(name for place in places for name in place.people),
        regions=next((place.regions for place in places if place.regions), ()),
        place=next((place.place for place in places if place.place), None),
        camera=any(place.camera for place in places),
    )


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Each once, in their order, without blanks."""
    return tuple(dict.fromkeys(name for raw in names if (name := " ".join(raw.split()))))


def position(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Both as numbers on the globe; None for what is none, and for 0, 0, which programs write for "unknown"."""
    try:
        here = (float(latitude), float(longitude))  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    on_globe = abs(here[0]) <= 90 and abs(here[1]) <= 180
    return (round(here[0], 6), round(here[1], 6)) if on_globe and here != (0.0, 0.0) else None
