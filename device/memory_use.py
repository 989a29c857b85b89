"""How much memory processes take, as the kernel accounts for it."""

from __future__ import annotations

import re
from pathlib import Path

PROC = Path("/proc")
_FIELD = re.compile(r"^(\w+):\s+(\d+) kB", re.MULTILINE)
ALL = ("Pss",)
"""Proportional set size: pages shared by several processes count in parts, so that sums are true."""
OWN = ("Anonymous", "Swap")
"""What belongs to no file: a leak is here, and who else has the same model open changes nothing."""


def family_mb(pid: int, without: frozenset[int] = frozenset(), kind: tuple[str, ...] = ALL) -> float:
    """Memory (fields of proc_pid_smaps(5)) of a process and all that it started, MB. `without`: children to leave out.
    0 for a process that is gone."""
    return round(sum(_mb(one, kind) for one in family(pid, without)), 1)


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


def _mb(pid: int, kind: tuple[str, ...]) -> float:
    try:
        found = dict(_FIELD.findall((PROC / str(pid) / "smaps_rollup").read_text()))
    except OSError:
        return 0.0
    return sum(int(found.get(field, 0)) for field in kind) * 1024 / 1e6
