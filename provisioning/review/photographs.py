"""`review/photos.toml`: what the family says of photographs, by path; and whose faces are whose, by group.

["photos/IMG_2210.HEIC"]
caption = "The new ferry"
people = ["Lan", "Ting"]
exclude = true                   # is not shown, and nothing is taken from it

[faces]                          # group of faces -> name; "" a stranger, whose photographs of that face are left out
f3 = "Lan"
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from device.errors import BadInput
from provisioning.review import files

FILE = f"{files.FOLDER}/photos.toml"
FACES = "faces"
HEADER = "What the family says of photographs, and whose faces are whose."
MAX_CAPTION = 1000


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one photograph."""

    caption: str = ""
    people: tuple[str, ...] = ()
    exclude: bool = False


class Photographs(msgspec.Struct, frozen=True):
    """All of it."""

    photos: dict[str, Told] = {}
    faces: dict[str, str] = {}


def all_of(shoebox: Path) -> Photographs:
    """What the family said. Raises BadInput."""
    told = files.plain(files.toml(shoebox / FILE))
    try:
        faces = msgspec.convert(told.pop(FACES, {}), dict[str, str])
        return Photographs(msgspec.convert(told, dict[str, Told]), faces)
    except msgspec.ValidationError as error:
        raise BadInput(FILE, expected="photographs by path", got=str(error)) from None


def shown(shoebox: Path, *keys: str) -> str:
    """Digest of an entry, for a page that shows it."""
    return files.digest(files.entry(shoebox / FILE, keys))


def tell(shoebox: Path, path: str, told: Told, seen: str) -> None:
    """Keeps what is said of a photograph. Raises BadInput or Stale."""
    if len(told.caption) > MAX_CAPTION or path == FACES:
        raise BadInput("caption", expected=f"at most {MAX_CAPTION} characters", got=f"{len(told.caption)}")
    entry: dict[str, Any] = {}
    if told.caption.strip():
        entry["caption"] = told.caption.strip()
    if told.people:
        entry["people"] = list(told.people)
    if told.exclude:
        entry["exclude"] = True
    with files.locked(shoebox):
        files.set_entry(shoebox / FILE, (path,), entry or None, seen, HEADER)


def name(shoebox: Path, group: str, who: str | None, seen: str) -> None:
    """Says whose face it is; "" a stranger's, None not said. Raises BadInput or Stale."""
    if len(who or "") > 200 or not 0 < len(group) <= 100:
        raise BadInput("name", expected="at most 200 characters", got=f"{len(who or group)}")
    with files.locked(shoebox):
        files.set_entry(shoebox / FILE, (FACES, group), who, seen, HEADER)
