"""An archive that the kernel unpacks at its start: cpio's "newc" form, Documentation/driver-api/early-userspace."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MODE_DIR, MODE_FILE, MODE_LINK = stat.S_IFDIR | 0o755, stat.S_IFREG, stat.S_IFLNK | 0o777


class Archive:
    """Grows by files and links, all root's; folders above them are made."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._folders: set[str] = set()

    def file(self, path: str, content: bytes, mode: int = 0o644, time: int = 0) -> None:
        """`path` without a leading slash."""
        self._above(path)
        self._add(path, MODE_FILE | mode, content, time)

    def link(self, path: str, target: str) -> None:
        """A symbolic link."""
        self._above(path)
        self._add(path, MODE_LINK, target.encode())

    def folder(self, path: str) -> None:
        """An empty folder."""
        self._above(f"{path}/x")

    def copy(self, path: str, source: Path, mode: int | None = None) -> None:
        """A file of this machine; its time stays, as compiled Python goes by it."""
        there = source.stat()
        self.file(path, source.read_bytes(), stat.S_IMODE(there.st_mode) if mode is None else mode, int(there.st_mtime))

    def bytes(self) -> bytes:
        """The whole."""
        end = _entry("TRAILER!!!", 0, b"", 0, 0)
        return b"".join([*self._parts, end])

    def _above(self, path: str) -> None:
        parent = os.path.dirname(path)
        if parent and parent not in self._folders:
            self._above(parent)
            self._folders.add(parent)
            self._add(parent, MODE_DIR, b"")

    def _add(self, path: str, mode: int, content: bytes, time: int = 0) -> None:
        self._parts.append(_entry(path, mode, content, time, len(self._parts) + 1))


def _entry(name: str, mode: int, content: bytes, time: int, number: int) -> bytes:
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, time, len(content), 0, 0, 0, 0, len(encoded), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
    return _padded(head) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
