"""What the family says on the pages of photographs and faces, written into `review/photos.toml` (`photos.review`).

Whose a group of faces is, is noted in `review/faces.toml` beside it, so that a stranger is not asked about again:

    [groups]
    face-0f3a = "Lan"       # "" a stranger
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from device.errors import BadInput
from provisioning.photos.review import FILE as FILE
from provisioning.photos.review import Reviewed, parse
from provisioning.photos.seen import Seen
from provisioning.review import files

FACES = f"{files.FOLDER}/faces.toml"
HEADER = "What the family says of photographs."
FACES_HEADER = "Whose faces are whose; empty is a stranger."
MAX_NAME, MAX_CAPTION = 200, 500
Place = tuple[str, int]
"""A photograph, and the face's number from the left, from 0"""


def all_of(shoebox: Path) -> dict[str, Reviewed]:
    """Photograph -> what the family said of it. Raises BadInput."""
    return parse(files.read(shoebox / FILE) or b"").photos


def names(shoebox: Path) -> dict[str, str]:
    """Group of faces -> whose; "" a stranger. Raises BadInput."""
    try:
        return msgspec.convert(files.entry(shoebox / FACES, ("groups",)) or {}, dict[str, str])
    except msgspec.ValidationError as error:
        raise BadInput(FACES, expected="names by group", got=str(error)) from None


def shown(shoebox: Path, path: str) -> str:
    """Digest of a photograph's entry, for a page that shows it."""
    return files.digest(files.entry(shoebox / FILE, ("photos", path)))


def group_shown(shoebox: Path, group: str) -> str:
    """Digest of what is said of a group, for a page that shows it."""
    return files.digest(files.entry(shoebox / FACES, ("groups", group)))


def caption(told: Reviewed, language: str) -> str:
    """In a language, else in the other."""
    return (told.zh or told.en if language == "zh" else told.en or told.zh) or ""


def tell(shoebox: Path, path: str, text: str, language: str, people: tuple[str, ...], exclude: bool, seen: str) -> None:
    """Keeps what a form says of one photograph; dates and faces that were said stay. Raises BadInput or Stale."""
    if len(text) > MAX_CAPTION or any(len(name) > MAX_NAME for name in people):
        raise BadInput("caption", expected=f"at most {MAX_CAPTION} characters", got=f"{len(text)}")
    with files.locked(shoebox):
        before = all_of(shoebox).get(path, Reviewed())
        told: dict[str, Any] = {"people": people, "exclude": exclude}
        if text.strip() != caption(before, language):
            told[language] = text.strip() or None
        _set(shoebox, path, replace(before, **told), seen)


def name(
    shoebox: Path, group: str, places: Sequence[Place], seen_photos: Mapping[str, Seen], who: str | None, seen: str
) -> None:
    """Says whose the faces of a group are; "" a stranger's, and then photographs of nobody else are left out; None is
    not said. Raises BadInput or Stale."""
    if len(who or "") > MAX_NAME:
        raise BadInput("name", expected=f"at most {MAX_NAME} characters", got=f"{len(who or '')}")
    with files.locked(shoebox):
        was_stranger = names(shoebox).get(group) == ""
        files.set_entry(shoebox / FACES, ("groups", group), who, seen, FACES_HEADER)
        told = all_of(shoebox)
        for path, face in places:
            alone = path in seen_photos and len(seen_photos[path].faces) == 1
            before = told.get(path, Reviewed())
            after = replace(before, faces=_with(before.faces, face, who or ""))
            if alone and (who == "" or was_stranger):
                after = replace(after, exclude=who == "")
            _set(shoebox, path, after, shown(shoebox, path))


def _with(faces: Sequence[str], at: int, who: str) -> tuple[str, ...]:
    """The names from left to right with one more; none where nobody is named."""
    longer = [*faces, *[""] * (at + 1 - len(faces))]
    longer[at] = who
    return tuple(longer) if any(longer) else ()


def _set(shoebox: Path, path: str, told: Reviewed, seen: str) -> None:
    plain = {key: value for key, value in msgspec.to_builtins(told).items() if value not in (None, "", False, (), [])}
    entry = {key: list(value) if isinstance(value, (tuple, list)) else value for key, value in plain.items()}
    files.set_entry(shoebox / FILE, ("photos", path), entry or None, seen, HEADER)
