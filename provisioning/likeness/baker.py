"""What makes a moving face out of a measured photograph: the seam between the bake and its ways of doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from device.face.rig import Rig
from provisioning.likeness.judge import Found
from provisioning.likeness.mouth_art import MouthArt
from provisioning.likeness.notes import Note

Progress = Callable[[float, str], None]
"""Called with 0..1 and what is being done."""


@dataclass(frozen=True, slots=True)
class Baked:
    """A moving face and what the family should know of it."""

    rig: Rig
    used: tuple[Note, ...] = ()
    weak: tuple[Note, ...] = ()


class Baker(Protocol):
    """One way."""

    @property
    def name(self) -> str:
        """As in Report.baker."""
        ...

    def bake(self, found: Found, art: MouthArt, tell: Progress) -> Baked:
        """`art` is what is behind the lips. `tell` hears of 0.3 to 0.85 of the whole bake."""
        ...
