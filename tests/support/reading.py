"""What importers make of bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from provisioning.importers.importer import HEAD, Importer, Source
from provisioning.importers.item import Found, Item, Problem


def source(folder: Path, told: str, raw: bytes) -> Source:
    """A file of a shoebox, written below `folder`."""
    path = folder / told
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return Source(path, told, raw[:HEAD], len(raw))


def read(importer: Importer, folder: Path, told: str, raw: bytes) -> tuple[list[Item], list[Problem]]:
    """Its items and its problems. The file must be the same afterwards, and nothing may lie beside it."""
    given = source(folder, told, raw)
    before = _state(given.path)
    found: list[Found] = list(importer.read(given))
    assert _state(given.path) == before
    for one in found:
        assert one.where.path == told
        assert isinstance(one, Item) or (one.reason and len(one.detail) <= 80 and "\n" not in one.detail)
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Problem)]


def _state(path: Path) -> tuple[str, int, list[str]]:
    beside = sorted(p.name for p in path.parent.iterdir())
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns, beside
