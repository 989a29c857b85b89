"""One stick from being put in to "you can take it out": each file to the importer, each outcome told and noted."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from device.errors import Broken, ImagoError
from device.persona.stick import words as words
from device.persona.stick.arrival import Arrival, Stage
from device.persona.stick.handing import Connect, Verdict, failed, hand_over, unreadable
from device.persona.stick.patience import within
from device.persona.stick.stick import MOST_S, Found, Listing, Stick, gone, printable
from device.persona.store import outcome

log = logging.getLogger(__name__)

EVERY_S = 0.5
"""Between two words on how far it is."""
SPARE_S = 10.0
"""Beyond what looking is allowed, for a stick that hangs within one call."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one file."""

    found: Found | None
    """None for what was no file at all"""
    verdict: Verdict


@dataclass(slots=True)
class Telling:
    """What the family is told of one stick, not more often than they can read."""

    stick: str
    tell: Callable[[Arrival], None]
    now: Callable[[], float]
    last: tuple[Stage, float] = field(default=("nothing", -1e9))

    def say(self, stage: Stage, text: words.Words, share: float = 0.0, safe: bool = False) -> None:
        """At once."""
        self.last = (stage, self.now())
        self.tell(Arrival(self.stick, stage, *text, share=min(1.0, max(0.0, share)), safe=safe))

    def progress(self, stage: Stage, text: words.Words, share: float) -> None:
        """Now and then."""
        before, when = self.last
        if stage != before or self.now() - when >= EVERY_S:
            self.say(stage, text, share)


class Visit:
    """Of the stick that is mounted at `root`. `stopped` is set when it was pulled out."""

    def __init__(self, root: Path, connect: Connect, telling: Telling, stopped: threading.Event) -> None:
        self._root = root
        self._connect = connect
        self._telling = telling
        self._stopped = stopped

    def run(self, reports: bool = False) -> tuple[list[Result], Listing]:
        """Takes all that is for the frame, in order; `reports`: whether somebody will write the report that may be
        asked for. The last thing told is that the stick may be taken out, or was taken out too early. Raises BadInput
        where no folder is."""
        try:
            self._stick = within(SPARE_S, lambda: Stick(self._root), self._stopped)
            listing = self._look()
        except Broken as error:
            self._telling.say("gone", words.GONE, safe=True)
            return [Result(None, failed(error))], Listing()
        if listing.empty:
            self._tell_nothing(listing)
            return [], listing
        self._telling.say("looking", words.LOOKING)
        results = [self._refused(path, error) for path, error in listing.refused]
        for number, found in enumerate(listing.found, 1):
            results.append(self._take(found, number, len(listing.found)))
            if results[-1].verdict.code == "media.gone":
                self._telling.say("gone", words.outcomes([r.verdict for r in results]), safe=True)
                return results, listing
        self._tell_end(results, listing, reports and listing.report_wanted)
        return results, listing

    def _look(self) -> Listing:
        return within(MOST_S + SPARE_S, lambda: self._stick.look(self._telling.now), self._stopped)

    def _refused(self, path: str, error: ImagoError) -> Result:
        log.warning("%s: %s", printable(path), error.line())
        return Result(None, failed(error))

    def _take(self, found: Found, number: int, total: int) -> Result:
        def progress(stage: outcome.Stage, done: int, of: int) -> None:
            text = words.of_many(words.STAGES[stage], number, total)
            self._telling.progress(stage, text, done / of if of > 0 else 0.0)

        try:
            verdict = self._hand_over(found, progress)
        except ImagoError as error:
            verdict = failed(error)
        log.info("%s: %s", printable(found.path), verdict.did or f"{verdict.error} {verdict.code}")
        return Result(found, verdict)

    def _hand_over(self, found: Found, progress: outcome.Progress) -> Verdict:
        try:
            file, size = within(SPARE_S, lambda: self._stick.open(found.path), self._stopped)
        except OSError:
            raise self._unreadable(found.path) from None
        try:
            return hand_over(file, size, self._connect, progress, self._stopped)
        except Broken as error:
            raise self._unreadable(found.path) if error.code == "media.gone" else error from None
        finally:
            with contextlib.suppress(OSError, Broken):  # of a stick that is gone, even closing fails, or hangs
                within(SPARE_S, lambda: os.close(file), self._stopped)

    def _unreadable(self, path: str) -> ImagoError:
        """One bad file, or no stick any more? A stick that hangs counts as gone."""
        try:
            there = not self._stopped.is_set() and within(SPARE_S, self._stick.is_there, self._stopped)
        except Broken:
            there = False
        if there:
            return unreadable(printable(path))
        return gone(OSError(0, "it is gone"))

    def _tell_nothing(self, listing: Listing) -> None:
        parts = [words.photographs(listing.photographs, others=False)]
        self._telling.say("nothing", words.joined(parts), safe=True)

    def _tell_end(self, results: Sequence[Result], listing: Listing, report: bool) -> None:
        told = words.outcomes([result.verdict for result in results])
        more = words.TOO_MUCH if listing.cut else ("", "")
        photographs = words.photographs(listing.photographs, others=bool(results))
        if report:
            self._telling.say("keeping", words.joined([told, words.REPORT_COMING]), 1.0)
            return
        stage: Stage = "refused" if results and not results[-1].verdict.ok else "done"
        if any(result.verdict.ok for result in results):
            stage = "done"
        self._telling.say(stage, words.joined([told, more, photographs, words.SAFE]), 1.0, safe=True)
