"""A worker does its jobs in order, outlives their failures, and says so when it cannot keep up."""

from __future__ import annotations

import queue
import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from device.workers import QUEUE_LENGTH, Hangs, Worker

PATIENCE_S = 20.0


class Ledger:
    """What was done and what failed; `hold` keeps the first job in hand until `go`."""

    def __init__(self, hold: bool = False) -> None:
        self.done: queue.Queue[int] = queue.Queue()
        self.failed: list[tuple[int, str]] = []
        self.begun, self.go = threading.Event(), threading.Event()
        if not hold:
            self.go.set()
        self.worker = Worker[int]("worker", self._work, lambda job, error: self.failed.append((job, str(error))))

    def _work(self, job: int) -> None:
        self.begun.set()
        assert self.go.wait(PATIENCE_S)
        if job < 0:
            raise ValueError("below zero")
        self.done.put(job)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-3, 9), max_size=QUEUE_LENGTH // 2))
def test_jobs_in_order_and_failures_apart(jobs: list[int]) -> None:
    ledger = Ledger()
    for job in [*jobs, 100]:
        ledger.worker.submit(job)
    wanted = [job for job in [*jobs, 100] if job >= 0]
    assert [ledger.done.get(timeout=PATIENCE_S) for _ in wanted] == wanted
    assert ledger.failed == [(job, "below zero") for job in jobs if job < 0]
    ledger.worker.stop()


def test_a_queue_that_is_full_fails_the_job_at_once() -> None:
    ledger = Ledger(hold=True)
    ledger.worker.submit(0)
    assert ledger.begun.wait(PATIENCE_S)
    for job in range(1, QUEUE_LENGTH + 2):
        ledger.worker.submit(job)
    assert ledger.failed == [(QUEUE_LENGTH + 1, f"worker is {QUEUE_LENGTH} jobs behind")]
    ledger.go.set()
    assert [ledger.done.get(timeout=PATIENCE_S) for _ in range(QUEUE_LENGTH + 1)] == list(range(QUEUE_LENGTH + 1))
    ledger.worker.stop()


def test_stop_finishes_the_job_in_hand_and_drops_the_rest() -> None:
    ledger = Ledger(hold=True)
    ledger.worker.submit(0)
    assert ledger.begun.wait(PATIENCE_S)
    for job in (1, 2, 3):
        ledger.worker.submit(job)
    ledger.worker.stop(timeout_s=0.0)
    ledger.go.set()
    ledger.worker.stop(PATIENCE_S)
    assert [ledger.done.get_nowait() for _ in range(ledger.done.qsize())] == [0]
    assert ledger.failed == []


def test_a_hang_is_told_once_and_a_slow_job_is_none() -> None:
    hangs = Hangs(60.0)
    assert hangs.look({"mind": 1, "voice": 7}, 0.0) == []
    assert hangs.look({"mind": 1, "voice": 8}, 59.0) == []
    assert hangs.look({"mind": 1, "voice": 8}, 61.0) == ["mind"]
    assert hangs.look({"mind": 1, "voice": 8}, 90.0) == []
    assert hangs.look({"mind": 2}, 500.0) == []
    assert hangs.look({"voice": 0}, 900.0) == []  # its first job waits


@given(st.lists(st.integers(0, 3), max_size=60))
def test_who_goes_on_to_another_job_in_time_never_hangs(jobs: list[int]) -> None:
    hangs = Hangs(10.0)
    for number, job in enumerate(jobs):
        fresh = {f"worker {job}": number}
        assert hangs.look(fresh, 9.0 * number) == []
