"""One photograph and what lies beside it -> what was seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from device.errors import BadInput
from provisioning.photos import cues
from provisioning.photos.dates import Dated, best, from_name, is_screenshot
from provisioning.photos.exif import from_exif, from_iptc
from provisioning.photos.faces import Meter
from provisioning.photos.marked import marked
from provisioning.photos.picture import Opened, open_picture
from provisioning.photos.seen import Face, Nature, Seen
from provisioning.photos.sidecars import from_takeout
from provisioning.photos.strip import FACE
from provisioning.photos.told import Told, together
from provisioning.photos.xmp import from_xmp

LONGEST = 1600
"""Pixels on the longer side in which a photograph is looked at."""
THUMBNAIL = 480
MAX_SIDECAR = 4 << 20
_LOSSLESS = ("png", "bmp", "gif")


def look(
    path: Path,
    name: str,
    meter: Meter,
    sidecars: Sequence[tuple[str, Path]] = (),
    *,
    file_time: str = "",
    latest: str = "",
) -> tuple[Seen, Image.Image | None, Image.Image | None]:
    """What was seen, a small picture, and a strip of its faces; neither where it cannot be read: `Seen.problem` says
    why.

    `name` and the side-cars' first strings are names within the shoebox; `file_time` is the file's time and `latest`
    the last day that a date may be, both ISO 8601."""
    digest = _digest(path)
    try:
        opened = open_picture(path, name, LONGEST)
    except BadInput as error:
        return Seen(name, digest, 0, 0, problem=f"{error.got} ({error.hint})" if error.hint else error.got), None, None
    told, doubts = _told(opened, sidecars)
    date = best([*told.dates, *_of_the_file(name, file_time)], latest)
    picture = np.ascontiguousarray(np.asarray(opened.image, np.uint8))
    kind = cues.kind(picture, is_screenshot(name.rsplit("/", 1)[-1]), opened.kind in _LOSSLESS, told.camera)
    faces = meter.faces(picture, max(opened.size) / max(picture.shape[:2])) if min(picture.shape[:2]) >= 32 else ()
    if opened.frames > 1 and opened.kind in ("gif", "webp"):
        doubts = (*doubts, "animated: only its first picture was looked at")
    seen = Seen(
        path=name,
        sha256=digest,
        width=opened.size[0],
        height=opened.size[1],
        date=date.start if date else "",
        date_source=date.source if date else "",
        date_confidence=date.confidence if date else 0.0,
        place=told.place,
        caption=told.caption,
        people=told.people,
        faces=marked(faces, told.regions, opened.orientation),
        likeness_hash=cues.fingerprint(picture),
        document=cues.document(picture),
        nature=Nature(kind, opened.kind, (*doubts, *_doubts(told.dates, date, latest))),
    )
    return seen, _small(opened.image), cut_faces(opened.image, faces)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _told(opened: Opened, sidecars: Sequence[tuple[str, Path]]) -> tuple[Told, tuple[str, ...]]:
    """A side-car's word is the family's latest: it stands before the file's own."""
    places: list[Told] = []
    doubts: list[str] = []
    for name, path in sidecars:
        try:
            raw = path.read_bytes()[: MAX_SIDECAR + 1]
            places.append(from_xmp(raw) if name.lower().endswith(".xmp") else from_takeout(raw))
        except (OSError, ValueError) as error:
            doubts.append(f"{name}: {error}")
    if opened.xmp:
        try:
            places.append(from_xmp(opened.xmp))
        except ValueError:
            doubts.append("its own XMP cannot be read")
    return together([*places, from_iptc(opened.iptc), from_exif(opened.exif)]), tuple(doubts)


def _of_the_file(name: str, file_time: str) -> list[Dated]:
    named = from_name(name.rsplit("/", 1)[-1])
    folder = from_name(name.rsplit("/", 2)[-2]) if name.count("/") > 1 else None
    found = [named] if named else []
    if folder:  # "photos/1962 Hangzhou/a.jpg": people sort prints so
        found.append(msgspec.structs.replace(folder, confidence=min(folder.confidence, 0.4)))
    return [*found, Dated(file_time[:10], "file", 0.1)] if file_time else found


def _doubts(dates: Sequence[Dated], believed: Dated | None, latest: str) -> list[str]:
    """Dates of machines that cannot be."""
    wrong = [one for one in dates if (found := best([one], latest)) is None or found.confidence < one.confidence]
    start = believed.start if believed else ""
    return [f"{one.source} says {one.start}, which is doubted" for one in wrong if one.start != start or not start]


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return small


def cut_faces(image: Image.Image, faces: Sequence[Face]) -> Image.Image | None:
    """Each face with some room around it, side by side, FACE in size; None where there are none."""
    if not faces:
        return None
    out = Image.new("RGB", (FACE[0] * len(faces), FACE[1]), (200, 196, 188))
    for number, face in enumerate(faces):
        left, top, right, bottom = (v * image.size[i % 2] for i, v in enumerate(face.box))
        high = max((bottom - top) * 1.5, (right - left) * 1.7, 8.0)
        wide = high * FACE[0] / FACE[1]
        x, y = (left + right) / 2, (top + bottom) / 2 - 0.03 * high
        box = (round(x - wide / 2), round(y - high / 2), round(x + wide / 2), round(y + high / 2))
        out.paste(image.crop(box).resize(FACE, Image.Resampling.LANCZOS), (FACE[0] * number, 0))
    return out


def sidecar_inputs(inputs: Mapping[str, Path], names: Sequence[str]) -> list[tuple[str, Path]]:
    """A task's inputs side0, side1, ... with their names in the shoebox."""
    return [(name, inputs[f"side{number}"]) for number, name in enumerate(names)]
