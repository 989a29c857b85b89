"""When the frame says aloud what became of a stick: once, and only while nobody talks with it. Pure but for a small
file that tells the mind of another persona, started meanwhile, what was said already."""

from __future__ import annotations

import contextlib
from pathlib import Path

from device.persona.stick.arrival import Arrival
from device.persona.unpacked import Language
from device.stick import SAFE

QUIET_S = 1.5
"""s without a conversation until it speaks."""
LATEST_S = 90.0
"""s after which nobody wants to know any more: long enough for the mind of the new persona to come up."""
AGAIN_S = 15.0
"""s until it is said once more where it was not heard to its end."""


def words(arrival: Arrival, language: Language) -> str:
    """What is worth saying of it; "" for nothing."""
    if arrival.stage == "refused":
        return arrival.zh if language == "zh" else arrival.en
    return SAFE[language] if arrival.stage == "done" and arrival.safe else ""


class Announcer:
    """Of one mind; belongs to one thread, but for `said`."""

    def __init__(self, language: Language, note: Path | None) -> None:
        """`note`: where it is written down what was said."""
        self._language: Language = language
        self._note = note
        self._stirred = float("-inf")
        self._tried = float("-inf")
        self._text = ""
        self._mark = ""

    def look(self, seen: tuple[Arrival, float] | None, calm: bool, now: float) -> str:
        """What is to be said at `now` s, mostly "". `seen`: what is going on, and since how many s. `calm`: nobody
        talks with the frame."""
        if not calm:
            self._stirred = now
        if seen is None or seen[1] > LATEST_S or not (text := words(seen[0], self._language)):
            return ""
        mark = f"{seen[0].stick} {seen[0].stage}"
        if now - self._stirred < QUIET_S or now - self._tried < AGAIN_S or self._noted() == mark:
            return ""
        self._tried, self._text, self._mark = now, text, mark
        return text

    def said(self, text: str) -> None:
        """Something was said to its end."""
        if text and text == self._text and self._note is not None:
            with contextlib.suppress(OSError):
                self._note.write_text(self._mark, encoding="utf-8")

    def _noted(self) -> str:
        try:
            return self._note.read_text(encoding="utf-8", errors="replace") if self._note is not None else ""
        except OSError:
            return ""
