"""What is going on with a stick, for the frame's screen and voice: one small file in RAM, replaced as a whole.

The process that reads the stick writes it; the processes that show and say it look at it now and then. Neither waits
for the other, and either may die.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Literal

import msgspec

from device.errors import BadInput, Missing
from device.persona.store.opening import in_ram

FILE = "arrival.json"
MAX_BYTES = 16384

Stage = Literal["looking", "checking", "keeping", "done", "refused", "nothing", "gone", "pairing"]


class Arrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One moment of it."""

    stick: str
    """Another one for each stick that is put in"""
    stage: Stage
    en: str
    zh: str
    share: float = 0.0
    """0..1 of the stage"""
    safe: bool = False
    """Whether the stick may be pulled out now"""

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.stage in ("done", "refused", "nothing", "gone", "pairing")


def path() -> Path | None:
    """Where it lies; None on a machine without a file system in RAM."""
    try:
        return in_ram() / FILE
    except (Missing, BadInput, OSError):
        return None


def tell(arrival: Arrival, where: Path) -> None:
    """Says what is going on. A full disk is nobody's reason to stop."""
    draft = where.with_name(f".{where.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        draft.write_bytes(msgspec.json.encode(arrival))
        draft.replace(where)


def hear(where: Path) -> Arrival | None:
    """What is going on; None for nothing, or nothing that can be read."""
    try:
        with where.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_BYTES), type=Arrival)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
