"""Packs of a whole persona that lies unpacked, under another name each, as a family's tool would make them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from device.persona.pack.manifest import kind_of
from device.persona.store.importer import Site, import_pack
from device.persona.store.outcome import Outcome
from provisioning.keys import series_of
from provisioning.pack import LEFT_AT_HOME
from tests.support import packs

GRANTS = ["likeness", "voice", "letters", "chats", "photographs"]


def living_pack(
    folder: Path, persona: str, name: str, instead: Mapping[str, bytes] | None = None, counter: int = 10
) -> bytes:
    """A pack of the persona in `folder`, called otherwise. `instead`: files with other content."""
    files: dict[str, tuple[str, bytes]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        told = path.relative_to(folder).as_posix()
        if told not in LEFT_AT_HOME and (kind := kind_of(told)) is not None:
            files[told] = (kind, (instead or {}).get(told, path.read_bytes()))
    toml = files["persona.toml"][1].decode()
    toml = toml.replace('id = "demo"', f'id = "{persona}"').replace('name = "陈望川"', f'name = "{name}"', 1)
    files["persona.toml"] = ("identity", toml.encode())
    series = series_of(packs.FAMILY, persona)
    recipe = packs.Recipe(
        files=files,
        consent={**packs.CONSENTED, "persona": persona, "subject": name, "grants": GRANTS},
        manifest={"persona": persona, "name": name, "series": series},
        envelope={"series": series, "counter": counter},
    )
    return packs.make(recipe)


def install(site: Site, pack: bytes) -> Outcome:
    """Into a frame's store, on trial."""
    return import_pack(io.BytesIO(pack).read, site, lambda stage, done, total: None)
