"""How well a persona's wake phrases are found: false rejects, false accepts per hour, delay and computing time.

The frame's own path (`wake_path.py`) runs once, as sensitive as the frame is; what each proposal would have needed
gives the curve towards less. Nothing here reads files or prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from device.bench.statistics import percentiles, poisson, wilson
from device.bench.wake_path import Log, Woken
from device.bench.wake_sounds import APART, Call, Piece
from device.ports import Pcm, WakeProposal

SENSITIVITIES = tuple(round(0.3 + 0.05 * step, 2) for step in range(15))
"""Factors on the frame's own thresholds at which the curve is drawn; more than 1 would need another confirmation."""
ONE_EVENT_S = 2.0
"""s within which what wakes the frame again is the same event."""
EARLY_S = 0.3
"""s before a call's beginning from which a waking counts for it: where it begins is known to about so much."""


class Path(Protocol):
    """The frame's way from sound to being called; `wake_path.WakePath`."""

    def listen(self, sound: Pcm) -> Log: ...

    def speak(self, scene: Any, playback: Any, others: Pcm) -> Log: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a call: for each waking, and for each proposal, the least sensitivity that would have brought it,
    and s after the phrase's end."""

    condition: str
    language: str
    voice: str
    woken: tuple[tuple[float, float], ...]
    proposed: tuple[tuple[float, float], ...]


@dataclass(slots=True)
class Tally:
    """What happened while nobody called, in one kind of sound."""

    kind: str
    seconds: float = 0.0
    woken: list[tuple[float, float, str]] = field(default_factory=list)
    """Least sensitivity, s from the beginning of the kind's sounds, and what was understood."""
    needed: list[float] = field(default_factory=list)
    """For each proposal."""
    asked: int = 0
    cpu_s: dict[str, float] = field(default_factory=dict)

    def join(self, later: Tally) -> None:
        """What followed."""
        self.woken += [(least, self.seconds + at, text) for least, at, text in later.woken]
        self.needed += later.needed
        self.asked += later.asked
        for part, seconds in later.cpu_s.items():
            self.cpu_s[part] = self.cpu_s.get(part, 0.0) + seconds
        self.seconds += later.seconds


def needed(proposal: WakeProposal | None) -> float:
    """The least sensitivity that would have brought it; 0 for what needs none."""
    return 0.0 if proposal is None else 2.0 * (1.0 - proposal.score)


def hear_call(path: Path, call: Call) -> Heard:
    """Somebody calls."""
    log = _log(path, call)
    from_s = call.begin - EARLY_S
    woken = [(needed(w.proposal), w.at + w.computed_s - call.end) for w in log.woken if w.at >= from_s]
    proposed = [(needed(p), at - call.end) for at, p in log.proposals if at >= from_s]
    return Heard(call.condition, call.language, call.voice, tuple(woken), tuple(proposed))


def hear_piece(path: Path, piece: Piece) -> Tally:
    """Nobody calls."""
    log = _log(path, piece)
    woken = [(needed(w.proposal), w.at, _told(w)) for w in log.woken]
    return Tally(piece.kind, log.seconds, woken, [needed(p) for _, p in log.proposals], log.asked, dict(log.cpu_s))


def _log(path: Path, sound: Call | Piece) -> Log:
    if sound.scene is None:
        return path.listen(sound.pcm)
    return path.speak(sound.scene, sound.playback, sound.pcm)


class Measurement:
    """Collects; `report` may be asked at any time."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.tallies: dict[str, Tally] = {}

    def add(self, result: Heard | Tally) -> None:
        """What became of one more call or piece, in any order."""
        if isinstance(result, Heard):
            self.heard.append(result)
        else:
            self.tallies.setdefault(result.kind, Tally(result.kind)).join(result)

    @property
    def hours(self) -> float:
        """Without a call, and without what is counted apart."""
        return sum(t.seconds for kind, t in self.tallies.items() if kind not in APART) / 3600

    def report(self) -> dict[str, Any]:
        """-> "calls", "hours", "chosen" (at sensitivity 1), "curve", "conditions", "languages", "voices", "kinds" and
        "delay_ms"."""
        counted = [t for kind, t in self.tallies.items() if kind not in APART]
        curve = [self._point(s, counted) for s in SENSITIVITIES]
        return {
            "calls": len(self.heard),
            "hours": round(self.hours, 3),
            "chosen": next(point for point in curve if point["sensitivity"] == 1.0),
            "curve": curve,
            "conditions": self._each(lambda heard: heard.condition),
            "languages": self._each(lambda heard: heard.language),
            "voices": self._each(lambda heard: f"{heard.voice} ({heard.language})"),
            "kinds": {kind: _kind(tally) for kind, tally in self.tallies.items()},
            "delay_ms": {
                "proposed": _delays(h.proposed for h in self.heard),
                "woken": _delays(h.woken for h in self.heard),
            },
        }

    def _each(self, what: Callable[[Heard], str]) -> dict[str, Any]:
        """The calls apart by something about them, at sensitivity 1."""
        names = dict.fromkeys(what(h) for h in self.heard)
        return {name: _rejects([h for h in self.heard if what(h) == name], 1.0) for name in names}

    def _point(self, sensitivity: float, counted: Sequence[Tally]) -> dict[str, Any]:
        accepts = sum(len(events(t.woken, sensitivity)) for t in counted)
        proposals = sum(n <= sensitivity for t in counted for n in t.needed)
        rates = _rate("false_accepts", accepts, self.hours) | _rate("proposals", proposals, self.hours)
        return {"sensitivity": sensitivity, **_rejects(self.heard, sensitivity), **rates}


def events(woken: Iterable[tuple[float, float, str]], sensitivity: float) -> list[tuple[float, str]]:
    """Those that this sensitivity brings, as (s, what was understood); what follows within ONE_EVENT_S is the same."""
    found: list[tuple[float, str]] = []
    last = -np.inf
    for least, at, text in sorted(woken, key=lambda w: w[1]):
        if least <= sensitivity:
            if at - last > ONE_EVENT_S:
                found.append((at, text))
            last = at
    return found


def _told(woken: Woken) -> str:
    return woken.text if woken.proposal is not None else f"(stopped) {woken.text}"


def _kind(tally: Tally) -> dict[str, Any]:
    found, hours = events(tally.woken, 1.0), tally.seconds / 3600
    return {
        "hours": round(hours, 3),
        **_rate("false_accepts", len(found), hours),
        **_rate("proposals", sum(n <= 1.0 for n in tally.needed), hours),
        "transcribed_per_h": round(tally.asked / hours, 1) if hours else None,
        "understood": [text for _, text in found][:40],
        "cpu_s_per_h": {part: round(s / hours, 1) for part, s in tally.cpu_s.items()} if hours else {},
    }


def _rate(what: str, count: int, hours: float) -> dict[str, Any]:
    if not hours:
        return {what: count, f"{what}_per_h": None, f"{what}_95": None}
    low, high = poisson(count)
    return {
        what: count,
        f"{what}_per_h": round(count / hours, 3),
        f"{what}_95": [round(low / hours, 3), round(high / hours, 3)],
    }


def _rejects(heard: Sequence[Heard], sensitivity: float) -> dict[str, Any]:
    """Of calls: not proposed at all, and not woken by."""
    unproposed = sum(not any(n <= sensitivity for n, _ in h.proposed) for h in heard)
    missed = sum(not any(n <= sensitivity for n, _ in h.woken) for h in heard)
    return {
        "of": len(heard),
        **_share("not_proposed", unproposed, len(heard)),
        **_share("false_rejects", missed, len(heard)),
    }


def _share(what: str, hits: int, of: int) -> dict[str, Any]:
    low, high = wilson(hits, of)
    return {what: round(hits / of, 4) if of else None, f"{what}_95": [round(low, 4), round(high, 4)]}


def _delays(of_calls: Iterable[Sequence[tuple[float, float]]]) -> dict[str, float | None]:
    """ms from the true end of the phrase to the first at sensitivity 1."""
    firsts = [min(late for _, late in able) * 1000 for d in of_calls if (able := [x for x in d if x[0] <= 1.0])]
    made = percentiles(firsts)
    return {name: None if (value := made[name]) is None else round(value) for name in ("p50", "p95")}
