"""One thread per engine, a bounded queue before it, errors at its edge turned into events."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from device.libraries import compute_in_the_background

Job = TypeVar("Job")
log = logging.getLogger(__name__)

QUEUE_LENGTH = 64


class Worker(Generic[Job]):
    """Runs `work(job)` for each job in order on a thread of its own."""

    def __init__(
        self,
        name: str,
        work: Callable[[Job], None],
        failed: Callable[[Job, Exception], None],
        stale: Callable[[Job], bool] = lambda job: False,
    ) -> None:
        """`stale`: whether nobody wants a job any more; such jobs make room for new ones."""
        self.name = name
        self._at_work = False
        self.job_number = 0
        """How many were begun."""
        self._stale = stale
        self._work = work
        self._failed = failed
        self._jobs: queue.Queue[Job | None] = queue.Queue(QUEUE_LENGTH)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """A job is in hand, or waits."""
        return self._at_work or not self._jobs.empty()

    def submit(self, job: Job) -> None:
        """Queues a job; a queue this full means the engine hangs, and the job fails at once."""
        if self._jobs.full():
            self._drop_stale()
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            self._failed(job, RuntimeError(f"{self.name} is {QUEUE_LENGTH} jobs behind"))

    def stop(self, timeout_s: float = 5.0) -> None:
        """Finishes the job in hand, drops the rest."""
        while True:
            try:
                self._jobs.get_nowait()
            except queue.Empty:
                break
        self._jobs.put(None)
        self._thread.join(timeout_s)

    def _drop_stale(self) -> None:
        with self._jobs.mutex:
            wanted = [job for job in self._jobs.queue if job is None or not self._stale(job)]
            self._jobs.queue.clear()
            self._jobs.queue.extend(wanted)

    def _run(self) -> None:
        compute_in_the_background()
        while (job := self._jobs.get()) is not None:
            self.job_number += 1
            self._at_work = True
            try:
                self._work(job)
            except Exception as error:  # the thread's edge: an engine's failure becomes an event
                log.exception("%s failed", self.name)
                self._failed(job, error)
            self._at_work = False


class Hangs:
    """Tells which workers have been at one and the same job for too long. Pure: time is an argument."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._since: dict[str, tuple[int, float]] = {}

    def look(self, jobs: Mapping[str, int], t: float) -> list[str]:
        """`jobs`: the number of the job in hand by worker, of those that have one, at `t` s -> those that hang, each
        told once."""
        before = self._since
        self._since = {
            name: before[name] if name in before and before[name][0] == job else (job, t) for name, job in jobs.items()
        }
        hung = [name for name, (_, since) in self._since.items() if t - since > self._limit_s]
        for name in hung:
            self._since[name] = (jobs[name], float("inf"))
        return hung
