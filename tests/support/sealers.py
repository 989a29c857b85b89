"""Both ways of keeping secrets, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from device.persona.vault.sealing import Sealer

SECRET = bytes(range(32))
OTHER = b"another" * 100

Make = Callable[[Path], Sealer]
"""A sealer in a folder; calling it again is starting the frame again."""


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path
