"""The interface of all importers: each is one short file, one line in `registry.py`, and a test of good and bad files.

An importer looks at a file's first bytes, never trusts its name, reads it as a stream, and never writes to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from provisioning.importers.item import Found

HEAD = 1 << 16
"""Bytes that importers may look at before they say whether a file is theirs."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the shoebox."""

    path: Path
    """To be opened for reading only"""
    told: str
    """Its name within the shoebox, for `Where.path`"""
    head: bytes
    """Its first HEAD bytes"""
    size: int
    """Bytes"""


class Importer(Protocol):
    """Reads one kind of export."""

    name: str
    """For reports and `persona.toml`: wechat-csv, whatsapp, ..."""
    version: int
    """Raised whenever the same file gives other items: what was kept of it is made anew"""

    def claims(self, source: Source) -> float:
        """0..1: how sure it is by the first bytes that the file is of its kind; the surest importer gets it."""
        ...

    def read(self, source: Source) -> Iterator[Found]:
        """Items and problems in the file's order, as a stream: a file of two million lines stays out of memory. What
        cannot be read at all is one Problem; a damaged record is one Problem, and the rest goes on. Never raises for
        what is in the file."""
        ...
