"""`review/photos.toml`: what the family decided about photographs; a photograph goes by its path within the shoebox.

[likeness]
photo = "photos/1984/IMG_0012.jpg"   # this one, whatever the measures say
year = 1984                          # or: as they looked then

[photos."photos/1984/IMG_0012.jpg"]
en = "By the river."
zh = "在江边。"
date = "1984-05"
people = ["Mei"]
faces = ["Mei", "", "外公"]          # who is who, from left to right; "" for who does not matter
person = 3                           # which face is the person's, from the left
exclude = true                       # neither in the album nor for the likeness
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from device.persona.album import Date
from device.persona.unpacked import Line
from device.schema import convert, parse_toml
from provisioning.photos.seen import Seen

FILE = "review/photos.toml"


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For the likeness."""

    photo: str = ""
    year: Annotated[int, msgspec.Meta(ge=1826, le=2100)] | None = None


class Reviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one photograph."""

    en: Line | None = None
    zh: Line | None = None
    date: Date = ""
    people: tuple[Line, ...] = ()
    faces: tuple[str, ...] = ()
    person: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    exclude: bool = False


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    likeness: Wish = Wish()
    photos: dict[str, Reviewed] = {}


def parse(raw: bytes) -> Review:
    """The file's bytes. Raises BadInput naming what is wrong."""
    return convert(parse_toml(raw, FILE), Review, FILE)


def corrected(seen: Seen, review: Review) -> Seen:
    """With what the family wrote instead of what machines did; a caption in either language, since `Seen` has one."""
    said = review.photos.get(seen.path)
    if said is None:
        return seen
    named = tuple(
        msgspec.structs.replace(face, name=said.faces[at]) if at < len(said.faces) and said.faces[at] else face
        for at, face in enumerate(seen.faces)
    )
    date = (said.date, "review", 1.0) if said.date else (seen.date, seen.date_source, seen.date_confidence)
    return msgspec.structs.replace(
        seen,
        caption=said.zh or said.en or seen.caption,
        people=said.people or seen.people,
        faces=named,
        date=date[0],
        date_source=date[1],
        date_confidence=date[2],
    )
