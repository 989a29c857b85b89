"""What came of a file that was brought to the frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Did = Literal["installed", "already here", "paired", "owners changed", "revoked", "nothing to revoke"]
Stage = Literal["checking", "looking", "keeping"]
Progress = Callable[[Stage, int, int], None]
"""Stage, bytes done, bytes in all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file."""

    did: Did
    persona: str = ""
    name: str = ""
    digest: str = ""
    removed: tuple[str, ...] = ()
    """What was erased, for a revocation: digests of packs"""
    left: tuple[str, ...] = ()
    """What should have been erased and was found all the same"""
    family_code: str = ""
    """Where the frame came to belong to a family: what the tool at home shows, too"""
