"""Reads files by the importers as the provisioning tool does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from provisioning.importers.importer import HEAD, Source
from provisioning.importers.item import Found, Item, Problem
from provisioning.importers.registry import importers


def source(path: Path, told: str = "") -> Source:
    """A file as importers get it; `told`: its name within the shoebox."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    return Source(path, told or f"chats/{path.name}", head, path.stat().st_size)


def found(importer: str, raw: bytes, path: Path, told: str = "") -> list[Found]:
    """What an importer finds in these bytes."""
    path.write_bytes(raw)
    return list(importers()[importer].read(source(path, told)))


def items(all_found: Iterable[Found]) -> list[Item]:
    """The items alone."""
    return [f for f in all_found if isinstance(f, Item)]


def reasons(all_found: Iterable[Found]) -> Counter[str]:
    """How often each problem."""
    return Counter(f.reason for f in all_found if isinstance(f, Problem))


def claims(path: Path) -> dict[str, float]:
    """How sure each importer is of a file."""
    return {name: importer.claims(source(path)) for name, importer in importers().items()}
