"""What became of every file that the family brought: nothing vanishes without a line here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec


class FileAccount(msgspec.Struct, frozen=True):
    """One file."""

    path: str
    """Within the shoebox"""
    importer: str = ""
    """Who read it; "" where nobody knows its kind"""
    parsed: int = 0
    """Items that were made of it"""
    skipped: dict[str, int] = {}
    """Reason -> number of records that were not made items"""
    ambiguous: dict[str, int] = {}
    """Reason -> number of items with a guess in them"""
    duplicate_of: str = ""
    """File with the same content, which was read instead"""
    problem: str = ""
    """Why nothing could be read"""
    size: int = 0
    """Bytes"""
    sha256: str = ""
    first: str = ""
    """Date of its earliest item, as `When.start`"""
    last: str = ""


class Account(msgspec.Struct, frozen=True):
    """All files, in the order of their names."""

    files: tuple[FileAccount, ...] = ()

    @property
    def parsed(self) -> int:
        return sum(file.parsed for file in self.files)

    @property
    def skipped(self) -> dict[str, int]:
        """Reason -> number, the commonest first."""
        return _sum(file.skipped for file in self.files)

    @property
    def ambiguous(self) -> dict[str, int]:
        """Reason -> number, the commonest first."""
        return _sum(file.ambiguous for file in self.files)

    @property
    def unread(self) -> tuple[FileAccount, ...]:
        """Files of which nothing came."""
        return tuple(file for file in self.files if file.problem)

    @property
    def twice(self) -> tuple[FileAccount, ...]:
        """Files that were there already under another name."""
        return tuple(file for file in self.files if file.duplicate_of)


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
