"""Who does tasks: this process, a process for each core, or a Ray cluster. All give the same bytes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Protocol

import msgspec

from device import errors
from device.errors import Broken, ImagoError
from device.libraries import prepare_libraries
from provisioning.building.kept import Kept, Outcome
from provisioning.building.task import Task


class Failure(msgspec.Struct, frozen=True):
    """An ImagoError on its way between processes."""

    name: str
    told: dict[str, str]

    def error(self) -> ImagoError:
        """The error itself."""
        kind: type[ImagoError] = getattr(errors, self.name, ImagoError)
        return kind(**self.told)


Done = Outcome | Failure


def perform(folder: Path, task: Task) -> Done:
    """Does a task in this process and keeps its outcome in `folder`."""
    try:
        return Kept(folder).perform(task)
    except ImagoError as error:
        told = error.as_dict()
        return Failure(told.pop("error"), told)


class Executor(Protocol):
    """Takes tasks; what they give is kept in a folder that all workers see."""

    cores: int
    """How many tasks it does at once"""

    def submit(self, task: Task) -> Future[Done]:
        """The task's outcome, sooner or later. The future raises Broken where a worker died."""
        ...

    def __enter__(self) -> Executor: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends its workers; tasks that were not begun are not done."""
        ...


MakeExecutor = Callable[[Path], Executor]
"""Given the folder in which outcomes are kept."""


class HereExecutor:
    """Each task at once, in this process."""

    cores = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def submit(self, task: Task) -> Future[Done]:
        """See Executor."""
        future: Future[Done] = Future()
        future.set_result(perform(self._folder, task))
        return future

    def __enter__(self) -> HereExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left."""


class ProcessExecutor:
    """A process for each core; each is fresh, since native libraries do not outlive a fork."""

    def __init__(self, folder: Path, cores: int | None = None) -> None:
        self.cores = cores or len(os.sched_getaffinity(0))
        self._folder = folder
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, task: Task) -> Future[Done]:
        """See Executor."""
        if self._pool is None:  # where all is kept, no process is begun
            self._pool = ProcessPoolExecutor(self.cores, mp_context=get_context("spawn"), initializer=_start_worker)
        try:
            return self._pool.submit(perform, self._folder, task)
        except BrokenProcessPool:
            future: Future[Done] = Future()
            future.set_exception(died(task))
            return future

    def __enter__(self) -> ProcessExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def died(task: Task) -> Broken:
    """What is said when a worker is gone."""
    hint = "what is done is kept: run it again, with fewer --cores if memory was short"
    return Broken(task.title, expected="a worker to finish it", got="the worker died", hint=hint)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the build ends it, and it ends them
    prepare_worker()


def prepare_worker() -> None:
    """One core a worker: the libraries' own threads would get into each other's way."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    prepare_libraries()
