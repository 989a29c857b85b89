"""Makes something in a thread, so that no frame waits for it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from device.errors import ImagoError

T = TypeVar("T")
log = logging.getLogger(__name__)

NICENESS = 10
"""A photograph that comes a second later is not noticed, a frame that comes late is."""


class Aside(Generic[T]):
    """One thing at a time. All but the making belongs to one thread."""

    def __init__(self, name: str) -> None:
        """`name`: of the thread."""
        self._name = name
        self._thread: threading.Thread | None = None
        self._made: T | None = None

    @property
    def busy(self) -> bool:
        """Something was asked for and has not been taken."""
        return self._thread is not None

    def ask(self, make: Callable[[], T]) -> None:
        """Begins; what was asked for before is forgotten."""
        self._made = None
        self._thread = threading.Thread(target=self._run, args=(make,), name=self._name, daemon=True)
        self._thread.start()

    def take(self) -> tuple[T | None] | None:
        """Once it is over, what was made, None where that failed; then it is yours."""
        if self._thread is None or self._thread.is_alive():
            return None
        self._thread, made, self._made = None, self._made, None
        return (made,)

    def wait(self) -> None:
        """Until it is over."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, make: Callable[[], T]) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        made: T | None = None
        try:
            made = make()
        except ImagoError as error:
            log.warning("%s", error.line())
        except Exception:  # the thread's edge: a photograph broken in no known way must not end the face
            log.exception("the %s failed", self._name)
        if threading.current_thread() is self._thread:
            self._made = made
