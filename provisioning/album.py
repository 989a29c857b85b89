"""The family's photographs for the frame: captions from `album.toml`, dates from the camera, and where the faces are.

Files are taken over as they are; only what is larger than any screen, lies on its side or is stored in a form the frame
does not read is written anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PIL import ExifTags, Image, ImageOps

from device.errors import BadInput
from device.persona.album import FILE, Box, Date, Photo, encode
from device.persona.unpacked import Language, Line
from device.schema import convert
from provisioning.likeness.landmarks import FaceReader

LONGEST = 3840
"""Pixels of the longer side that a frame has a use for."""
QUALITY = 90
"""Of the JPEG that is written anew."""
SEEN = 1024
"""Pixels on the longer side in which faces are looked for: a face of 3 % of it is found."""
AS_THEY_ARE = ("JPEG", "PNG", "WEBP")
_UPRIGHT = (None, 1)  # values of EXIF's orientation


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the family wrote about one photograph in album.toml."""

    date: Date = ""
    people: tuple[Line, ...] = ()
    memory: str = ""
    en: Line | None = None
    zh: Line | None = None


def build(shoebox: Path, out: Path, languages: tuple[Language, ...], reader: Callable[[], FaceReader]) -> str:
    """Fills the folder `out` from `shoebox`/photos -> what was done, for the family. `reader` is called where there are
    photographs. Raises BadInput for an album.toml that does not fit."""
    entries = _entries(shoebox)
    files = _files(shoebox / "photos", entries)
    out.mkdir()
    if not files:
        return "no photographs"
    faces, made, unread = reader(), [], []
    for path in files:
        entry = entries.get(path.name, Entry())
        try:
            made.append(_photo(path, out, entry, languages, faces))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            unread.append(path.name)
    (out / FILE).write_bytes(encode(tuple(made)))
    told = f"{len(made)} photographs, {sum(bool(photo.faces) for photo in made)} with faces"
    return f"{told}; not readable: {', '.join(unread)}" if unread else told


def _entries(shoebox: Path) -> dict[str, Entry]:
    path = shoebox / "album.toml"
    if not path.is_file():
        return {}
    try:
        tables = msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(path.name, expected="a table for each photograph", got=str(error)) from None
    lost = [name for name in tables if not (shoebox / "photos" / name).is_file() or "/" in name]
    if lost:
        raise BadInput(path.name, expected="names of files in photos/", got=", ".join(lost))
    return {name: convert(table, Entry, f"{path.name}, {name}") for name, table in tables.items()}


def _files(folder: Path, entries: dict[str, Entry]) -> list[Path]:
    """Those that were described, in that order, then the rest by name; portraits are for the likeness."""
    rest = [
        path
        for path in sorted(folder.glob("*"))
        if path.is_file() and path.name not in entries and not path.name.startswith((".", "portrait"))
    ]
    return [*(folder / name for name in entries), *rest]


def _photo(path: Path, out: Path, entry: Entry, languages: tuple[Language, ...], reader: FaceReader) -> Photo:
    with Image.open(path) as image:
        taken = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
        turned = image.getexif().get(ExifTags.Base.Orientation) not in _UPRIGHT
        kept = image.format in AS_THEY_ARE and not turned and max(image.size) <= LONGEST
        picture = ImageOps.exif_transpose(image).convert("RGB")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    name = path.name if kept else f"{path.stem}.jpg"
    if kept:
        shutil.copyfile(path, out / name)
    else:
        picture.save(out / name, "JPEG", quality=QUALITY)
    captions = {code: text for code in languages if (text := {"en": entry.en, "zh": entry.zh}[code]) is not None}
    date = entry.date or _day(str(taken))
    return Photo(name, *picture.size, date, entry.people, entry.memory, captions, _faces(picture, reader))


def _day(taken: str) -> str:
    """EXIF's "YYYY:MM:DD hh:mm:ss" -> YYYY-MM-DD; "" for what is no date."""
    day = taken[:10].replace(":", "-")
    try:
        return msgspec.convert(day, Date) if len(day) == 10 else ""
    except msgspec.ValidationError:
        return ""


def _faces(picture: Image.Image, reader: FaceReader) -> tuple[Box, ...]:
    """Where faces are, in shares of the picture."""
    small = picture.copy()
    small.thumbnail((SEEN, SEEN))
    width, height = small.size
    found = reader.detect(np.ascontiguousarray(np.asarray(small, np.uint8)))
    boxes = (np.clip(face.box, 0, (width, height, width, height)) for face in found)
    shares = ((float(b[0] / width), float(b[1] / height), float(b[2] / width), float(b[3] / height)) for b in boxes)
    return tuple((round(a, 4), round(b, 4), round(c, 4), round(d, 4)) for a, b, c, d in shares if c - a > 0.001 < d - b)
