"""The intake's pieces of work: an archive unpacked, a file read, its speakers counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from provisioning.importers.importer import HEAD, Source
from provisioning.importers.item import Found, Item
from provisioning.importers.media import Carrier
from provisioning.importers.registry import importers
from provisioning.importers.stream import read_found, write_found
from provisioning.intake.archives import MOST_MEMBERS, Member, Unpacked, plain, unpack
from provisioning.intake.talks import count
from provisioning.intake.zone import in_zone
from provisioning.report.account import FileAccount

ITEMS = "items.bin"
ACCOUNT = "account.json"
TALKS = "talks.json"
INDEX = "index.json"
VERSIONS = {"unpack_archive": 1, "read_items": 2, "count_talks": 1, "take_out": 1}

_REASON = 120
"""Characters of a reason: they are counted by it."""


def unpack_archive(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """An archive `file`, called `told` -> its members, and INDEX."""
    _write(out / INDEX, unpack(inputs["file"], str(options["told"]), out))


def read_items(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """A `file` called `told`, read by the importer so named, times as in the `zone` -> ITEMS and ACCOUNT."""
    path, told = inputs["file"], str(options["told"])
    importer = importers()[str(options["importer"])]
    source = source_of(path, told)
    zoned = in_zone(importer.read(source), str(options.get("zone", "")))
    counted_items(zoned, told, importer.name, out)


def counted_items(found: Iterable[Found], told: str, importer: str, out: Path) -> None:
    """Writes ITEMS, and ACCOUNT of the file or folder `told`, less its size: other bytes of the same words are one."""
    account = _Account()
    write_found(out / ITEMS, account.watch(found))
    _write(out / ACCOUNT, account.told(told, importer))


def take_out(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """A `file` called `told` that carries others, by the importer so named -> these, and INDEX."""
    told = str(options["told"])
    importer = importers()[str(options["importer"])]
    members, left = [], []
    carried = importer.attached(source_of(inputs["file"], told)) if isinstance(importer, Carrier) else iter(())
    for number, one in enumerate(carried):
        name = f"{told}!/{one.where.line}/{plain(one.name)}"
        if number >= MOST_MEMBERS:
            left.append(FileAccount(name, problem="more attachments than are read"))
            break
        (out / f"{number:06d}").write_bytes(one.content)
        members.append(Member(name, f"{number:06d}"))
    _write(out / INDEX, Unpacked(tuple(members), tuple(left)))


def count_talks(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """ITEMS of a file called `told`, and what the family calls the person -> TALKS."""
    called = tuple(map(str, options["called"]))
    _write(out / TALKS, count(str(options["told"]), read_found(inputs["items"] / ITEMS), called))


def source_of(path: Path, told: str) -> Source:
    """A file as importers want it. Raises OSError."""
    with path.open("rb") as stream:
        return Source(path, told, stream.read(HEAD), path.stat().st_size)


class _Account:
    """Counts while items pass."""

    def __init__(self) -> None:
        self._parsed = 0
        self._skipped: Counter[str] = Counter()
        self._ambiguous: Counter[str] = Counter()
        self._first, self._last = "", ""

    def watch(self, found: Iterable[Found]) -> Iterator[Found]:
        """The same, counted."""
        for one in found:
            if isinstance(one, Item):
                self._parsed += 1
                start = one.when.start
                if start:
                    self._first = start if not self._first or start < self._first else self._first
                    self._last = max(self._last, start)
            else:
                (self._ambiguous if one.ambiguous else self._skipped)[one.reason[:_REASON]] += 1
            yield one

    def told(self, path: str, importer: str) -> FileAccount:
        """What became of the file."""
        return FileAccount(
            path,
            importer=importer,
            parsed=self._parsed,
            skipped=dict(sorted(self._skipped.items())),
            ambiguous=dict(sorted(self._ambiguous.items())),
            first=self._first,
            last=self._last,
        )


def _write(path: Path, told: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(told, order="deterministic"), indent=1))
