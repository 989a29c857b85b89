"""Files beside a photograph that speak of it: XMP, and Google Takeout's JSON under its shortened and numbered names.

Takeout cuts the side-car's name to a fixed length, anywhere in ".supplemental-metadata" and even within the
photograph's own name, and writes the number of a namesake after that: IMG_1(2).jpg goes with
IMG_1.jpg.supplemental-metadata(2).json, in older exports with IMG_1.jpg(2).json.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

import msgspec

from provisioning.photos.dates import Dated, from_seconds
from provisioning.photos.told import Told, position, unique

TAIL = ".supplemental-metadata"
PICTURES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".heic", ".heif", ".hif", ".tif", ".tiff", ".webp", ".gif", ".bmp"}
)
"""How names of pictures end; whether they are any is seen by their bytes."""
CUT = 8
"""Letters at least that a name cut within the photograph's own must have left."""
_EDITED = re.compile(r"-(?:edited|bearbeitet|modifié|editado|已修改|已编辑|編集済み|effects|collage|animation)$", re.I)
_NUMBER = re.compile(r"\((\d{1,4})\)$")


def match(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Paths within the shoebox -> for each picture that has any, its side-cars in their order by name; a side-car goes
    with one picture and its edited copies, or, where it fits two equally well, with none."""
    folders: dict[str, list[str]] = {}
    for path in sorted(paths):
        folders.setdefault(PurePosixPath(path).parent.as_posix(), []).append(path)
    found: dict[str, list[str]] = {}
    for members in folders.values():
        pictures = [path for path in members if PurePosixPath(path).suffix.lower() in PICTURES]
        for path in members:
            for picture in _owners(PurePosixPath(path).name, pictures):
                found.setdefault(picture, []).append(path)
    return {picture: tuple(files) for picture, files in sorted(found.items())}


def _owners(name: str, pictures: list[str]) -> list[str]:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".xmp":
        stem = name[: -len(suffix)].lower()
        exact = [path for path in pictures if PurePosixPath(path).name.lower() == stem]
        return exact or [path for path in pictures if PurePosixPath(path).stem.lower() == stem]
    if suffix != ".json":
        return []
    base, number = _numbered(name[: -len(suffix)])
    return _best(base, number, pictures)


def _best(base: str, number: str, pictures: list[str]) -> list[str]:
    """Pictures whose whole name it covers, the longest; else the only one whose beginning it is."""
    covered: dict[str, list[str]] = {}
    cut: dict[str, list[str]] = {}
    for path in pictures:
        clean, own = _clean(PurePosixPath(path).name)
        if own == number and (clean + TAIL).startswith(base):
            (covered if len(base) >= len(clean) else cut).setdefault(clean, []).append(path)
    if covered:
        return covered[max(covered, key=len)]
    return next(iter(cut.values())) if len(cut) == 1 and len(base) >= CUT else []


def _numbered(stem: str) -> tuple[str, str]:
    """A stem without its number, and the number."""
    found = _NUMBER.search(stem)
    return (stem[: found.start()], found[1]) if found else (stem, "")


def _clean(name: str) -> tuple[str, str]:
    """A picture's name as Takeout's side-car tells it, and its number."""
    suffix = PurePosixPath(name).suffix
    stem, number = _numbered(name[: len(name) - len(suffix)])
    return _EDITED.sub("", stem) + suffix, number


class _Time(msgspec.Struct):
    timestamp: str | int = ""


class _Geo(msgspec.Struct):
    latitude: float = 0.0
    longitude: float = 0.0


class _Person(msgspec.Struct):
    name: str = ""


class _Takeout(msgspec.Struct):
    title: str
    photoTakenTime: _Time
    description: str = ""
    geoData: _Geo | None = None
    geoDataExif: _Geo | None = None
    people: list[_Person] = []


def from_takeout(raw: bytes) -> Told:
    """Takeout's JSON: its time is in UTC. Raises ValueError for anything else."""
    try:
        told = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=_Takeout)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no side-car of Google Takeout") from error
    places = (position(geo.latitude, geo.longitude) for geo in (told.geoData, told.geoDataExif) if geo)
    place = next((here for here in places if here), None)
    try:
        start = from_seconds(float(told.photoTakenTime.timestamp), place[1] if place else None)
    except ValueError:
        start = ""
    dates = (Dated(start, "takeout", 0.85 if place else 0.75),) if start else ()
    return Told(dates, told.description.strip(), unique(person.name for person in told.people), place=place)
