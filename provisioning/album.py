"""The family's photographs for the frame: captions from `album.toml`, dates from the camera, and where the faces are;
where the photographs were looked at before (`photos.look`), also what side-cars, names and the family's review say.

Files are taken over as they are; only what is larger than any screen, lies on its side or is stored in a form the frame
does not read is written anew.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PIL import Image

from device.errors import BadInput
from device.persona.album import FILE, Box, Date, Photo, encode
from device.persona.unpacked import Language, Line
from device.schema import convert
from provisioning.likeness.landmarks import FaceReader
from provisioning.photos.dates import best
from provisioning.photos.exif import from_exif
from provisioning.photos.keep import left_out, names
from provisioning.photos.people import Everybody
from provisioning.photos.picture import Opened, open_picture
from provisioning.photos.review import Review, corrected
from provisioning.photos.seen import Seen

LONGEST = 3840
"""Pixels of the longer side that a frame has a use for."""
QUALITY = 90
"""Of the JPEG that is written anew."""
SEEN = 1024
"""Pixels on the longer side in which faces are looked for: a face of 3 % of it is found."""
AS_THEY_ARE = ("jpeg", "png", "webp")
_NAMED = {"jpeg": (".jpg", ".jpeg", ".jpe"), "png": (".png",), "webp": (".webp",)}
_BESIDE = (".json", ".xmp")  # side-cars
_DAY, _YEAR = 0.5, 0.4  # confidence of a date from which its day, and its year alone, are told
_LONGEST_CAPTION = 500


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the family wrote about one photograph in album.toml."""

    date: Date = ""
    people: tuple[Line, ...] = ()
    memory: str = ""
    en: Line | None = None
    zh: Line | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was seen in the photographs before."""

    seen: dict[str, Seen]
    """By path within the shoebox, with the family's corrections"""
    people: dict[str, tuple[str, ...]]
    left_out: dict[str, str]
    """Path -> reason"""
    review: Review


def known(
    seen: Sequence[Seen], everybody: Everybody | None, review: Review | None, described: Sequence[str] = ()
) -> Known:
    """`described`: names of files that album.toml speaks of."""
    said = review or Review()
    photos = [corrected(one, said) for one in seen]
    paths = [f"photos/{name}" for name in described]
    people = dict(names(photos, everybody))
    return Known({one.path: one for one in photos}, people, left_out(photos, everybody, said, paths), said)


def build(
    shoebox: Path,
    out: Path,
    languages: tuple[Language, ...],
    reader: Callable[[], FaceReader],
    *,
    seen: Sequence[Seen] = (),
    everybody: Everybody | None = None,
    review: Review | None = None,
) -> str:
    """Fills the folder `out` from `shoebox`/photos -> what was done, for the family. `reader` is called where there are
    photographs that were not looked at before. `seen`, `everybody` and `review`: what `photos.tasks` found, and
    review/photos.toml. Raises BadInput for an album.toml that does not fit."""
    entries = _entries(shoebox)
    told = known(seen, everybody, review, list(entries))
    files = _files(shoebox / "photos", entries)
    out.mkdir()
    if not files:
        return "no photographs"
    maker = _Maker(shoebox, out, languages, reader, told)
    made, unread, without = [], [], Counter[str]()
    for path in files:
        reason = told.left_out.get(path.relative_to(shoebox).as_posix(), "")
        if reason and reason != "not readable":
            without[reason] += 1
            continue
        try:
            made.append(maker.photo(path, entries.get(path.name, Entry())))
        except (BadInput, OSError):
            unread.append(path.name)
    (out / FILE).write_bytes(encode(tuple(made)))
    return _summary(made, unread, without)


def _summary(made: list[Photo], unread: list[str], without: Counter[str]) -> str:
    told = f"{len(made)} photographs, {sum(bool(photo.faces) for photo in made)} with faces"
    if without:
        told += "; left out: " + ", ".join(f"{count} x {reason}" for reason, count in sorted(without.items()))
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
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not (path.parent == folder and path.name in entries)
        and not path.name.startswith((".", "portrait"))
        and path.suffix.lower() not in _BESIDE
    ]
    return [*(folder / name for name in entries), *rest]


class _Maker:
    """Makes the album's photographs, one after another."""

    def __init__(
        self, shoebox: Path, out: Path, languages: tuple[Language, ...], reader: Callable[[], FaceReader], told: Known
    ) -> None:
        self._shoebox, self._out, self._languages, self._told = shoebox, out, languages, told
        self._make_reader = reader
        self._reader: FaceReader | None = None
        self._taken: set[str] = set()

    def photo(self, path: Path, entry: Entry) -> Photo:
        """Raises BadInput for what cannot be read."""
        within = path.relative_to(self._shoebox).as_posix()
        opened = open_picture(path, within, LONGEST)
        picture = opened.image
        name = self._written(path, opened)
        seen = self._told.seen.get(within)
        boxes = _boxes(seen) if seen else _faces(picture, self._faces())
        people = entry.people or self._told.people.get(within, ())
        return Photo(name, *picture.size, entry.date or _date(seen, opened), people, entry.memory,
                     self._captions(entry, within, seen), boxes)  # fmt: skip

    def _faces(self) -> FaceReader:
        self._reader = self._reader or self._make_reader()
        return self._reader

    def _written(self, path: Path, opened: Opened) -> str:
        """Its name in the album: without folders, and no other's."""
        kept = opened.kind in AS_THEY_ARE and opened.orientation == 1 and max(opened.size) <= LONGEST
        own = Path(path.name).suffix
        suffix = (own if own.lower() in _NAMED[opened.kind] else _NAMED[opened.kind][0]) if kept else ".jpg"
        stem, number = path.stem, 1
        while (name := f"{stem}{f'-{number}' if number > 1 else ''}{suffix}").lower() in self._taken:
            number += 1
        self._taken.add(name.lower())
        if kept:
            shutil.copyfile(path, self._out / name)
        else:
            opened.image.save(self._out / name, "JPEG", quality=QUALITY)
        return name

    def _captions(self, entry: Entry, within: str, seen: Seen | None) -> dict[Language, Line]:
        """The family's in album.toml, else in the review, else what the photograph or its side-car says."""
        own: dict[Language, Line | None] = {"en": entry.en, "zh": entry.zh}
        said = self._told.review.photos.get(within)
        if not any(own.values()) and said:
            own = {"en": said.en, "zh": said.zh}
        if not any(own.values()) and seen and seen.caption:
            text = " ".join(seen.caption.split())[:_LONGEST_CAPTION]
            own = {"zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else "en": text}
        return {code: words for code in self._languages if (words := own.get(code))}


def _date(seen: Seen | None, opened: Opened) -> Date:
    """As much of the date as can be believed; of a photograph that was not looked at before, the camera's."""
    if seen is None:
        found = best(from_exif(opened.exif).dates)
        start, sure = (found.start, found.confidence) if found else ("", 0.0)
    else:
        start, sure = seen.date, seen.date_confidence
    return start[:10] if sure >= _DAY else start[:4] if sure >= _YEAR else ""


def _boxes(seen: Seen) -> tuple[Box, ...]:
    return tuple(f.box for f in seen.faces if f.box[2] - f.box[0] > 0.001 < f.box[3] - f.box[1])


def _faces(picture: Image.Image, reader: FaceReader) -> tuple[Box, ...]:
    """Where faces are, in shares of the picture."""
    small = picture.copy()
    small.thumbnail((SEEN, SEEN))
    width, height = small.size
    found = reader.detect(np.ascontiguousarray(np.asarray(small, np.uint8)))
    boxes = (np.clip(face.box, 0, (width, height, width, height)) for face in found)
    shares = ((float(b[0] / width), float(b[1] / height), float(b[2] / width), float(b[3] / height)) for b in boxes)
    return tuple((round(a, 4), round(b, 4), round(c, 4), round(d, 4)) for a, b, c, d in shares if c - a > 0.001 < d - b)
