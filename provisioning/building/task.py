"""One piece of a build: a function of files and options that fills a folder, and nothing else.

What a task gives depends on its inputs' bytes, its options and its version alone; so its outcome is kept under their
digest, is made once, on whatever core or machine, and is made again only when one of them changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

Options = Mapping[str, Any]
"""Plain values: what JSON can say."""


class Run(Protocol):
    """What `Task.run` names. It may read `inputs`, and writes files below `out`, an empty folder. It neither looks at
    the clock nor at anything else, and gives the same bytes each time. Raises ImagoError for what is wrong with an
    input as a whole."""

    def __call__(self, inputs: Mapping[str, Path], options: Options, out: Path) -> None: ...


class Input(msgspec.Struct, frozen=True):
    """A file, or an earlier task's folder."""

    path: Path
    digest: str
    """SHA-256 of its bytes, of all names and bytes of a folder"""


class Task(msgspec.Struct, frozen=True):
    """A piece of work."""

    title: str
    """For people: "letters/1997-03-02.txt" """
    run: str
    """ "module:function", imported where the task is done"""
    version: int
    """Raised when the function gives something else for the same inputs"""
    inputs: dict[str, Input]
    options: dict[str, Any] = {}
    seconds: float = 1.0
    """What it takes on one core, roughly, for the estimate"""

    @property
    def key(self) -> str:
        """What the outcome is kept under."""
        told = {
            "run": self.run,
            "version": self.version,
            "inputs": {name: given.digest for name, given in sorted(self.inputs.items())},
            "options": self.options,
        }
        return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
