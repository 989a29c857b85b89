"""What a process holds: threads and open files, as the kernel counts them."""

from __future__ import annotations

import re

from device.memory_use import PROC

_THREADS = re.compile(r"^Threads:\s+(\d+)", re.MULTILINE)


def threads(pid: int) -> int | None:
    """How many it has; None for a process that is gone."""
    try:
        found = _THREADS.search((PROC / str(pid) / "status").read_text())
    except OSError:
        return None
    return int(found[1]) if found else None


def files(pid: int) -> int | None:
    """How many descriptors it has open; None for a process that is gone."""
    try:
        return len(list((PROC / str(pid) / "fd").iterdir()))
    except OSError:
        return None
