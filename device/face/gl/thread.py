"""A thread that owns a graphics context: OpenGL is made, used and ended on one thread, whoever asks for a frame.

Portraits are loaded in one thread of the face and drawn in another; a film is drawn in a third. Asking across costs
some tens of microseconds a frame. A driver that hangs costs whoever waits a `TimeoutError` and no more.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_Task = tuple[Callable[[], Any], "Future[Any]"]


class OwnThread:
    """Runs what it is given, one after another, on a thread of its own."""

    def __init__(self, name: str) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        threading.Thread(target=_work, args=(self._tasks,), name=name, daemon=True).start()

    def call(self, work: Callable[[], Result], timeout_s: float) -> Result:
        """The result of `work`, or whatever it raised; `concurrent.futures.TimeoutError` after `timeout_s`."""
        future: Future[Result] = Future()
        self._tasks.put((work, future))
        return future.result(timeout_s)

    def end(self, last: Callable[[], Any] = lambda: None) -> None:
        """Does `last` and ends, when all else is done. Does not wait."""
        self._tasks.put((last, Future()))
        self._tasks.put(None)


def _work(tasks: queue.SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        work, future = task
        try:
            future.set_result(work())
        except Exception as error:  # the edge of a thread: what went wrong is for whoever asked
            log.debug("handed on to whoever waits", exc_info=True)
            future.set_exception(error)
        del task, work, future  # nothing is kept alive while waiting
