"""A mounted file system that drops at a power cut what was not synced, and has a settable size.

::

    with lossy_fs(tmp_path) as disk:
        subprocess.run([*command, "import", pack], env={**os.environ, "IMAGO_HOME": str(disk.folder)}, check=True)
        record = disk.record()
    for crash in record.crashes(random.Random(1)):
        lay_out(crash.left, fresh_folder)  # ordinary files, to be looked at and imported into again

`lossy_tree` says what may be lost. What the record doesn't see: syncfs(2) and sync(2), which the kernel doesn't pass
on (so they save nothing here), and pages of a shared memory mapping until they are synced.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from tests.support.lossy_record import Record
from tests.support.lossy_tree import Snapshot

ROOT = Path(__file__).resolve().parents[2]
NOSUID, NODEV, DETACH = 2, 4, 2
"""Of mount(2) and umount2(2)."""
GIGABYTE = 1 << 30
LIMIT_S = 20


class LossyDisk:
    """The mounted file system."""

    def __init__(self, folder: Path, control: Connection) -> None:
        self.folder = folder
        """Where it is mounted."""
        self._control = control

    def record(self) -> Record:
        """What was done since it was mounted."""
        record = self._ask("record")
        assert isinstance(record, Record)
        return record

    def used(self) -> int:
        """Bytes taken, in whole pages of 4 KiB; a folder has one."""
        return int(self._ask("used"))

    def limit(self, size: int) -> None:
        """From now on it holds `size` bytes; what would be more fails with ENOSPC."""
        self._ask("limit", size)

    def trip_at(self, step: int | None) -> None:
        """The `step`-th change (from 1, since it was mounted) and everything after it fail with EIO."""
        self._ask("trip_at", step)

    def _ask(self, question: str, value: int | None = None) -> Any:
        self._control.send((question, value))
        if not self._control.poll(LIMIT_S):
            raise TimeoutError("the lossy file system does not answer")
        return self._control.recv()


def why_not() -> str:
    """Why it cannot be mounted here; empty if it can."""
    if not os.path.exists("/dev/fuse"):
        return "no /dev/fuse"
    return "" if os.geteuid() == 0 else "mounting needs root"


@contextlib.contextmanager
def lossy_fs(
    folder: Path, start: Snapshot | None = None, limit: int = GIGABYTE, trip_at: int | None = None
) -> Iterator[LossyDisk]:
    """Mounted on `folder`, which is made if need be, with `start` in it, during the block. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    ours, theirs = Pipe()
    fuse = os.open("/dev/fuse", os.O_RDWR)
    try:
        _mount(folder, fuse)
        command = [sys.executable, "-m", "tests.support.lossy_server", str(fuse), str(theirs.fileno())]
        server = subprocess.Popen(command, cwd=ROOT, pass_fds=(fuse, theirs.fileno()))
    finally:
        os.close(fuse)
        theirs.close()
    try:
        ours.send((Record(start or {}), limit, trip_at))
        yield LossyDisk(folder, ours)
    finally:
        _libc().umount2(os.fsencode(folder), DETACH)
        ours.close()
        server.wait(LIMIT_S)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _mount(folder: Path, fuse: int) -> None:
    options = f"fd={fuse},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()},allow_other,default_permissions"
    if _libc().mount(b"lossy", os.fsencode(folder), b"fuse", NOSUID | NODEV, options.encode()):
        raise OSError(ctypes.get_errno(), "the lossy file system cannot be mounted", str(folder))
