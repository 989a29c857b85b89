"""The family's photographs in an unpacked persona: `album/album.json` says what each shows; read with nothing taken on
trust.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from device.errors import BadInput
from device.persona.unpacked import Language, Line

FILE = "album.json"
VERSION = 1
MAX_BYTES = 64 << 20
"""Ten thousand photographs take about 4 MB."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Side = Annotated[int, msgspec.Meta(ge=1, le=65500)]
"""Pixels; what a JPEG can have."""
Box = tuple[Share, Share, Share, Share]
"""x0, y0, x1, y1 in shares of the picture's width and height."""
FileName = Annotated[str, msgspec.Meta(pattern=r"^[^/\\\x00.][^/\\\x00]*\Z", max_length=255)]
Date = Annotated[str, msgspec.Meta(pattern=r"^\Z|^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?\Z")]
"""YYYY, YYYY-MM or YYYY-MM-DD; "" unknown."""


class Photo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One photograph, as the family described it."""

    file: FileName
    """Within album/"""
    width: Side
    height: Side
    date: Date = ""
    people: tuple[Line, ...] = ()
    memory: str = ""
    """Id of the memory that it belongs to"""
    caption: dict[Language, Line] = {}
    """The persona's own language first"""
    faces: tuple[Box, ...] = ()

    @property
    def upright(self) -> bool:
        """Taller than it is wide."""
        return self.height > self.width

    @property
    def evidence(self) -> str:
        """Id of the memory that it belongs to; its own where it belongs to none."""
        return self.memory or f"photo:{self.file}"

    def words(self, language: str) -> str:
        """The family's, in a language; "" for none."""
        return self.caption.get(language, "")  # type: ignore[call-overload, no-any-return]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    photos: tuple[Photo, ...]


def load(persona: Path) -> tuple[Photo, ...]:
    """The photographs of an unpacked persona, in the family's order; none where it has no album. Raises BadInput."""
    path = persona / "album" / FILE
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(str(path), expected=f"at most {MAX_BYTES} bytes", got=f"{path.stat().st_size}")
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadInput(str(path), expected="a readable file", got=error.strerror or str(error)) from None
    return decode(content, str(path))


def decode(content: bytes, subject: str) -> tuple[Photo, ...]:
    """The bytes of an album.json -> its photographs. Raises BadInput."""
    hint = "build the persona again"
    try:
        told = msgspec.json.decode(content, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(subject, expected="the album's photographs", got=str(error), hint=hint) from None
    if told.version != VERSION:
        raise BadInput(subject, expected=f"version {VERSION}", got=f"version {told.version}", hint=hint)
    if len({photo.file for photo in told.photos}) < len(told.photos):
        raise BadInput(subject, expected="each photograph once", got="one of them twice", hint=hint)
    flat = next((p.file for p in told.photos if any(a >= c or b >= d for a, b, c, d in p.faces)), None)
    if flat is not None:
        raise BadInput(subject, expected="faces of some size", got=f"an empty one in {flat}", hint=hint)
    return told.photos


def encode(photos: tuple[Photo, ...]) -> bytes:
    """What `decode` reads."""
    return msgspec.json.format(msgspec.json.encode(_File(VERSION, photos)), indent=1) + b"\n"


def when(date: str, language: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD as people say it; "" for no date."""
    parts = [int(part) for part in date.split("-") if part]
    if language == "zh":
        return "".join(f"{number}{unit}" for number, unit in zip(parts, "年月日", strict=False))
    if len(parts) < 2:
        return "".join(map(str, parts))
    month = MONTHS[parts[1] - 1]
    return f"{parts[2]} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"
