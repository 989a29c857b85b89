"""Digests of a shoebox's files, remembered: ten thousand photographs are not read again when one letter has changed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import msgspec

from device.whole_file import write_whole
from models_quantized.catalog import sha256_of

UNSURE_S = 2.0
"""s; a file that changed less than that before it was read may have changed within the clock's step again."""


class _Known(msgspec.Struct, frozen=True):
    size: int
    changed_ns: int
    inode: int
    sha256: str


class Digests:
    """SHA-256 by path, as long as size, time and inode are the same; as git's index does it."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: where they are remembered; None forgets them."""
        self._path = path
        self._known: dict[str, _Known] = {}
        self._changed = False
        with contextlib.suppress(OSError, msgspec.DecodeError):
            if path is not None:
                self._known = msgspec.msgpack.decode(path.read_bytes(), type=dict[str, _Known])

    def of(self, path: Path) -> str:
        """The file's digest. Raises BadInput where it cannot be read."""
        now = time.time_ns()
        try:
            told = path.stat()
        except OSError:
            return sha256_of(path)
        stamp = (told.st_size, told.st_mtime_ns, told.st_ino)
        known = self._known.get(str(path))
        if known is not None and (known.size, known.changed_ns, known.inode) == stamp:
            return known.sha256
        digest = sha256_of(path)
        if now - told.st_mtime_ns > UNSURE_S * 1e9:
            self._known[str(path)] = _Known(*stamp, digest)
            self._changed = True
        return digest

    def save(self) -> None:
        """Remembers them; a place that cannot be written costs only time later."""
        if self._path is not None and self._changed:
            with contextlib.suppress(OSError):
                write_whole(self._path, msgspec.msgpack.encode(self._known))
