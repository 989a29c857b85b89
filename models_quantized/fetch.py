"""Bring models to their place, so that a kill at any moment leaves either nothing there or the whole checked file.

lock the models folder -> what is missing? -> is there room? -> for each file, for each of its sources:
bring a draft -> check its SHA-256 -> sync it to the disk -> give it its name
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from device.errors import BadInput, Broken, Busy, ImagoError, Missing
from models_quantized import catalog
from models_quantized.index import PipSettings
from models_quantized.progress import Progress
from models_quantized.schema import File, Hub, Local, Model, Package, Part, Source
from models_quantized.sources import Sources, describe, draft_path, read_journal
from models_quantized.transfer import Limits, Web, disk
from models_quantized.wheels import Wheels

MARGIN_BYTES = 64 << 20  # room left over on the disk after a fetch
MB = 1e6

Item = tuple[Model, File]


@dataclass(frozen=True)
class Settings:
    """Where models go and how they come. `pip` None means: as pip is configured on this machine.

    With `only_from`, a folder laid out like the models folder (a stick, another frame), nothing else is asked.
    """

    root: Path
    limits: Limits = field(default_factory=Limits)
    pip: PipSettings | None = None
    only_from: Path | None = None


@dataclass(frozen=True)
class Report:
    """What a fetch did, as ``model/file`` names."""

    fetched: tuple[str, ...]
    present: tuple[str, ...]


def fetch(models: Iterable[Model], settings: Settings, progress: Progress) -> Report:
    """See to it that all files of `models` lie verified under ``settings.root``.

    One file that cannot be had does not hold up the others; then the first error is raised at the end. Raises
    `Missing` (no source has it), `BadInput` (a source has other bytes), `Busy` (no room on the disk).
    """
    if settings.only_from is not None and not settings.only_from.is_dir():
        raise Missing(str(settings.only_from), expected="a folder with models", got="no such folder")
    drafts = settings.root / ".partial"
    with locked(settings.root, progress):
        with disk(drafts):
            drafts.mkdir(exist_ok=True)
        items = [(model, file) for model in dict.fromkeys(models) for file in model.files]
        missing = [item for item in items if not _is_here(item, settings.root)]
        begun = sum(path.stat().st_size for path in drafts.iterdir() if path.is_file())
        check_room(settings.root, room_needed(missing) - begun, shutil.disk_usage(settings.root).free)
        if missing:
            _fetch_all(missing, settings, drafts, progress)
        with contextlib.suppress(OSError):
            drafts.rmdir()  # stays if it holds the beginnings of other models
    names = [_name(item) for item in items]
    fetched = tuple(_name(item) for item in missing)
    return Report(fetched, tuple(name for name in names if name not in fetched))


def room_needed(missing: Iterable[Item]) -> int:
    """Bytes of disk that a fetch takes at its highest: all files, and once more the largest while it is joined."""
    sizes = [file.size for _, file in missing]
    return sum(sizes) + max(sizes) + MARGIN_BYTES if sizes else 0


def check_room(root: Path, needed: int, free: int) -> None:
    """Raise `Busy` with the figures if `free` bytes are fewer than `needed`."""
    if free < needed:
        raise Busy(
            f"disk of {root}",
            expected=f"{needed / MB:.0f} MB of room for the models",
            got=f"{free / MB:.0f} MB, no space",
            hint="free some space or set IMAGO_MODELS to a folder on another disk",
        )


@contextlib.contextmanager
def locked(root: Path, progress: Progress) -> Iterator[None]:
    """Hold the models folder alone; waits for another fetch. The kernel frees the lock of a process that dies."""
    with disk(root):
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / ".lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.note("another fetch is running, waiting for it to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_here(item: Item, root: Path) -> bool:
    try:
        catalog.verify(*item, root)
    except (Missing, BadInput):
        return False
    return True


def _fetch_all(missing: list[Item], settings: Settings, drafts: Path, progress: Progress) -> None:
    web = Web(settings.limits)
    wheels = Wheels(web, drafts, settings.pip, _parts(missing, drafts))
    job = _Job(settings, Sources(web, wheels, drafts), progress)
    progress.begin(sum(file.size for _, file in missing))
    try:
        if settings.only_from is None:
            web.meet(source.url for _, file in missing for source in file.sources if isinstance(source, Hub))
        failures = [failure for item in missing if (failure := job.attempt(item))]
        if failures:
            raise failures[0]
        wheels.clear(_parts(missing))
    except Busy:
        wheels.close()
        shutil.rmtree(drafts, ignore_errors=True)  # a full disk would hurt more than fetching again
        raise
    finally:
        wheels.close()
        progress.end()


def _parts(missing: Iterable[Item], drafts: Path | None = None) -> Iterator[Part]:
    """Every part of the files, as often as it is used; with `drafts`, without those that are joined already."""
    for _, file in missing:
        done = read_journal(draft_path(drafts, file, "joined"))[0] if drafts else 0
        for source in file.sources:
            if isinstance(source, Package):
                yield from source.parts[done:]


@dataclass(frozen=True)
class _Job:
    """The fetching of one file after the other; what has been complained of once is not said again."""

    settings: Settings
    sources: Sources
    progress: Progress
    said: set[str] = field(default_factory=set)

    def attempt(self, item: Item) -> ImagoError | None:
        """Fetch `item`, or say and return why no source has it."""
        model, file = item
        stick = self.settings.only_from
        choice = file.sources if stick is None else (Local(dir=str(stick)),)
        reasons: list[ImagoError] = []
        for source in choice:
            failure = self._try(source, item)
            if failure is None:
                self.progress.note(f"{_name(item)} is here, from {describe(source)}")
                return None
            reasons.append(failure)
            self._complain(f"{describe(source)}: expected {failure.expected}, got {failure.got}")
        kind = BadInput if any(isinstance(reason, BadInput) for reason in reasons) else Missing
        return kind(
            f"model {model.id}",
            expected=f"a source that has {file.name}",
            got="; ".join(f"{describe(source)}: {reason.got}" for source, reason in zip(choice, reasons, strict=True)),
            hint="run it again when there is a network, it resumes; or take the models --from a folder",
        )

    def _try(self, source: Source, item: Item) -> ImagoError | None:
        model, file = item
        counted = _Counted(self.progress)
        try:
            draft = self.sources.bring(source, model, file, counted.add)
            _place(draft, item, self.settings.root)
        except BadInput as error:
            self.sources.discard(source, file)
            counted.settle(0)
            return error
        except (Missing, Broken) as error:
            counted.settle(0)
            return error
        self.sources.tidy(file)
        counted.settle(file.size)
        return None

    def _complain(self, text: str) -> None:
        if text not in self.said:
            self.said.add(text)
            self.progress.note(text)


def _place(draft: Path, item: Item, root: Path) -> None:
    """Give the draft its final name if its bytes are right; raises `BadInput` if not."""
    model, file = item
    got = catalog.sha256_of(draft)
    if got != file.sha256:
        raise BadInput(
            _name(item), expected=f"SHA-256 {file.sha256[:12]}...", got=f"wrong bytes, SHA-256 {got[:12]}..."
        )
    path = catalog.path_of(model, file, root)
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _sync(draft)
        draft.replace(path)
        _sync(path.parent)
    catalog.stamp(path, file)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(item: Item) -> str:
    return f"{item[0].id}/{item[1].name}"


class _Counted:
    """Reports the bytes of one file, from several threads, and in the end exactly as many as have come to stay."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told = 0.0
        self._lock = threading.Lock()

    def add(self, amount: float) -> None:
        with self._lock:
            self._told += amount
        self._progress.advance(amount)

    def settle(self, told: int) -> None:
        """Make `told` what has been reported in all."""
        self.add(told - self._told)
