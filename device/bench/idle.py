"""What the frame costs while nobody speaks: processor time of both processes, by thread, as the kernel counts it."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.memory_use import PROC, family

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class ThreadTime:
    """A thread and the processor time that it has used, s."""

    process: int
    name: str
    seconds: float


def thread_times(pid: int) -> dict[int, ThreadTime]:
    """User and system time of every thread of a process and of all that it started, by thread number."""
    own = {thread.native_id: thread.name for thread in threading.enumerate()}
    times: dict[int, ThreadTime] = {}
    for process in family(pid):
        for task in (PROC / str(process) / "task").glob("*"):
            seconds = _seconds(task)
            if seconds is not None:
                times[int(task.name)] = ThreadTime(process, own.get(int(task.name)) or _name(task), seconds)
    return times


def _seconds(task: Path) -> float | None:
    """utime + stime, fields 14 and 15 of proc_pid_stat(5); None for a thread that is gone."""
    try:
        fields = (task / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _name(task: Path) -> str:
    try:
        name = (task / "comm").read_text().strip()
    except OSError:
        name = "?"
    first = task.name == task.parent.parent.name
    return f"{name} (main)" if first else name


def used(
    before: Mapping[int, ThreadTime], after: Mapping[int, ThreadTime], wall_s: float, processes: Mapping[int, str]
) -> dict[str, Any]:
    """Shares of one core between two looks; `processes` names those that are known, the others are "other"."""
    rows: dict[tuple[str, str], float] = {}
    for number, thread in after.items():
        seconds = thread.seconds - (before[number].seconds if number in before else 0.0)
        key = (processes.get(thread.process, "other"), thread.name)
        rows[key] = rows.get(key, 0.0) + seconds
    total: dict[str, float] = {}
    for (process, _), seconds in rows.items():
        total[process] = total.get(process, 0.0) + seconds
    ordered = sorted(rows.items(), key=lambda row: -row[1])
    return {
        "wall_s": round(wall_s, 1),
        "core_share": round(sum(rows.values()) / wall_s, 4),
        "by_process": {name: round(seconds / wall_s, 4) for name, seconds in total.items()},
        "threads": [
            {"process": process, "thread": name, "core_share": round(seconds / wall_s, 4)}
            for (process, name), seconds in ordered
            if seconds / wall_s >= 0.0005
        ],
    }
