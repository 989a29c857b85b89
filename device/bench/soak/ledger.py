"""What was said to the frame and what became of it: a fold over the loop's events, bounded however long it lasts."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from device.bench.soak.script import Line
from device.conversation import events as ev
from device.conversation.steps import UNCLEAR
from device.ears.recording import Said
from device.record import describe, first_audible

Outcome = Literal["answered", "asked again", "failed", "deaf", "misheard", "unheeded", "dead"]

BEFORE_S, AFTER_S = 0.2, 1.0
"""s around a person's sound in which what the ears notice is that sound."""

REMEMBERED = 60
"""Events that are told of an exchange that went wrong."""


@dataclass(slots=True)
class Exchange:
    """Something that was said to the frame, and its answer; s on the monotonic clock."""

    line: Line
    said: Said
    turn: int
    """The last one begun before it."""
    troubled: bool
    """Something was broken at the time."""
    into_answer: bool = False
    """The frame was speaking."""
    noticed: float | None = None
    listened: bool = False
    """It came as far as the transcriber."""
    heard: str = ""
    """What a turn of its own was made of."""
    partly: str = ""
    """What was understood of it while the frame itself spoke."""
    route: str = ""
    first_sound: float | None = None
    over: bool = False
    interrupted: bool = False
    """Its answer was."""
    answer: str = ""
    failures: list[str] = field(default_factory=list)

    def outcome(self) -> Outcome:
        """asked again: it said that it had not understood. deaf: the ears did not take it in. misheard: the transcriber
        found no words in it, nor anything to ask about. unheeded: either, of what was said into an answer. failed:
        given up, which the face shows. dead: nothing came."""
        if self.first_sound is not None and self.over and not self.failures:
            return "asked again" if self.route == UNCLEAR else "answered"
        if self.failures:
            return "failed"
        if not self.heard:
            return "unheeded" if self.into_answer else "misheard" if self.listened else "deaf"
        return "answered" if self.over and self.route == "command" else "dead"

    def line_out(self, origin: float) -> dict[str, Any]:
        """As a line of soak.jsonl."""
        latency = None if self.first_sound is None else round(1000 * (self.first_sound - self.said.end))
        known = {"t_s": round(self.said.start - origin, 2), "said": self.line.text, "voice": self.line.voice}
        known |= {"heard": self.heard, "answer": self.answer, "outcome": self.outcome(), "latency_ms": latency}
        known |= {"troubled": self.troubled, "into_answer": self.into_answer, "route": self.route}
        known |= {"interrupted": self.interrupted}
        known |= {"partly_heard": self.partly} if self.partly and not self.heard else {}
        return known | ({"failures": self.failures} if self.failures else {})


class Ledger:
    """Observer of a loop; any thread may ask it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Since the beginning: turns, false_stops, false_ducks, unasked (answers to nobody); troubled_stops: those of
        the false stops that came while something was broken: it may not know its own voice then."""
        self.playback_s = 0.0
        """s of own voice."""
        self._news = threading.Condition()
        self._turn = 0
        self._t = 0.0
        self._current: Exchange | None = None
        self._sounds: deque[Said] = deque(maxlen=16)
        self._recent: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._onsets: dict[int, float] = {}
        """s into each clause of the turn that it becomes audible."""

    def open(self, line: Line, said: Said, troubled: bool, into_answer: bool = False) -> Exchange:
        """Somebody says something now."""
        with self._news:
            self._sounds.append(said)
            self._current = Exchange(line, said, self._turn, troubled, into_answer)
            return self._current

    def disturb(self, said: Said) -> None:
        """A sound is made that is not to be answered."""
        with self._news:
            self._sounds.append(said)

    def close(self) -> None:
        """Nobody waits for an answer any more."""
        with self._news:
            self._current = None

    def wait(self, until: Callable[[], bool], timeout_s: float) -> bool:
        """Until that is so, or the time is over -> whether it is."""
        with self._news:
            return self._news.wait_for(until, timeout_s)

    def recent(self) -> list[dict[str, Any]]:
        """The last events, to find out why something went wrong."""
        with self._news:
            return list(self._recent)

    def event(self, event: ev.Event) -> None:
        """Observer."""
        with self._news:
            if not isinstance(event, ev.Ticked):
                self._recent.append(describe(event, lambda t: None if t is None else round(1000 * t)))
            self._t = event.t
            turn = getattr(event, "turn", None)
            if turn is not None and turn > self._turn:
                self._turn = turn
                self._onsets.clear()
            self._count(event)
            if self._current is not None:
                self._follow(self._current, event, turn)
            self._news.notify_all()

    def finished(self, turn: ev.FinishTurn) -> None:
        """Observer."""
        with self._news:
            self.counts["turns"] += 1
            exchange = self._current
            if turn.interrupted is not None and not self._person_at(turn.interrupted):
                self.counts["false_stops"] += 1
                self.counts["troubled_stops"] += exchange is not None and exchange.troubled
            if exchange is None:
                self.counts["unasked"] += bool(turn.said)
            elif turn.turn > exchange.turn and not exchange.over and (turn.heard or self._t > exchange.said.end):
                exchange.over = True
                exchange.interrupted = turn.interrupted is not None
                exchange.heard = turn.heard or exchange.heard
                exchange.answer = turn.said
                exchange.failures += [turn.failure] if turn.failure else []
            self._news.notify_all()

    def _count(self, event: ev.Event) -> None:
        if isinstance(event, ev.Disturbed) and not self._person_at(event.t):
            self.counts["false_ducks"] += 1
        elif isinstance(event, ev.PlaybackReported) and event.played.kind != "started":
            self.playback_s += event.played.heard
        elif isinstance(event, ev.Synthesized):
            self._onsets[event.index] = (first_audible(event.speech.pcm) or 0) / event.speech.rate

    def _follow(self, exchange: Exchange, event: ev.Event, turn: int | None) -> None:
        if exchange.noticed is None and isinstance(event, (ev.SpeechStarted, ev.Disturbed)):
            exchange.noticed = event.t if event.t > exchange.said.start - BEFORE_S else None
        elif isinstance(event, ev.Transcribed):
            exchange.partly = event.transcript.text or exchange.partly
        if turn is None or turn <= exchange.turn:
            return
        if isinstance(event, ev.Transcribed):
            exchange.listened = True
            exchange.heard = event.transcript.text or exchange.heard
        elif isinstance(event, ev.AnswerBegan):
            exchange.route = event.route
        elif isinstance(event, ev.PartFailed):
            exchange.failures.append(f"{event.part}: {event.reason}")
        elif isinstance(event, ev.PlaybackReported) and event.played.kind == "started" and exchange.first_sound is None:
            exchange.first_sound = event.played.t + self._onsets.get(event.played.index, 0.0)

    def _person_at(self, t: float) -> bool:
        return any(said.start - BEFORE_S <= t <= said.end + AFTER_S for said in self._sounds)
