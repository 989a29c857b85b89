"""Calls that may never return: reading from a stick that died without being pulled out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

from device.errors import Broken, ImagoError

T = TypeVar("T")
LOOK_S = 0.2


def within(most_s: float, call: Callable[[], T], stopped: threading.Event) -> T:
    """What `call` gives, or the OSError or ImagoError that it raises. Raises Broken when it takes more than `most_s`,
    or is no longer waited for; the thread that it hangs in is left to itself."""
    answers: SimpleQueue[tuple[T | None, OSError | ImagoError | None]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put((call(), None))
        except (OSError, ImagoError) as error:
            answers.put((None, error))

    threading.Thread(target=ask, name="stick", daemon=True).start()
    for _ in range(max(1, round(most_s / LOOK_S))):
        try:
            answer, error = answers.get(timeout=LOOK_S)
        except Empty:
            if stopped.is_set():
                break
            continue
        if error is not None:
            raise error
        return answer  # type: ignore[return-value]
    raise Broken(
        "stick", expected=f"an answer within {most_s:g} s", got="none", hint="put it in again", code="media.gone"
    )
