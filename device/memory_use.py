"""How much memory processes take, as the kernel accounts for it."""

from __future__ import annotations

import re
from pathlib import Path

PROC = Path("/proc")
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def family_mb(pid: int, without: frozenset[int] = frozenset()) -> float:
    """Proportional set size (proc_pid_smaps(5)) of a process and all that it started, MB: pages shared by several
    processes count in parts, so that sums are true. `without`: children to leave out. 0 for a process that is gone."""
    return round(sum(_own_mb(one) for one in family(pid, without)), 1)


def family(pid: int, without: frozenset[int] = frozenset()) -> list[int]:
    """A process and all that it started, those excepted that are left out with theirs."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in (PROC / str(one) / "task").glob("*"):
            try:
                children = (task / "children").read_text().split()
            except OSError:
                continue
            waiting += [int(child) for child in children if int(child) not in without]
    return found


def _own_mb(pid: int) -> float:
    try:
        match = _PSS.search((PROC / str(pid) / "smaps_rollup").read_text())
    except OSError:
        return 0.0
    return int(match[1]) * 1024 / 1e6 if match else 0.0
