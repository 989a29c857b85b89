"""``python -m tests.support.toy_writers WRITER FOLDER``: replaces FOLDER/kept by `NEW`, rightly or with one mistake.

They show that the tools of this folder find a mistake when there is one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

OLD = b"old." * 2500
NEW = b"new!" * 5000
"""Of several pages, and longer: a mixture is neither."""


def write(path: Path, sync: bool, flags: int = os.O_TRUNC) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o644)
    try:
        written = 0
        while written < len(NEW):  # a disk that gets full takes a part first
            written += os.write(descriptor, NEW[written : written + 8192])
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(folder: Path, sync_file: bool = True, sync_folder: bool = True, sync_late: bool = False) -> None:
    """By a draft that is renamed; with its defaults as it should be. A full disk leaves no draft behind."""
    draft, kept = folder / "draft", folder / "kept"
    try:
        write(draft, sync_file and not sync_late)
        draft.replace(kept)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    if sync_late:
        sync(kept)
    if sync_folder:
        sync(folder)


def in_place(folder: Path, flags: int = os.O_TRUNC) -> None:
    write(folder / "kept", sync=True, flags=flags)
    sync(folder)


def moved_from_another_folder(folder: Path, sync_both: bool) -> None:
    """Made in FOLDER/incoming, then moved."""
    incoming = folder / "incoming"
    write(incoming / "draft", sync=True)
    (incoming / "draft").replace(folder / "kept")
    sync(folder)
    if sync_both:
        sync(incoming)


WRITERS: dict[str, Callable[[Path], None]] = {
    "right": replace,
    "right, from another folder": lambda folder: moved_from_another_folder(folder, True),
    "the folder it came from not synced": lambda folder: moved_from_another_folder(folder, False),
    "file not synced": lambda folder: replace(folder, sync_file=False),
    "folder not synced": lambda folder: replace(folder, sync_folder=False),
    "file synced after the rename": lambda folder: replace(folder, sync_late=True),
    "emptied and written in place": in_place,
    "overwritten in place": lambda folder: in_place(folder, flags=0),
}
RIGHT = [name for name in WRITERS if name.startswith("right")]
WRONG_AT_A_POWER_CUT = [name for name in WRITERS if name not in RIGHT]
WRONG_WHEN_KILLED = ["emptied and written in place", "overwritten in place"]

if __name__ == "__main__":
    WRITERS[sys.argv[1]](Path(sys.argv[2]))
