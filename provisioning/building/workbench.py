"""Runs tasks on an executor: those that are kept at once, the rest longest first, with a bar and an honest estimate."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from pathlib import Path

import msgspec

from device.errors import ImagoError
from device.whole_file import write_whole
from provisioning.building.estimate import Estimate, words
from provisioning.building.executor import Done, Executor, Failure, died
from provisioning.building.kept import Kept, Outcome
from provisioning.building.task import Input, Task

Tell = Callable[[float, str], None]
"""0..1, and what is being done."""
SPEEDS = "speeds.json"
"""In the folder of outcomes: what tasks of each kind took on this machine."""


class Workbench:
    """Does tasks and remembers how long they take here."""

    def __init__(self, kept: Kept, executor: Executor, tell: Tell = lambda share, what: None) -> None:
        self.kept = kept
        self._executor = executor
        self._tell = tell
        self._estimate = Estimate(executor.cores, _speeds(kept.folder / SPEEDS))
        self._running: dict[str, tuple[Task, Future[Done]]] = {}
        self.made = 0
        """Tasks that were really done; the others were kept from before"""

    def start(self, tasks: Iterable[Task]) -> None:
        """Begins tasks whose outcomes are wanted later, the longest first."""
        for task in sorted(tasks, key=lambda t: -t.seconds):
            if task.key not in self._running and self.kept.find(task) is None:
                self._estimate.expect(task.key, task.run, task.seconds)
                self._running[task.key] = (task, self._executor.submit(task))

    def outcomes(self, tasks: Sequence[Task]) -> list[Input | ImagoError]:
        """What each task gives, in their order; an error of one leaves the others alone."""
        self.start(tasks)
        wanted = {task.key for task in tasks}
        failed: dict[str, ImagoError] = {}
        while waiting := [future for key, (_, future) in self._running.items() if key in wanted]:
            wait(waiting, return_when=FIRST_COMPLETED)
            failed |= self._collect(wanted)
        return [failed.get(task.key) or self._found(task) for task in tasks]

    def outcome(self, task: Task) -> Input:
        """The task's folder. Raises its error."""
        (given,) = self.outcomes([task])
        if isinstance(given, ImagoError):
            raise given
        return given

    def close(self) -> None:
        """Writes down what was learnt of this machine."""
        with contextlib.suppress(OSError):
            write_whole(self.kept.folder / SPEEDS, msgspec.json.encode(self._estimate.factors, order="deterministic"))

    def _found(self, task: Task) -> Input | ImagoError:
        found = self.kept.find(task)
        return found.folder if found is not None else died(task)

    def _collect(self, wanted: set[str]) -> dict[str, ImagoError]:
        """Takes in what has been done; errors of what nobody waits for yet are met again when it is waited for."""
        failed: dict[str, ImagoError] = {}
        for key, (task, future) in list(self._running.items()):
            if not future.done():
                continue
            done = _result(task, future)
            if isinstance(done, Outcome):
                self.made += 1
                self._estimate.finished(key, done.seconds)
                del self._running[key]
            elif key in wanted:
                failed[key] = done
                self._estimate.finished(key, 0.0)
                del self._running[key]
            self._tell(self._estimate.share(), f"{task.title}; {words(self._estimate.left_s())} left")
        return failed


def _result(task: Task, future: Future[Done]) -> Outcome | ImagoError:
    try:
        done = future.result()
    except BrokenExecutor:
        return died(task)
    except ImagoError as error:
        return error
    return done.error() if isinstance(done, Failure) else done


def _speeds(path: Path) -> dict[str, float]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, float])
    except (OSError, msgspec.DecodeError):
        return {}
