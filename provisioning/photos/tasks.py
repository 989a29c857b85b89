"""What is done with photographs, as tasks of a build."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from provisioning.building.task import Options
from provisioning.photos.choice import Choice
from provisioning.photos.seen import Seen

if TYPE_CHECKING:
    from provisioning.photos.faces import Meter

SEE_VERSION = 3
CHOOSE_VERSION = 3
PORTRAIT_VERSION = 1
SEEN, THUMBNAIL, FACES, CHOICE, PEOPLE, STRIP, PORTRAIT = (
    "seen.json", "thumbnail.jpg", "faces.jpg", "choice.json", "people.json", "strip.jpg", "portrait.png",
)  # fmt: skip


def see(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """A photograph and its side-cars -> seen.json, thumbnail.jpg and faces.jpg (each `strip.FACE`, from left to right);
    of one that cannot be read, seen.json alone.

    inputs: photo, side0, side1 ..; options: told, sides (names in the shoebox of the photograph and its side-cars),
    time (the file's time, ISO 8601), latest (the last day that a date may be; may be left out)."""
    from provisioning.photos.look import look, sidecar_inputs

    sides = sidecar_inputs(inputs, options.get("sides", ()))
    time, latest = options.get("time", ""), options.get("latest", "")
    seen, small, faces = look(inputs["photo"], options["told"], meter(), sides, file_time=time, latest=latest)
    (out / SEEN).write_bytes(encoded(seen))
    if small is not None:
        small.save(out / THUMBNAIL, "JPEG", quality=85)
    if faces is not None:
        faces.save(out / FACES, "JPEG", quality=88)


@cache
def meter() -> Meter:
    """What looks at faces, made once in a process; it tells nobody apart where the network for that is missing."""
    from device.errors import Missing
    from models_quantized import catalog
    from provisioning.likeness.landmarks import FaceReader
    from provisioning.photos.faces import Meter
    from provisioning.photos.identity import Identity

    reader = FaceReader(catalog.verified_path("face-landmarks"))
    try:
        return Meter(reader, Identity(catalog.verified_path("face-identity")))
    except Missing:
        return Meter(reader, None)


def choose(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """All that was seen -> choice.json, people.json and strip.jpg.

    inputs: any names -> the folders that `see` filled; review: review/photos.toml, where there is one. options: names
    (what the person is called). Raises BadInput for a review that does not fit."""
    from PIL import Image

    from provisioning.photos import choose as chooser
    from provisioning.photos.people import everybody
    from provisioning.photos.review import Review, corrected, parse
    from provisioning.photos.strip import strip

    review = parse(inputs["review"].read_bytes()) if "review" in inputs else Review()
    folders = {name: folder for name, folder in sorted(inputs.items()) if name != "review"}
    seen = {name: decoded(folder / SEEN) for name, folder in folders.items()}
    photos = sorted((corrected(one, review) for one in seen.values()), key=lambda one: one.path)
    people = everybody(photos, tuple(options.get("names", ())), review)
    choice = chooser.choose(photos, people, review)
    shown = {one.photo for one in choice.candidates}
    faces = {one.path: Image.open(folders[name] / FACES) for name, one in seen.items() if one.path in shown}
    strip(choice, faces).save(out / STRIP, "JPEG", quality=90)
    (out / CHOICE).write_bytes(encoded(choice))
    (out / PEOPLE).write_bytes(encoded(people))


def portrait(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """A chosen photograph -> portrait.png, cut to the person.

    inputs: photo; seen (the folder that `see` filled); options: face (its number in `Seen.faces`)."""
    from provisioning.photos.portrait import write_portrait

    write_portrait(inputs["photo"], decoded(inputs["seen"] / SEEN), int(options["face"]), out / PORTRAIT)


def encoded(value: msgspec.Struct) -> bytes:
    """JSON, always the same bytes."""
    return msgspec.json.encode(value, order="deterministic") + b"\n"


def decoded(path: Path) -> Seen:
    """What `see` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Seen)


def decoded_choice(path: Path) -> Choice:
    """What `choose` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Choice)
