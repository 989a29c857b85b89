"""What was done to a lossy file system, and every state in which a power cut on the way could have left it.

The command under test runs once, to its end; a process that loses power after the n-th change had done the same up to
there. So the states are made from the record, without running the command again.
"""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.lossy_tree import Item, Snapshot, Survival, Tree


class Step(NamedTuple):
    """One change: a method of `Tree` with its arguments; numbers are inodes, 1 the root."""

    name: str
    arguments: tuple[Any, ...]

    def apply(self, tree: Tree) -> Any:
        return getattr(tree, self.name)(*self.arguments)

    def __str__(self) -> str:
        words = [f"{len(a)} bytes" if self.name == "write" and isinstance(a, bytes) else a for a in self.arguments]
        return " ".join([self.name, *(os.fsdecode(w) if isinstance(w, bytes) else str(w) for w in words)])


class Crash(NamedTuple):
    """A power cut after the first `after` changes, and what it left."""

    after: int
    last: str
    """The last change before it."""
    survival: Survival
    left: Snapshot


@dataclass
class Record:
    """A start and the changes since."""

    start: Snapshot
    steps: list[Step] = field(default_factory=list)

    def tree(self, after: int | None = None) -> Tree:
        """The live tree after the first `after` changes, or all."""
        tree = Tree(self.start)
        for step in self.steps[:after]:
            step.apply(tree)
        return tree

    def crashes(
        self,
        rng: random.Random,
        survivals: Sequence[Survival] = tuple(Survival),
        draws: int = 1,
        at: Container[int] | None = None,
    ) -> Iterator[Crash]:
        """Crashes before the first change, after each and after the last (or `at` some), in each way `draws` times.

        States that were there already are left out, as most steps change nothing that a crash would show; not so
        those after the last change, which the command has to answer for as being done."""
        tree, seen = Tree(self.start), set[int]()
        for after in range(len(self.steps) + 1):
            if after:
                self.steps[after - 1].apply(tree)
            if at is not None and after not in at:
                continue
            if after == len(self.steps):
                seen.clear()
            for survival in survivals:
                for _ in range(1 if survival is Survival.NOTHING else draws):
                    left = tree.crash(survival, rng)
                    if (key := hash(tuple(left.items()))) not in seen:
                        seen.add(key)
                        yield Crash(after, str(self.steps[after - 1]) if after else "the start", survival, left)


def take(folder: Path) -> Snapshot:
    """The snapshot of an ordinary folder. Raises OSError."""
    found: Snapshot = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            content = os.fsencode(os.readlink(path))
        else:
            content = path.read_bytes() if stat.S_ISREG(mode) else b""
        found[str(path.relative_to(folder))] = Item(mode, content)
    return found


def lay_out(snapshot: Snapshot, folder: Path) -> None:
    """The tree as ordinary files in `folder`, which is made; hard links become copies. Raises OSError."""
    folder.mkdir(parents=True)
    for path, item in snapshot.items():
        target = folder / path
        if stat.S_ISLNK(item.mode):
            target.symlink_to(os.fsdecode(item.content))
        elif stat.S_ISDIR(item.mode):
            target.mkdir()
        else:
            target.write_bytes(item.content)
    for path, item in reversed(snapshot.items()):
        if not stat.S_ISLNK(item.mode):
            (folder / path).chmod(stat.S_IMODE(item.mode))
