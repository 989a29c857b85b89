"""Says in advance what answers open with, while nobody is there to be kept waiting by it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping

from device.errors import ImagoError
from device.libraries import compute_in_the_background
from device.mind.openings import Opening
from device.ports import Clock
from device.voice.prepared import Prepared

log = logging.getLogger(__name__)

REST = 1.0
"""Rest after each opening, in times of what it took: half a core at most, for as long as it lasts."""
LOOK_S = 0.5
"""s between two looks whether somebody is still there."""


class Preparing:
    """A thread that goes through the openings; `idle` says when it may."""

    def __init__(self, voices: Mapping[str, Prepared], openings: Iterable[Opening], clock: Clock) -> None:
        """`openings` may be made while they are asked for: the first step begins with them, not the start."""
        self._voices = voices
        self._left = (opening for opening in openings if opening.language in voices)
        self._clock = clock
        self._rest = REST
        self._full: set[str] = set()
        self._stopping = threading.Event()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, idle: Callable[[], bool]) -> None:
        """From here on, whenever `idle()`."""
        self._thread = threading.Thread(target=self._run, args=(idle,), name="preparing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finishes what is in hand, leaves the rest."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5)

    def wait(self, timeout_s: float) -> bool:
        """Until all is prepared -> whether it is. Who waits has it done without rest."""
        self._rest = 0.0
        return self._done.wait(timeout_s)

    def step(self) -> bool:
        """One opening -> whether there was one."""
        opening = next(self._left, None)
        if opening is None:
            return False
        if opening.language not in self._full and not self._voices[opening.language].prepare(opening.text):
            self._full.add(opening.language)
            log.info("no room for more openings in %s", opening.language)
        return True

    def _run(self, idle: Callable[[], bool]) -> None:
        compute_in_the_background()
        rest_s = 0.0
        while not self._stopping.wait(rest_s):
            rest_s = LOOK_S
            if not idle():
                continue
            began = self._clock.now()
            try:
                if not self.step():
                    self._done.set()
                    break
            except ImagoError as error:  # the answer will meet it again, and say so
                log.warning("an opening could not be prepared: %s", error.line())
            rest_s = self._rest * (self._clock.now() - began)
