"""A file system in memory that knows what a power cut would leave of it. Pure: no clock, no disk.

As strict as POSIX allows and stricter than any file system in use: fsync(2) on a file saves its content, size and mode
but not its name; fsync on a folder saves the names in it but nothing of what they name. A rename is atomic, and saved
when both folders are synced. Everything else is pending, and a crash chooses what has survived of it (`Survival`).
"""

from __future__ import annotations

import errno
import os
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

PAGE = 4096
ROOT = 1
NOREPLACE, EXCHANGE = 1, 2
"""Flags of renameat2(2)."""


class Survival(Enum):
    """What of the pending changes a crash leaves."""

    NOTHING = "nothing unsynced survives"
    PREFIX = "directory changes survive up to a moment, as in a journal; of the data some pages"
    SUBSET = "any directory changes survive, and any pages"
    METADATA = "every directory change survives, but none of the data"


class Item(NamedTuple):
    """A file, folder or symbolic link at rest."""

    mode: int
    """With the kind's bits, as in ``st_mode``."""
    content: bytes
    """Of a link: its target. Of a folder: empty."""


Snapshot: TypeAlias = dict[str, Item]
"""A tree at rest: items by their path relative to it; folders stand before what is in them."""


@dataclass
class Node:
    """A file, folder or symbolic link; which of the fields matter depends on its kind."""

    mode: int
    data: bytearray = field(default_factory=bytearray)
    entries: dict[bytes, int] = field(default_factory=dict)
    links: int = 0
    synced_mode: int = 0
    synced_data: bytearray = field(default_factory=bytearray)
    synced_entries: dict[bytes, int] = field(default_factory=dict)
    dirty: set[int] = field(default_factory=set)
    """Numbers of the pages that are written but not synced."""
    saved: bytes | None = None
    """`synced_data` as it lies at rest, kept because most crashes find most files unchanged."""

    def __post_init__(self) -> None:
        self.synced_mode = self.mode

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def pending(self) -> bool:
        return bool(self.dirty) or len(self.data) != len(self.synced_data)

    def at_rest(self) -> bytes:
        """The content that is synced."""
        if self.saved is None:
            self.saved = bytes(self.synced_data)
        return self.saved

    def page(self, number: int, data: bytearray) -> bytes:
        """A page of `data`, filled up with zeros."""
        return bytes(data[number * PAGE : (number + 1) * PAGE]).ljust(PAGE, b"\0")

    def resize(self, size: int) -> None:
        """Cuts off, or fills up with zeros; what is cut off is not there when it grows again."""
        old = len(self.data)
        if size < old:
            self.dirty.update(range(size // PAGE, -(-old // PAGE)))
            del self.data[size:]
        else:
            self.data.extend(bytes(size - old))

    def write(self, offset: int, content: bytes) -> None:
        if offset > len(self.data):
            self.resize(offset)
        self.data[offset : offset + len(content)] = content
        self.dirty.update(range(offset // PAGE, -(-(offset + len(content)) // PAGE)))

    def sync(self) -> None:
        self.synced_mode = self.mode
        if not self.pending:
            return
        self.saved = None
        size = len(self.data)
        del self.synced_data[size:]
        self.synced_data.extend(bytes(size - len(self.synced_data)))
        for number in self.dirty:
            part = slice(number * PAGE, min((number + 1) * PAGE, size))
            if part.start < size:
                self.synced_data[part] = self.data[part]
        self.dirty.clear()


class Change(NamedTuple):
    """One atomic change of names: in each folder the name stands for the node, or for nothing."""

    edits: tuple[tuple[int, bytes, int | None], ...]
    waits_for: set[int]
    """The folders that have not been synced since."""

    @property
    def names(self) -> set[tuple[int, bytes]]:
        return {(folder, name) for folder, name, _ in self.edits}


class Tree:
    """The live tree, by inode numbers as the kernel asks. Methods raise OSError and have then changed nothing."""

    def __init__(self, start: Snapshot) -> None:
        """With `start` in it, all synced."""
        self.nodes: dict[int, Node] = {ROOT: Node(stat.S_IFDIR | 0o755)}
        self.changes: list[Change] = []
        at = {"": ROOT}
        for path, item in start.items():
            parent, _, name = path.rpartition("/")
            at[path] = self._make(at[parent], os.fsencode(name), item.mode, item.content)
        for number in at.values():
            self.sync(number)

    def node(self, number: int) -> Node:
        return self.nodes[number]

    def child(self, folder: int, name: bytes) -> int:
        try:
            return self.nodes[folder].entries[name]
        except KeyError:
            raise _error(errno.ENOENT) from None

    def make(self, folder: int, name: bytes, mode: int) -> int:
        """A new file or folder -> its number."""
        return self._make(folder, name, mode, b"")

    def symlink(self, folder: int, name: bytes, target: bytes) -> int:
        return self._make(folder, name, stat.S_IFLNK | 0o777, target)

    def _make(self, folder: int, name: bytes, mode: int, content: bytes) -> int:
        self._free(folder, name)
        number = len(self.nodes) + 1
        made = self.nodes[number] = Node(mode, bytearray(content))
        if stat.S_ISLNK(mode):
            made.synced_data = made.data
        else:
            made.dirty = set(range(-(-len(content) // PAGE)))
        self._change((folder, name, number))
        return number

    def link(self, folder: int, name: bytes, number: int) -> None:
        self._free(folder, name)
        self._change((folder, name, number))

    def remove(self, folder: int, name: bytes) -> None:
        """A file's name, or an empty folder."""
        self._empty(self.child(folder, name))
        self._change((folder, name, None))

    def rename(self, folder: int, name: bytes, to_folder: int, to_name: bytes, flags: int) -> None:
        moved = self.child(folder, name)
        there = self.nodes[to_folder].entries.get(to_name)
        if flags & EXCHANGE:
            back: int | None = self.child(to_folder, to_name)
        elif there == moved:
            return
        else:
            back = None
            if there is not None:
                if flags & NOREPLACE:
                    raise _error(errno.EEXIST)
                self._empty(there)
        self._change((folder, name, back), (to_folder, to_name, moved))

    def write(self, number: int, offset: int, content: bytes) -> None:
        self.nodes[number].write(offset, content)

    def resize(self, number: int, size: int) -> None:
        self.nodes[number].resize(size)

    def chmod(self, number: int, mode: int) -> None:
        node = self.nodes[number]
        node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)

    def sync(self, number: int) -> None:
        """fsync(2) on a file or a folder."""
        node = self.nodes[number]
        node.sync()
        if node.is_folder:
            for change in self.changes:
                change.waits_for.discard(number)
            entries = {number: node.synced_entries for number, node in self.nodes.items()}
            self.changes = _settle(self.changes, entries, lambda change: not change.waits_for)

    def crash(self, survival: Survival, rng: random.Random) -> Snapshot:
        """What lies there after a power cut now; the tree itself lives on."""
        entries = {number: dict(node.synced_entries) for number, node in self.nodes.items() if node.is_folder}
        _settle(self.changes, entries, _chance(survival, len(self.changes), rng))
        found: Snapshot = {}
        self._collect(ROOT, "", entries, survival, rng, found)
        return found

    def _collect(
        self,
        folder: int,
        path: str,
        entries: dict[int, dict[bytes, int]],
        survival: Survival,
        rng: random.Random,
        found: Snapshot,
    ) -> None:
        for name, number in sorted(entries[folder].items()):
            child, node = path + os.fsdecode(name), self.nodes[number]
            mode = node.synced_mode if survival is Survival.NOTHING else rng.choice((node.synced_mode, node.mode))
            found[child] = Item(mode, b"" if node.is_folder else _remains(node, survival, rng))
            if node.is_folder:
                self._collect(number, child + "/", entries, survival, rng, found)

    def _free(self, folder: int, name: bytes) -> None:
        if name in self.nodes[folder].entries:
            raise _error(errno.EEXIST)

    def _empty(self, number: int) -> None:
        if self.nodes[number].entries:
            raise _error(errno.ENOTEMPTY)

    def _change(self, *edits: tuple[int, bytes, int | None]) -> None:
        for folder, name, number in edits:
            entries = self.nodes[folder].entries
            before = entries.pop(name, None)
            if before is not None:
                self.nodes[before].links -= 1
            if number is not None:
                entries[name] = number
                self.nodes[number].links += 1
        self.changes.append(Change(edits, {folder for folder, _, _ in edits}))


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _settle(
    changes: list[Change], entries: dict[int, dict[bytes, int]], survives: Callable[[Change], bool]
) -> list[Change]:
    """Brings those that survive into `entries` -> the others. Of two changes of one name the later never survives
    without the earlier."""
    rest: list[Change] = []
    held: set[tuple[int, bytes]] = set()
    for change in changes:
        if not survives(change) or change.names & held:
            held |= change.names
            rest.append(change)
            continue
        for folder, name, number in change.edits:
            entries[folder].pop(name, None)
            if number is not None:
                entries[folder][name] = number
    return rest


def _chance(survival: Survival, pending: int, rng: random.Random) -> Callable[[Change], bool]:
    """Which directory changes survive; asked in their order."""
    if survival is Survival.SUBSET:
        share = rng.choice((0.2, 0.5, 0.8))
        return lambda _: rng.random() < share
    number = {Survival.NOTHING: 0, Survival.METADATA: pending}.get(survival, rng.randint(0, pending))
    survivors = iter([True] * number)
    return lambda _: next(survivors, False)


def _remains(node: Node, survival: Survival, rng: random.Random) -> bytes:
    """A file's content after the crash: of each page the synced state or the last one, and a size between the two."""
    if survival is Survival.NOTHING or not node.pending:
        return node.at_rest()
    sizes = [len(node.synced_data), len(node.data)]
    if survival is not Survival.METADATA:
        sizes.append(min(max(sizes), rng.randint(min(sizes) // PAGE, max(sizes) // PAGE) * PAGE))
    size = rng.choice(sizes)
    share = 0.0 if survival is Survival.METADATA else rng.choice((0.0, 0.5, 1.0))
    if share == 1:
        return bytes(node.data[:size]).ljust(size, b"\0")
    left = node.synced_data[:size].ljust(size, b"\0")
    for number in sorted(node.dirty) if share else ():
        if number * PAGE < size and rng.random() < share:
            left[number * PAGE : (number + 1) * PAGE] = node.page(number, node.data)
    return bytes(left[:size])
