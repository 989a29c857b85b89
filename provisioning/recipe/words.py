"""The recipe's stage that makes memory.sqlite of memories: embedded in pieces, each kept by its texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from device.mind.memory_file import MemoryRow, passages
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.embedded import key
from provisioning.memories.tasks import ROWS

GROUPS = 256
"""Texts are grouped by their digests' beginnings, so that a new text changes one group and leaves the others alone."""
LEAST = 24
"""Texts in a group on the average: each group loads the engine."""
A_TEXT_S = 0.03


def embedding_tasks(rows: Sequence[MemoryRow]) -> list[Task]:
    """Tasks that embed all texts of the rows."""
    texts = sorted({text for _, _, text in passages(rows)})
    groups = 1
    while groups < GROUPS and len(texts) >= LEAST * groups * 2:
        groups *= 2
    by: dict[int, list[str]] = {}
    for text in texts:
        by.setdefault(int(key(text)[:4], 16) * groups >> 16, []).append(text)
    return [
        Task(
            f"meaning, part {number + 1} of {groups}",
            "provisioning.recipe.parts:embed_texts",
            1,
            {},
            {"texts": group},
            0.5 + A_TEXT_S * len(group),
        )
        for number, group in sorted(by.items())
    ]


def memory_task(rows: Input, vectors: Sequence[Input], count: int, voice: Input | None = None) -> Task:
    """The task that writes memory.sqlite of a folder with rows.json, the folders of vectors, and the voice kit."""
    given = {"rows": rows, **{f"vectors {n}": vector for n, vector in enumerate(vectors)}}
    given |= {"voice": voice} if voice is not None else {}
    return Task("memory.sqlite", "provisioning.recipe.parts:write_memory", 1, given, {}, 0.3 + count / 1000)


def embedded(rows: Sequence[MemoryRow], bench: Workbench) -> list[Input]:
    """Folders with the vectors of all texts of the rows."""
    tasks = embedding_tasks(rows)
    bench.start(tasks)
    return [bench.outcome(task) for task in tasks]


def read_rows(folder: Path) -> list[MemoryRow]:
    """The rows that a task wrote."""
    return msgspec.json.decode((folder / ROWS).read_bytes(), type=list[MemoryRow])
