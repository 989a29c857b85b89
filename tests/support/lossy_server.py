"""Serves a lossy tree to the kernel as a FUSE file system, in a process of its own.

A process of its own, because a test that waits for its own thread to answer can wait for ever. It speaks the kernel's
protocol (``linux/fuse.h``, version 7.31) itself: the usual library knows files by path and renames what is removed
while open, and its Python bindings drop the flags of a rename. Locks (flock, fcntl) are left to the kernel.
"""

from __future__ import annotations

import errno
import itertools
import os
import select
import stat
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from tests.support.lossy_record import Record, Step
from tests.support.lossy_tree import PAGE, ROOT, Node, Tree

LARGEST_WRITE = 1 << 20
BIG_WRITES, MAX_PAGES = 1 << 5, 1 << 22
VALID_S = 60
"""How long the kernel may keep names and attributes: nobody changes them but it."""

IN_HEADER = struct.Struct("=IIQQIIII")
ATTRIBUTES = struct.Struct("=6Q10I")
SET_MODE, SET_OWNER, SET_SIZE, SET_MTIME, SET_MTIME_NOW = 1, 2 | 4, 8, 32, 256
KEEP_SIZE = 1
NO_REPLY = {2, 36, 42}  # FORGET, INTERRUPT, BATCH_FORGET


class Disk:
    """The tree, what was done to it, and its size."""

    def __init__(self, record: Record, limit: int, trip_at: int | None) -> None:
        self.record = record
        self.tree: Tree = record.tree()
        self.limit = limit
        self.trip_at = trip_at
        self.broken = False
        self.opened: Counter[int] = Counter()

    def used(self) -> int:
        """Bytes in whole pages; a folder has one. What is removed while open still counts."""
        return PAGE * sum(
            1 if node.is_folder else -(-len(node.data) // PAGE)
            for number, node in self.tree.nodes.items()
            if node.links or self.opened[number] or number == ROOT
        )

    def need(self, more: int) -> None:
        """Raises ENOSPC if `more` bytes do not fit."""
        if more > 0 and self.used() + -(-more // PAGE) * PAGE > self.limit:
            raise OSError(errno.ENOSPC, "full")

    def check(self) -> None:
        """Raises EIO once it is broken."""
        if self.broken:
            raise OSError(errno.EIO, "broken")

    def do(self, name: str, *arguments: Any) -> Any:
        """One change, recorded if it succeeds. Raises OSError."""
        if len(self.record.steps) + 1 == self.trip_at:
            self.broken = True
        self.check()
        step = Step(name, arguments)
        result = step.apply(self.tree)
        self.record.steps.append(step)
        return result


class Server:
    """Answers the kernel's requests; each method takes the inode's number and the request's body."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.mtimes: dict[int, int] = {}
        self.handles = itertools.count(1)
        self.listings: dict[int, list[bytes]] = {}
        self.answers: dict[int, Callable[[int, bytes], bytes]] = {
            1: self.lookup,
            3: lambda number, _: self.attributes_out(number),
            4: self.set_attributes,
            5: lambda number, _: bytes(self.node(number).data),
            6: self.symlink,
            8: lambda number, body: self.make(number, body[:4], body[16:-1]),
            9: lambda number, body: self.make(number, body[:4], body[8:-1], stat.S_IFDIR),
            10: self.remove,
            11: self.remove,
            12: lambda number, body: self.rename(number, body[:8], 0, body[8:]),
            13: self.link,
            14: self.open,
            15: self.read,
            16: self.write,
            17: self.space,
            18: self.release,
            20: self.sync,
            26: self.start,
            27: self.open_folder,
            28: self.read_folder,
            29: self.release_folder,
            30: self.sync,
            35: self.create,
            38: lambda number, _: b"",
            43: self.allocate,
            45: lambda number, body: self.rename(number, body[:8], struct.unpack_from("=I", body, 8)[0], body[16:]),
        }

    def answer(self, request: memoryview) -> bytes:
        """A request -> the reply; empty if there is none."""
        _, opcode, unique, number, *_ = IN_HEADER.unpack_from(request)
        if opcode in NO_REPLY:
            return b""
        error, body = 0, b""
        try:
            if opcode not in self.answers:
                raise OSError(errno.ENOSYS, "unknown")
            if opcode not in (18, 26, 29, 38):
                self.disk.check()
            body = self.answers[opcode](number, bytes(request[IN_HEADER.size :]))
        except OSError as e:
            error = e.errno or errno.EIO
        return struct.pack("=IiQ", 16 + len(body), -error, unique) + body

    def node(self, number: int) -> Node:
        return self.disk.tree.node(number)

    def start(self, _: int, body: bytes) -> bytes:
        read_ahead, flags = struct.unpack_from("=II", body, 8)
        ours = flags & (BIG_WRITES | MAX_PAGES)
        out = struct.pack("=IIIIHHIIH", 7, 31, read_ahead, ours, 16, 12, LARGEST_WRITE, 1, LARGEST_WRITE // 4096)
        return out.ljust(64, b"\0")

    def attributes(self, number: int) -> bytes:
        node = self.node(number)
        size = len(node.data)
        seconds, rest = divmod(self.mtimes.get(number, 0), 10**9)
        links = 2 if node.is_folder else node.links
        times = [seconds] * 3 + [rest] * 3
        owner = os.getuid(), os.getgid()
        return ATTRIBUTES.pack(number, size, -(-size // 512), *times, node.mode, links, *owner, 0, PAGE, 0)

    def attributes_out(self, number: int) -> bytes:
        return struct.pack("=QII", VALID_S, 0, 0) + self.attributes(number)

    def entry(self, number: int) -> bytes:
        return struct.pack("=QQQQII", number, 0, VALID_S, VALID_S, 0, 0) + self.attributes(number)

    def touch(self, *numbers: int) -> None:
        for number in numbers:
            self.mtimes[number] = time.time_ns()

    def lookup(self, number: int, body: bytes) -> bytes:
        return self.entry(self.disk.tree.child(number, body[:-1]))

    def set_attributes(self, number: int, body: bytes) -> bytes:
        valid, _, _, size, _, _, mtime, _, _, mtime_ns, _, mode, _, uid, gid, _ = struct.unpack(
            "=IIQQQQQQIIIIIIII", body
        )
        if valid & SET_OWNER and ((valid & 2 and uid != os.getuid()) or (valid & 4 and gid != os.getgid())):
            raise OSError(errno.EPERM, "one owner only")
        if valid & SET_MODE:
            self.disk.do("chmod", number, mode)
        if valid & SET_SIZE:
            self.resize(number, size)
        if valid & SET_MTIME:
            self.mtimes[number] = time.time_ns() if valid & SET_MTIME_NOW else mtime * 10**9 + mtime_ns
        return self.attributes_out(number)

    def resize(self, number: int, size: int) -> None:
        self.grow(number, size)
        self.disk.do("resize", number, size)
        self.touch(number)

    def grow(self, number: int, size: int) -> None:
        """Room for a file of `size` bytes. Raises ENOSPC."""
        self.disk.need(-(-size // PAGE) * PAGE - -(-len(self.node(number).data) // PAGE) * PAGE)

    def symlink(self, number: int, body: bytes) -> bytes:
        name, target, _ = body.split(b"\0")
        self.disk.need(1)
        made = self.disk.do("symlink", number, name, target)
        self.touch(number, made)
        return self.entry(made)

    def make(self, number: int, mode: bytes, name: bytes, kind: int = 0) -> bytes:
        bits = int.from_bytes(mode, sys.byteorder) | kind
        bits |= 0 if stat.S_IFMT(bits) else stat.S_IFREG
        if stat.S_IFMT(bits) not in (stat.S_IFREG, stat.S_IFDIR):
            raise OSError(errno.EPERM, "no devices here")
        self.disk.need(1 if kind else 0)
        made = self.disk.do("make", number, name, bits)
        self.touch(number, made)
        return self.entry(made)

    def create(self, number: int, body: bytes) -> bytes:
        entry = self.make(number, body[4:8], body[16:-1])
        return entry + self.open(int.from_bytes(entry[:8], sys.byteorder), b"")

    def remove(self, number: int, body: bytes) -> bytes:
        self.disk.do("remove", number, body[:-1])
        self.touch(number)
        return b""

    def rename(self, number: int, to_folder: bytes, flags: int, names: bytes) -> bytes:
        old, new, _ = names.split(b"\0")
        to = int.from_bytes(to_folder, sys.byteorder)
        self.disk.do("rename", number, old, to, new, flags)
        self.touch(number, to)
        return b""

    def link(self, number: int, body: bytes) -> bytes:
        old = int.from_bytes(body[:8], sys.byteorder)
        self.disk.do("link", number, body[8:-1], old)
        self.touch(number)
        return self.entry(old)

    def open(self, number: int, _: bytes) -> bytes:
        self.disk.opened[number] += 1
        return bytes(16)

    def release(self, number: int, _: bytes) -> bytes:
        self.disk.opened[number] -= 1
        return b""

    def read(self, number: int, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("=QQI", body)
        return bytes(self.node(number).data[offset : offset + size])

    def write(self, number: int, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("=QQI", body)
        self.grow(number, max(offset + size, len(self.node(number).data)))
        self.disk.do("write", number, offset, body[40:])
        self.touch(number)
        return struct.pack("=II", size, 0)

    def allocate(self, number: int, body: bytes) -> bytes:
        _, offset, length, mode, _ = struct.unpack("=QQQII", body)
        if mode & ~KEEP_SIZE:
            raise OSError(errno.EOPNOTSUPP, "no holes here")
        size = max(offset + length, len(self.node(number).data))
        if mode & KEEP_SIZE:
            self.grow(number, size)
        else:
            self.resize(number, size)
        return b""

    def sync(self, number: int, _: bytes) -> bytes:
        self.disk.do("sync", number)
        return b""

    def space(self, number: int, _: bytes) -> bytes:
        free = max(0, self.disk.limit - self.disk.used()) // PAGE
        return struct.pack("=5QIIII24x", self.disk.limit // PAGE, free, free, 1 << 20, 1 << 20, PAGE, 255, PAGE, 0)

    def open_folder(self, number: int, _: bytes) -> bytes:
        """What it lists is what was there when it was opened, whatever is removed meanwhile."""
        entries = enumerate(sorted(self.node(number).entries.items()), 1)
        handle = next(self.handles)
        self.listings[handle] = [_listed(at, name, child, self.node(child).mode) for at, (name, child) in entries]
        return struct.pack("=QII", handle, 0, 0)

    def read_folder(self, _: int, body: bytes) -> bytes:
        handle, offset, size = struct.unpack_from("=QQI", body)
        out = b""
        for entry in self.listings[handle][offset:]:
            if len(out) + len(entry) > size:
                break
            out += entry
        return out

    def release_folder(self, _: int, body: bytes) -> bytes:
        del self.listings[int.from_bytes(body[:8], sys.byteorder)]
        return b""


def _listed(after: int, name: bytes, number: int, mode: int) -> bytes:
    """``struct fuse_dirent``; `after` is where the listing goes on behind it."""
    entry = struct.pack("=QQII", number, after, len(name), stat.S_IFMT(mode) >> 12) + name
    return entry.ljust(-(-len(entry) // 8) * 8, b"\0")


def main(fuse: int, control: Connection) -> None:
    """Serves until the mount or the test ends. The first message is ``(record, limit, trip_at)``; then a message
    is a question (`ask`)."""
    disk = Disk(*control.recv())
    server = Server(disk)
    room = bytearray(LARGEST_WRITE + 65536)
    while True:
        ready, _, _ = select.select([fuse, control], [], [])
        try:
            if control in ready:
                control.send(ask(disk, *control.recv()))
            if fuse in ready:
                length = os.readv(fuse, [room])
                if reply := server.answer(memoryview(room)[:length]):
                    os.write(fuse, reply)
        except FileNotFoundError:
            continue  # whoever asked was killed meanwhile
        except (OSError, EOFError):
            return  # unmounted, or the test is gone


def ask(disk: Disk, question: str, value: int | None) -> Any:
    """``record``, ``used``, or ``limit`` and ``trip_at`` to be set."""
    if question == "limit":
        assert value is not None
        disk.limit = value
    elif question == "trip_at":
        disk.trip_at = value
    return disk.record if question == "record" else disk.used()


if __name__ == "__main__":
    main(int(sys.argv[1]), Connection(int(sys.argv[2])))
