"""The store of a frame as the keeper of its processes uses it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Protocol

from device.errors import ImagoError, Missing
from device.keeping.switching import Choice
from device.persona.store import opening, state
from device.persona.store.store import Store

log = logging.getLogger(__name__)


class Packs(Protocol):
    """Where installed personas come from."""

    def wanted(self) -> Choice:
        """The one that the frame should be now; without a digest where it has none. Never raises."""
        ...

    def has(self, choice: Choice) -> bool:
        """Whether it is still one of the frame's."""
        ...

    def tried(self, choice: Choice) -> bool:
        """Takes one try from a pack on trial, durably; False where it had none left, and is given up. Raises Busy."""
        ...

    def passed(self) -> None:
        """The one on trial works. Raises Busy."""
        ...

    def open(self, choice: Choice) -> Path:
        """Its folder. Raises an ImagoError."""
        ...

    def close_others(self, choice: Choice) -> None:
        """Removes the folders of all packs but this one's, and those that may be needed again while it is on trial."""
        ...


class NoPacks:
    """Behind `Packs`, no store at all."""

    def wanted(self) -> Choice:
        return Choice()

    def has(self, choice: Choice) -> bool:
        return True

    def tried(self, choice: Choice) -> bool:
        return False

    def passed(self) -> None:
        """Nothing is on trial."""

    def open(self, choice: Choice) -> Path:
        raise Missing(f"persona {choice.name}", expected="a store", got="none")

    def close_others(self, choice: Choice) -> None:
        """Nothing was opened."""


class InstalledPacks:
    """Behind `Packs`, a frame's store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last = state.State()
        self._told = ""

    def wanted(self) -> Choice:
        now = self._state()
        record = now.personas.get(now.active)
        if record is None:
            return Choice()
        return Choice(now.active, record.running, record.name, bool(record.trial))

    def has(self, choice: Choice) -> bool:
        record = self._state().personas.get(choice.series)
        return not choice.digest or record is not None

    def tried(self, choice: Choice) -> bool:
        with self._store.writing():
            after = self._store.change(state.tried)
        return state.on_trial(after) == choice.digest

    def passed(self) -> None:
        with self._store.writing():
            self._store.change(state.passed)

    def open(self, choice: Choice) -> Path:
        return opening.open_pack(self._store, choice.series, choice.digest)

    def close_others(self, choice: Choice) -> None:
        spare = self._state().digests if choice.trial else frozenset()
        opening.close_all(but=spare | {choice.digest} - {""})

    def _state(self) -> state.State:
        """As of now; the last one that could be read, with a line in the log, where it cannot."""
        try:
            self._last, self._told = self._store.state, ""
        except ImagoError as error:
            if error.line() != self._told:
                log.error("%s", error.line())
            self._told = error.line()
        return self._last
