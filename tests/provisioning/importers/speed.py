"""How fast each kind of chat is read, and in how much memory: `python -m tests.provisioning.importers.speed`.

Every reading is a process of its own, so that its memory is its own; what is told beside is what Python and the
importers themselves take.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.support.exports import CHAT, SAMPLES, Chat
from tests.support.imports import source

KINDS = tuple(k for k in SAMPLES if k != "telegram: all")
BLOCK = 1000
"""Messages of a sample that are repeated."""


class Reading(NamedTuple):
    """One file read to its end."""

    items: int
    seconds: float
    """Of the processor"""
    mib: int
    """Most memory at once"""


def write(kind: str, count: int, path: Path) -> None:
    """A chat of `count` messages, made of a block that is repeated, so that it is written soon."""
    chat: Chat = [CHAT[i % 3]._replace(at=CHAT[0].at.replace(hour=i % 24, second=i % 60)) for i in range(BLOCK)]
    large = SAMPLES[kind].write(chat)
    if path.suffix == ".json":
        start, end = large.index(b"[", large.index(b'"messages"')) + 1, large.rindex(b"]")
        head, body, tail = large[:start], large[start:end].rstrip(), large[end:]
        glue = b","
    else:
        start = _same(SAMPLES[kind].write(()), large)
        head, body, tail, glue = large[:start], large[start:], b"", b""
    with path.open("wb") as stream:
        stream.write(head)
        for i in range(max(1, count // BLOCK)):
            stream.write((glue if i else b"") + body)
        stream.write(tail)


def _same(a: bytes, b: bytes) -> int:
    """Length of the lines that both begin with."""
    longest = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return b.rfind(b"\n", 0, longest) + 1


def read(kind: str, path: Path) -> Reading:
    """Reads it in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.provisioning.importers.speed", "--read", kind, str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Reading(*json.loads(told.stdout))


def _read_here(kind: str, path: Path) -> Reading:
    from provisioning.importers.item import Item
    from provisioning.importers.registry import importers

    start = time.process_time()
    count = sum(isinstance(f, Item) for f in importers()[SAMPLES[kind].importer].read(source(path)))
    return Reading(count, time.process_time() - start, most_memory())


def most_memory() -> int:
    """MiB that this process had at once; `getrusage` would tell its parent's where that is more (Linux, proc(5))."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


def main() -> None:
    """Tells one line a kind."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--read", nargs=2, metavar=("KIND", "FILE"))
    chosen = options.parse_args()
    if chosen.read:
        print(json.dumps(_read_here(chosen.read[0], Path(chosen.read[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            path = Path(folder) / SAMPLES[kind].file
            write(kind, chosen.count, path)
            size = path.stat().st_size >> 20
            told = read(kind, path)
            path.unlink()
            pace = told.items / max(told.seconds, 1e-9)
            print(f"{kind:32} {told.items:9} items {size:5} MiB {told.seconds:7.1f} s {pace:9.0f} / s {told.mib:5} MiB")


if __name__ == "__main__":
    main()
