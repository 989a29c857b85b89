"""How well a persona's wake phrases are found: false rejects, false accepts per hour, delay and computing time.

The engine runs once, at its most sensitive; what each proposal would have needed gives the whole curve. Blocks are fed
as the frame feeds them. Nothing here reads files or prints.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from device.bench.statistics import poisson, wilson
from device.ears.called import called
from device.ports import BLOCK, MIC_RATE, Pcm, SpeechDetector, Transcriber, WakePhrase, WakeProposal

MOST_SENSITIVE = 1.3
SENSITIVITIES = tuple(round(0.5 + 0.05 * step, 2) for step in range(17))
"""Factors on the thresholds at which the curve is drawn, up to MOST_SENSITIVE."""
SPEAKING = 0.35
"""Probability of speech from which the engine is told that somebody may be speaking: lower than for a turn, for nothing
is lost by listening."""
BEFORE_S, AFTER_S = 0.4, 1.2
"""s around a proposed phrase that are handed to confirmation."""


KEPT_BLOCKS = 800
"""Of the stream, for confirmation: 8 s."""


@dataclass(frozen=True, slots=True)
class Positive:
    """A recording in which the phrase is said once."""

    pcm: Pcm
    phrase: str
    condition: str
    """"clean", "kitchen" ..., for the table."""
    end: float | None = None
    """s from its beginning where the phrase ends, if it is known."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal and what became of it."""

    needed: float
    """The least sensitivity that would have brought it."""
    phrase: str
    at: float
    """s of sound fed when it came."""
    end: float
    confirmed: bool | None
    """None: not asked."""


Confirm = Callable[[Pcm, WakeProposal], bool]
"""The sound around a proposed phrase -> whether it was really said."""


def confirmation(transcriber: Transcriber, names: Sequence[str]) -> Confirm:
    """By transcribing the sound in the phrase's language, and looking for one of `names` in it."""

    def confirm(pcm: Pcm, proposal: WakeProposal) -> bool:
        language = "zh" if any("\u3400" <= letter <= "\u9fff" for letter in proposal.phrase) else "en"
        return called(transcriber.transcribe(pcm, [language]).text, names, anywhere=True) is not None

    return confirm


class _Listener:
    """Feeds one stream to the engine and takes down what it proposes."""

    def __init__(self, engine: WakePhrase, detector: SpeechDetector | None, confirm: Confirm | None) -> None:
        self._engine, self._detector, self._confirm = engine, detector, confirm
        self.found: list[Proposed] = []
        self.fed = 0
        self.cpu_s = 0.0
        self._kept: deque[Pcm] = deque(maxlen=KEPT_BLOCKS)
        self._waiting: list[tuple[WakeProposal, float]] = []

    def hear(self, pcm: Pcm) -> None:
        """A piece of the stream; what is left of a block at its end is lost."""
        for start in range(0, len(pcm) - BLOCK + 1, BLOCK):
            self._block(pcm[start : start + BLOCK])

    def _block(self, block: Pcm) -> None:
        speaking = self._detector is None or self._detector.feed(block) >= SPEAKING
        begin = time.process_time()
        proposal = self._engine.feed(block, speaking)
        self.cpu_s += time.process_time() - begin
        self.fed += BLOCK
        if self._confirm is not None:
            self._kept.append(block)
        if proposal is not None:
            self._waiting.append((proposal, self.fed / MIC_RATE))
        while self._waiting and (self._confirm is None or self.fed / MIC_RATE >= self._waiting[0][0].end + AFTER_S):
            self._settle(*self._waiting.pop(0))

    def finish(self) -> None:
        """The stream has ended."""
        for waiting in self._waiting:
            self._settle(*waiting)
        self._waiting = []

    def _settle(self, proposal: WakeProposal, at: float) -> None:
        confirmed = None
        if self._confirm is not None:
            first = self.fed - len(self._kept) * BLOCK
            begin = max(0, int((proposal.start - BEFORE_S) * MIC_RATE) - first)
            end = int((proposal.end + AFTER_S) * MIC_RATE) - first
            confirmed = self._confirm(np.concatenate(self._kept)[begin:end], proposal)
        needed = MOST_SENSITIVE * 2.0 * (1.0 - proposal.score)
        self.found.append(Proposed(needed, proposal.phrase, at, proposal.end, confirmed))


def measure(
    make: Callable[[float], WakePhrase],
    positives: Sequence[Positive],
    negatives: Iterable[Pcm],
    *,
    detector: SpeechDetector | None = None,
    confirm: Confirm | None = None,
) -> dict[str, Any]:
    """`make(sensitivity)` gives the engine. `negatives`: pieces of one stream in which no phrase is said, any length.

    -> {"curve": [{"sensitivity", "false_rejects", "false_rejects_95", "false_accepts_per_h", "false_accepts_95",
    "proposals_per_h" ...}], "conditions": {name: {...}} at sensitivity 1, "delay_ms": {"p50", "p95"}, "cpu": {...}}."""
    engine = make(MOST_SENSITIVE)
    heard: list[list[Proposed]] = []
    for positive in positives:
        engine.reset()
        if detector is not None:
            detector.reset()
        listener = _Listener(engine, detector, confirm)
        listener.hear(positive.pcm)
        listener.finish()
        heard.append(listener.found)
    engine.reset()
    stream = _Listener(engine, detector, confirm)
    for piece in negatives:
        stream.hear(piece)
    stream.finish()
    hours = stream.fed / MIC_RATE / 3600
    return {
        "positives": len(positives),
        "negative_hours": hours,
        "curve": [_point(s, heard, stream.found, hours) for s in SENSITIVITIES],
        "conditions": {
            name: _rejects([h for p, h in zip(positives, heard, strict=True) if p.condition == name], 1.0)
            for name in dict.fromkeys(p.condition for p in positives)
        },
        "delay_ms": _delays(positives, heard),
        "cpu": {"engine_s_per_h": stream.cpu_s / hours if hours else None, "gated": detector is not None},
    }


def _point(sensitivity: float, heard: Sequence[Sequence[Proposed]], false: Sequence[Proposed], hours: float) -> Any:
    proposed = [p for p in false if p.needed <= sensitivity]
    point = {"sensitivity": sensitivity, **_rejects(heard, sensitivity), **_rate("proposals", len(proposed), hours)}
    if any(p.confirmed is not None for p in false) or any(p.confirmed is not None for h in heard for p in h):
        point |= _rate("false_accepts", sum(bool(p.confirmed) for p in proposed), hours)
    return point


def _rate(what: str, events: int, hours: float) -> dict[str, Any]:
    if not hours:
        return {f"{what}": events, f"{what}_per_h": None, f"{what}_95": None}
    low, high = poisson(events)
    return {what: events, f"{what}_per_h": events / hours, f"{what}_95": (low / hours, high / hours)}


def _rejects(heard: Sequence[Sequence[Proposed]], sensitivity: float) -> dict[str, Any]:
    """Of recordings with the phrase: not proposed at all, and (where asked) not proposed and confirmed."""
    near = [[p for p in found if p.needed <= sensitivity] for found in heard]
    out: dict[str, Any] = {"of": len(near), **_share("not_proposed", sum(not found for found in near), len(near))}
    if any(p.confirmed is not None for found in heard for p in found):
        missed = sum(not any(p.confirmed for p in found) for found in near)
        out |= _share("false_rejects", missed, len(near))
    return out


def _share(what: str, hits: int, of: int) -> dict[str, Any]:
    return {what: hits / of if of else None, f"{what}_95": wilson(hits, of)}


def _delays(positives: Sequence[Positive], heard: Sequence[Sequence[Proposed]]) -> dict[str, float | None]:
    """ms from the true end of the phrase to its first proposal, at sensitivity 1, where the end is known."""
    firsts = [
        (min(p.at for p in found if p.needed <= 1.0) - positive.end) * 1000
        for positive, found in zip(positives, heard, strict=True)
        if positive.end is not None and any(p.needed <= 1.0 for p in found)
    ]
    if not firsts:
        return {"p50": None, "p95": None}
    return {"p50": float(np.percentile(firsts, 50)), "p95": float(np.percentile(firsts, 95))}
