"""What is on a stick that was put in: files for the frame, each looked at once, whatever else lies there.

A stick is a stranger's: it may hold a million files, a folder that never ends, pipes and links in place of files, or be
gone in the middle. Only the first two levels are looked at, within bounds; nothing but ordinary files is opened.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from device.errors import BadInput, ImagoError
from device.persona.pack import signed
from device.persona.pack.envelope import HEAD, LONGEST, Serial, read_envelope, read_head
from device.persona.pack.refusal import refusal
from device.persona.pack.strict_json import read

PACK, ORDER = ".imago", ".imago-order"
PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".tif", ".tiff", ".dng"})
REPORT_REQUEST = "imago-report-request"
"""An empty file by this name at the top of a stick asks for a report."""
MOST_ENTRIES = 20_000
"""Looked at, on the whole stick."""
MOST_FILES = 32
"""For the frame; more are left alone, and that is said."""
MOST_S = 20.0
"""Spent on looking for them. A full stick of 20 000 photographs takes a few."""
MOST_BYTES = LONGEST + HEAD + signed.MAX_BYTES
NOT_THEIRS = ("$", ".", "System Volume Information")
"""How folders begin that are a computer's, and not the family's: its bin, its index."""
REFUSALS = frozenset({errno.ELOOP, errno.ENXIO, errno.EACCES, errno.EPERM})
"""Of opening what is no ordinary file."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file for the frame."""

    path: str
    """Relative to the stick"""
    kind: Literal["pack", "order"]
    size: int
    rank: tuple[int | str, ...] = ()
    """Among those of its kind: the lower, the earlier"""


@dataclass(slots=True)
class Listing:
    """All that is on a stick for the frame, in the order in which it is to be taken."""

    found: list[Found] = field(default_factory=list)
    refused: list[tuple[str, ImagoError]] = field(default_factory=list)
    """Names that promise a file where there is none"""
    photographs: int = 0
    report_wanted: bool = False
    entries: int = 0
    cut: bool = False
    """Whether there was more than is looked at"""

    @property
    def empty(self) -> bool:
        """Whether nothing here is for the frame."""
        return not (self.found or self.refused or self.report_wanted)


def printable(name: str, most: int = 80) -> str:
    """A stick's file name as it may be shown: one line of what can be printed."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


class Stick:
    """A mounted stick, held by its first folder."""

    def __init__(self, root: Path) -> None:
        """Raises BadInput where there is no such folder, Broken where a stick is that answers no more."""
        self.root = root
        self._flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._folder = os.open(root, self._flags | os.O_DIRECTORY)
        except OSError as error:
            if error.errno not in (*REFUSALS, errno.ENOENT, errno.ENOTDIR):
                raise gone(error) from None
            got = error.strerror or "an error"
            raise BadInput(str(root), expected="a stick's folder", got=got, hint="give where it is mounted") from None
        self._device = os.fstat(self._folder).st_dev

    def close(self) -> None:
        """Lets go of it."""
        os.close(self._folder)

    def look(self, now: Callable[[], float], most_s: float = MOST_S) -> Listing:
        """What is on it, for at most `most_s` by the clock `now`. Raises Broken where it is gone."""
        listing = Listing()
        end = now() + most_s
        try:
            folders = list(self._look_at("", listing, lambda: now() > end))
            for folder in folders:
                list(self._look_at(folder + "/", listing, lambda: now() > end))
        except OSError as error:
            raise gone(error) from None
        listing.found = in_order([self._ranked(found) for found in listing.found])
        return listing

    def open(self, path: str) -> tuple[int, int]:
        """(descriptor, size) of an ordinary file on it, opened without following links. Raises BadInput for another
        kind of thing, OSError where it cannot be had."""
        folder, _, name = path.rpartition("/")
        within = os.open(folder, self._flags | os.O_DIRECTORY, dir_fd=self._folder) if folder else self._folder
        try:
            # neither a pipe nor a terminal may make it wait
            file = os.open(name, self._flags | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=within)
        except OSError as error:
            if error.errno in REFUSALS:
                raise _not_a_file(path, error.strerror or "another") from None
            raise
        finally:
            if folder:
                os.close(within)
        there = os.fstat(file)
        if not stat.S_ISREG(there.st_mode):
            os.close(file)
            raise _not_a_file(path, stat.filemode(there.st_mode)[:1])
        return file, there.st_size

    def is_there(self) -> bool:
        """Whether it still answers."""
        try:
            now = os.stat(self.root)
            with os.scandir(self.root) as entries:
                next(entries, None)
        except OSError:
            return False
        major = os.major(self._device)
        where = f"/sys/dev/block/{major}:{os.minor(self._device)}"
        return now.st_dev == self._device and (major == 0 or os.path.exists(where))  # 0: not a disk's

    def _look_at(self, folder: str, listing: Listing, late: Callable[[], bool]) -> Iterator[str]:
        """Notes what is for the frame in one folder; gives the folders in it."""
        try:
            descriptor = os.open(folder or ".", self._flags | os.O_DIRECTORY, dir_fd=self._folder)
        except OSError as error:
            if folder and error.errno in (*REFUSALS, errno.ENOTDIR):
                return
            raise
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    listing.entries += 1
                    if listing.entries > MOST_ENTRIES or late():
                        listing.cut = True
                        return
                    if entry.is_dir(follow_symlinks=False):
                        if not folder and not entry.name.startswith(NOT_THEIRS):
                            yield entry.name
                    else:
                        self._note(folder, entry, listing)
        finally:
            os.close(descriptor)

    def _note(self, folder: str, entry: os.DirEntry[str], listing: Listing) -> None:
        name = entry.name.lower()
        if name.startswith("."):  # "._x.imago" is what a Mac writes beside "x.imago"
            return
        if name == REPORT_REQUEST and not folder:
            listing.report_wanted = True
        elif os.path.splitext(name)[1] in PHOTOGRAPHS:
            listing.photographs += 1
        elif name.endswith((PACK, ORDER)):
            if len(listing.found) + len(listing.refused) >= MOST_FILES:
                listing.cut = True
                return
            path = folder + entry.name
            try:
                listing.found.append(_found(path, entry.stat(follow_symlinks=False)))
            except ImagoError as error:
                listing.refused.append((path, error))

    def _ranked(self, found: Found) -> Found:
        """With its rank by what it says of itself. Nothing of that is verified, and nothing but the order depends on
        it."""
        try:
            file, _ = self.open(found.path)
            with os.fdopen(file, "rb") as opened:
                head = opened.read(HEAD + signed.MAX_BYTES)
            rank = _rank_of_pack(head) if found.kind == "pack" else _rank_of_order(head)
        except (OSError, ImagoError):
            rank = ()
        return Found(found.path, found.kind, found.size, rank)


def in_order(found: list[Found]) -> list[Found]:
    """Orders first: introductions, owners by version, withdrawn consent. Then packs, those of one persona from the
    oldest to the newest, as the last one stays."""
    orders = sorted((f for f in found if f.kind == "order"), key=lambda f: (f.rank or (9, 0), f.path))
    packs = sorted((f for f in found if f.kind == "pack"), key=lambda f: f.path)
    series: dict[int | str, list[Found]] = {}
    for pack in packs:
        series.setdefault(pack.rank[0] if pack.rank else f"/{pack.path}", []).append(pack)
    return orders + [pack for one in series.values() for pack in sorted(one, key=lambda f: f.rank[1:])]


def gone(error: OSError) -> ImagoError:
    """The error for a stick that does not answer any more."""
    got = error.strerror or "an error"
    return refusal("media.gone", "a stick that can be read", got, "put it in again", subject="stick")


def _found(path: str, there: os.stat_result) -> Found:
    if not stat.S_ISREG(there.st_mode):
        raise _not_a_file(path, stat.filemode(there.st_mode)[:1])
    if there.st_size > MOST_BYTES:
        got = f"{there.st_size} bytes"
        raise refusal("malformed.length", f"a file of at most {MOST_BYTES} bytes", got, subject=printable(path))
    return Found(path, "order" if path.lower().endswith(ORDER) else "pack", there.st_size)


KINDS = {"l": "a symbolic link", "p": "a pipe", "c": "a device", "b": "a device", "s": "a socket", "d": "a folder"}


def _not_a_file(path: str, letter: str) -> ImagoError:
    kind = KINDS.get(letter, letter)
    return refusal("malformed.not-a-file", "an ordinary file", kind, "copy the file itself", subject=printable(path))


class _Versioned(msgspec.Struct):
    version: Serial = 0


def _rank_of_order(head: bytes) -> tuple[int | str, ...]:
    kind = signed.type_of(head)
    kinds = [signed.INTRODUCTION, signed.ROOT, signed.REVOCATION]
    if kind not in kinds:
        return ()
    statement = signed.parse(head, kind, "order")
    return kinds.index(kind), read(statement.payload, _Versioned, "order").version


def _rank_of_pack(head: bytes) -> tuple[int | str, ...]:
    envelope = read_envelope(read_head(io.BytesIO(head).read))
    return envelope.series, envelope.epoch, envelope.counter
