"""The recipe's own pieces of work: those parts of a persona that rest on few files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from device import registry
from device.mind.embedding import SmallE5
from device.mind.memory_file import MemoryRow
from device.mind.memory_file import build as build_memory
from device.persona.unpacked import Person, PersonaFile, Wake
from models_quantized import catalog
from provisioning import wake
from provisioning.embedded import Embedded
from provisioning.memories.tasks import ROWS
from provisioning.recipe.persona_file import STOCK_VOICES
from provisioning.recipe.sounds import originals_in, with_originals

MANIFEST = "manifest.json"
KINDS = {"likeness": "likeness", "voice": "voice", "album": "photographs", "consent": "consent"}
"""Folder of the persona -> what its files are, for the manifest."""


def bake_likeness(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`portrait`, further photographs `other N`, films `film N` that must be of use and `more N` that may be, a
    network's files `network/NAME` -> what is in a persona's `likeness/`."""
    from provisioning.likeness.bake import bake
    from provisioning.likeness.neural.neural_baker import baker_for

    network = out.parent / "network"
    for name, path in inputs.items():
        if name.startswith("network/"):
            _link(path, network / name.removeprefix("network/"))
    bake(
        inputs["portrait"],
        out,
        face=str(options.get("face", "")),
        others=numbered(inputs, "other"),
        baker=baker_for(network if network.is_dir() else None),
        films=numbered(inputs, "film"),
        more_films=numbered(inputs, "more"),
    )
    shutil.rmtree(network, ignore_errors=True)


def enrol_wake(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """Templates of the wake phrases from text, in the frame's own voices; recordings, by their names, beside them."""
    person = Person(name="-", languages=tuple(options["languages"]))
    persona = PersonaFile("-", person, wake=Wake(tuple(options["phrases"])), readings=dict(options["readings"]))
    folder = out.parent / "recorded"
    for name, path in inputs.items():
        _link(path, folder / name)
    spoken = {*person.languages, *map(wake.language_of, persona.wake.phrases)}
    voices: wake.Voices = {code: [registry.make("synthesizer", STOCK_VOICES[code])] for code in sorted(spoken)}
    wake.build(persona, out, voices, recorded=wake.recordings_in(folder, persona))
    shutil.rmtree(folder, ignore_errors=True)


def embed_texts(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`texts`: what is to be found by meaning -> their vectors, by the texts' digests."""
    Embedded.make(list(map(str, options["texts"])), SmallE5()).save(out)


def write_memory(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """The `rows`, vectors `vectors N`, and `voice`, the kit's folder, where there is one -> memory.sqlite."""
    rows = msgspec.json.decode((inputs["rows"] / ROWS).read_bytes(), type=list[MemoryRow])
    rows = with_originals(rows, originals_in(inputs["voice"]) if "voice" in inputs else [])
    ready = Embedded.load(numbered(inputs, "vectors"))
    build_memory(out / "memory.sqlite", rows, ready)


def assemble(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """Puts files and folders, by the places that they have in a persona, together, with the manifest of all."""
    for place, path in sorted(inputs.items()):
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                _link(file, out / place / file.relative_to(path))
        else:  # perhaps the family's own file, which may change later
            (out / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, out / place)
    (out / "voice").mkdir(exist_ok=True)
    files = []
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        told = path.relative_to(out).as_posix()
        kind = KINDS.get(told.split("/")[0], "identity" if told == "persona.toml" else "memory")
        digest = catalog.sha256_of(path)
        files.append({"path": told, "size": path.stat().st_size, "sha256": digest, "kind": kind})
    manifest = {"sources_sha256": str(options["sources"]), "needs": options["needs"], "files": files}
    (out / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def numbered(inputs: Mapping[str, Path], name: str) -> list[Path]:
    """`name 0`, `name 1` ... in their order."""
    found = [(int(key.rpartition(" ")[2]), path) for key, path in inputs.items() if key.rpartition(" ")[0] == name]
    return [path for _, path in sorted(found)]


def _link(path: Path, place: Path) -> None:
    """The same file there, or a copy where the disk is another."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)


def make_album(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """Files by their names within the shoebox: photographs, `album.toml`, `review/photos.toml`; `choice`, the folder of
    who is who; `seen N`, those of what was seen -> a persona's `album/` and note.txt, what to tell the family."""
    from provisioning import album
    from provisioning.likeness.landmarks import FaceReader
    from provisioning.photos.people import Everybody
    from provisioning.photos.review import FILE as REVIEW
    from provisioning.photos.review import Review, parse
    from provisioning.photos.tasks import PEOPLE, SEEN, decoded

    shoebox = out.parent / "shoebox"
    (shoebox / "photos").mkdir(parents=True)
    for told, path in inputs.items():
        if "/" in told or told == "album.toml":
            _link(path, shoebox / told.replace("!/", "/"))
    told = album.build(
        shoebox,
        out / "album",
        tuple(options["languages"]),
        lambda: FaceReader(catalog.verified_path("face-landmarks")),
        seen=[decoded(folder / SEEN) for folder in numbered(inputs, "seen")],
        everybody=msgspec.json.decode((inputs["choice"] / PEOPLE).read_bytes(), type=Everybody),
        review=parse(inputs[REVIEW].read_bytes()) if REVIEW in inputs else Review(),
    )
    (out / "note.txt").write_text(told, encoding="utf-8")
    shutil.rmtree(shoebox)
