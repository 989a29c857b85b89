"""Outcomes of tasks, kept by their key: what was made once is not made again, and what was cut short is not there."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import cast

import msgspec

from device.errors import Broken, Busy, ImagoError
from models_quantized.catalog import sha256_of
from provisioning.building.task import Input, Run, Task

NOTE = "outcome.json"
"""Beside the folder of an outcome."""


class Note(msgspec.Struct, frozen=True):
    """What is known of an outcome."""

    title: str
    digest: str
    sizes: dict[str, int]
    """Files and their bytes"""
    seconds: float
    """What it took"""


class Outcome(msgspec.Struct, frozen=True):
    """A task's folder, and what it took to fill it."""

    folder: Input
    seconds: float


def digest_of_folder(folder: Path) -> tuple[str, dict[str, int]]:
    """SHA-256 over all names and bytes of a folder, and its files' sizes."""
    total, sizes = hashlib.sha256(), {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        told = path.relative_to(folder).as_posix()
        total.update(told.encode() + b"\0" + bytes.fromhex(sha256_of(path)))
        sizes[told] = path.stat().st_size
    return total.hexdigest(), sizes


class Kept:
    """A folder of outcomes; several processes and machines may share it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made where there is none. Raises Busy where nothing can be written."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Busy(str(folder), expected="a folder to work in", got=error.strerror or str(error)) from None

    def find(self, task: Task) -> Outcome | None:
        """What was made before, where it is whole; it counts as used now."""
        place = self._place(task.key)
        note = _whole(place)
        if note is None:
            return None
        with contextlib.suppress(OSError):
            os.utime(place / NOTE)
        return Outcome(Input(place / "out", note.digest), note.seconds)

    def perform(self, task: Task) -> Outcome:
        """Does the task in this process and keeps what it gives. Raises what the task raises, Busy for a full disk."""
        if (ready := self.find(task)) is not None:
            return ready
        place = self._place(task.key)
        draft = place.with_name(f".{task.key[:16]}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            (draft / "out").mkdir(parents=True)
            start = time.monotonic()
            _function(task.run)({name: given.path for name, given in task.inputs.items()}, task.options, draft / "out")
            self._note(task, draft, time.monotonic() - start)
            self._take_place(draft, place)
        except ImagoError:
            raise
        except OSError as error:
            raise Busy(task.title, expected="room and a way to write", got=error.strerror or str(error)) from None
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        made = self.find(task)
        if made is None:
            raise Broken(task.title, expected="its outcome", got="none", hint="run it again")
        return made

    def prune(self, unused_s: float, now: float) -> int:
        """Takes away what has not been used for so many seconds before `now`, and drafts as old -> how many."""
        old = [p for p in self.folder.glob("??/*") if (age := _age(p, now)) is not None and age > unused_s]
        for place in old:
            shutil.rmtree(place, ignore_errors=True)
        return len(old)

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _note(self, task: Task, draft: Path, seconds: float) -> None:
        digest, sizes = digest_of_folder(draft / "out")
        note = Note(task.title, digest, sizes, round(seconds, 3))
        (draft / NOTE).write_bytes(msgspec.json.format(msgspec.json.encode(note, order="deterministic"), indent=1))
        for path in (p for p in draft.rglob("*") if p.is_file()):
            with path.open("rb") as file:
                os.fsync(file.fileno())

    def _take_place(self, draft: Path, place: Path) -> None:
        """Under its final name at once; where another process was quicker, its outcome stays."""
        try:
            os.rename(draft, place)
        except OSError:
            if _whole(place) is None:
                shutil.rmtree(place, ignore_errors=True)
                os.rename(draft, place)


def _whole(place: Path) -> Note | None:
    """The note of an outcome all of whose files are there."""
    try:
        note = msgspec.json.decode((place / NOTE).read_bytes(), type=Note)
        there = all((place / "out" / told).stat().st_size == size for told, size in note.sizes.items())
    except (OSError, msgspec.DecodeError):
        return None
    return note if there else None


def _age(place: Path, now: float) -> float | None:
    with contextlib.suppress(OSError):
        note = place / NOTE
        return now - (note if note.exists() else place).stat().st_mtime
    return None


def _function(run: str) -> Run:
    module, _, name = run.partition(":")
    return cast(Run, getattr(importlib.import_module(module), name))
