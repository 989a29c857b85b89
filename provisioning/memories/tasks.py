"""The tasks of this room: material -> remembered.json, its rows, and what style is learned from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from device.errors import BadInput
from device.persona.unpacked import PersonaFile
from device.schema import convert, parse_toml
from provisioning.importers.item import Item
from provisioning.importers.stream import read_found
from provisioning.intake.overlap import Overlap
from provisioning.memories.draft import Material
from provisioning.memories.gather import gather
from provisioning.memories.memory import Remembered
from provisioning.memories.names import Names
from provisioning.memories.redact import Redactor
from provisioning.memories.review import People, parse_people
from provisioning.memories.rows import rows as rows_of
from provisioning.photos.review import Reviewed
from provisioning.photos.review import parse as parse_photos
from provisioning.photos.seen import Seen
from provisioning.review.memories import FILE as CORRECTIONS
from provisioning.review.memories import Correction
from provisioning.stories import Story, parse_stories, read_text
from provisioning.style.utterance import Utterance
from provisioning.voice_kit.heard import Recording

VERSIONS = {"remember": 9, "rows": 2}
REMEMBERED, UTTERANCES, NAMES, ROWS = "remembered.json", "utterances.msgpack", "names.json", "rows.json"
T = TypeVar("T")


def remember(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`persona`: persona.toml; `items/NAME`, `heard/NAME` (a Recording), `seen/NAME` (a Seen): files, or folders that
    hold items.bin, recording.json, seen.json; `stories/NAME`: stories and review/answers.txt by their names in the
    shoebox; `review/people.toml`, `review/memories.toml`, `review/photos.toml` -> remembered.json, and for style
    utterances.msgpack and names.json, whom it may name.

    options: `speakers`, path -> the person's accounts in it; `voices`, recording -> numbers of the person's voice."""
    gathered = gather(_material(inputs, options))
    _write(out / REMEMBERED, gathered.remembered)
    (out / UTTERANCES).write_bytes(msgspec.msgpack.encode(gathered.utterances))
    names = gathered.redactor.names
    _write(out / NAMES, {"allowed": sorted(names.allowed), "others": sorted(names.others)})


def rows(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`remembered`: the folder of `remember` -> rows.json. options: `grants`, what was agreed to, absent all;
    `originals`, recording -> its path within the persona."""
    found = read_remembered(inputs["remembered"])
    grants, originals = options.get("grants"), options.get("originals", {})
    made = rows_of(found.memories, found.relatives, grants, lambda path: str(originals.get(path, "")))
    _write(out / ROWS, list(made))


def read_remembered(folder: Path) -> Remembered:
    """What `remember` wrote."""
    return msgspec.json.decode((folder / REMEMBERED).read_bytes(), type=Remembered)


def read_utterances(folder: Path) -> tuple[Utterance, ...]:
    """The same for style."""
    return msgspec.msgpack.decode((folder / UTTERANCES).read_bytes(), type=tuple[Utterance, ...])


def read_names(folder: Path) -> Redactor:
    """Who may be named, as `remember` found it."""
    told = msgspec.json.decode((folder / NAMES).read_bytes(), type=dict[str, list[str]])
    return Redactor(Names(told["allowed"], told["others"]))


def _material(inputs: Mapping[str, Path], options: Mapping[str, Any]) -> Material:
    review = {name: path.read_bytes() for name, path in inputs.items() if name.startswith("review/")}
    photos: Mapping[str, Reviewed] = {}
    if "review/photos.toml" in review:
        photos = parse_photos(review["review/photos.toml"]).photos
    items = list(_items(inputs))
    return Material(
        persona_of(inputs["persona"]),
        tuple(item for item, new in items if new),
        tuple(_stories(inputs)),
        tuple(_decoded(inputs, "heard/", "recording.json", Recording)),
        tuple(_decoded(inputs, "seen/", "seen.json", Seen)),
        parse_people(review["review/people.toml"]) if "review/people.toml" in review else People(),
        _corrections(review.get(CORRECTIONS, b"")),
        photos,
        options.get("speakers", {}),
        options.get("voices", {}),
        sum(1 for _, new in items if not new),
    )


def _corrections(raw: bytes) -> dict[str, Correction]:
    """By the memories' ids. Raises BadInput."""
    try:
        return msgspec.convert(parse_toml(raw, CORRECTIONS), dict[str, Correction])
    except msgspec.ValidationError as error:
        raise BadInput(CORRECTIONS, expected="corrections by memory id", got=str(error)) from None


def persona_of(path: Path) -> PersonaFile:
    """A shoebox's persona.toml. Raises BadInput."""
    return convert({"id": "persona", **parse_toml(path.read_bytes(), "persona.toml")}, PersonaFile, "persona.toml")


def _under(inputs: Mapping[str, Path], prefix: str, file: str) -> Iterator[tuple[str, Path]]:
    for name, path in sorted(inputs.items()):
        if name.startswith(prefix):
            yield name.removeprefix(prefix), path / file if path.is_dir() else path


def _items(inputs: Mapping[str, Path]) -> Iterator[tuple[Item, bool]]:
    """Each with whether it was in no file before; the files are given with the fullest first."""
    overlap = Overlap()
    for _, path in _under(inputs, "items/", "items.bin"):
        read = (found for found in read_found(path) if isinstance(found, Item) and found.kind != "story")
        yield from overlap.fresh(read)


def _stories(inputs: Mapping[str, Path]) -> Iterator[Story]:
    for told, path in _under(inputs, "stories/", ""):
        yield from parse_stories(read_text(path), told)


def _decoded(inputs: Mapping[str, Path], prefix: str, file: str, kind: type[T]) -> Iterator[T]:
    for _, path in _under(inputs, prefix, file):
        yield msgspec.json.decode(path.read_bytes(), type=kind)


def _write(path: Path, value: Any) -> None:
    path.write_bytes(msgspec.json.encode(value, order="deterministic"))
