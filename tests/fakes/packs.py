"""A store of nothing but names, for who keeps the frame's processes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from device.errors import Busy, ImagoError
from device.keeping.switching import Choice


class FakePacks:
    """Behind the Packs port. A persona on trial that has no tries left is given up for `spare`."""

    def __init__(self, choice: Choice, spare: Choice | None = None, tries: int = 3) -> None:
        self.choice = choice
        self.spare = spare or Choice()
        self.tries = tries
        self.known = {choice.series, self.spare.series}
        self.busy = False
        self.closed_but: list[str] = []
        self.unreadable: dict[str, ImagoError] = {}
        """By digest"""

    def wanted(self) -> Choice:
        return self.choice

    def has(self, choice: Choice) -> bool:
        return not choice.digest or choice.series in self.known

    def tried(self, choice: Choice) -> bool:
        self._change()
        if not self.tries:
            self.choice = self.spare
            return False
        self.tries -= 1
        return True

    def passed(self) -> None:
        self._change()
        self.choice = replace(self.choice, trial=False)

    def open(self, choice: Choice) -> Path:
        if choice.digest in self.unreadable:
            raise self.unreadable[choice.digest]
        return Path("/nowhere") / choice.digest

    def close_others(self, choice: Choice) -> None:
        self.closed_but.append(choice.digest)

    def _change(self) -> None:
        if self.busy:
            raise Busy("store", expected="nobody else importing", got="another import")
