"""Hours of the frame's own voice in simulated living rooms with nobody there: how often it hears somebody speak.

Not in real time. Every room is another one: size of its echo, distance and latency of the loudspeaker, how much that
distorts, how loud it is, what else sounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

import numpy as np

from device import registry
from device.bench.interruption import interrupted
from device.bench.room import Room
from device.bench.scene import Scene, in_a_row
from device.bench.statistics import poisson
from device.conversation.barge_in import BargeIn
from device.ports import MIC_RATE, Pcm

CLAUSES = 60
"""In one room: five minutes or so."""
NOISES = ("quiet", "kitchen", "television", "music", "rain")
AFTER_S = 3.0
"""s after the last clause."""


def rooms(seed: int) -> Iterator[Scene]:
    """Living rooms without end, the loudspeaker half a metre to a metre from the microphone."""
    random = np.random.default_rng(seed)
    while True:
        yield Scene(
            Room(rt60_s=float(random.uniform(0.25, 0.7))),
            loudspeaker_m=float(random.uniform(0.5, 1.0)),
            latency_s=float(random.uniform(0.03, 0.4)),
            drive=float(random.choice([0.0, 1.0, 2.0])),
            noise=str(random.choice(NOISES)),
            noise_dbfs=float(random.uniform(-65.0, -50.0)),
            playback_db=float(random.uniform(-3.0, 3.0)),
            seed=int(random.integers(1000)),
        )


def measure(clauses: Sequence[Pcm], hours: float, say: Callable[[str], None], seed: int = 1) -> dict[str, Any]:
    """Until the own voice alone was in the air for `hours` -> what it was taken for, with intervals of 95 %."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for scene in rooms(seed):
        chosen = islice(_shuffled(clauses, random), CLAUSES)
        playback = in_a_row(list(chosen), turn=4)
        seconds = playback[-1][0] + len(playback[-1][1]) / MIC_RATE + AFTER_S
        outcome = interrupted(scene, playback, [], seconds, registry.make("speech_detector", "silero"), BargeIn())
        counts = {"lowered": outcome.false_ducks, "believed": outcome.false_speech}
        rows.append({"playback_s": round(outcome.playback_s, 1), **counts, **asdict(scene)})
        heard_s = sum(row["playback_s"] for row in rows)
        say(f"own voice alone: {heard_s / 3600:.2f} of {hours:g} h, {sum(r['lowered'] for r in rows)} times lowered")
        if heard_s >= 3600 * hours:
            break
    return {"rooms": rows, **totals(rows)}


def totals(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All rooms together: "lowered" and "believed" (a person was believed in; only words would stop the answer)."""
    heard_h = sum(row["playback_s"] for row in rows) / 3600
    made: dict[str, Any] = {"playback_h": round(heard_h, 3)}
    for name in ("lowered", "believed"):
        events = sum(row[name] for row in rows)
        low, high = poisson(events)
        per_h = [round(n / heard_h, 2) for n in (events, low, high)] if heard_h else [None, None, None]
        made[name] = {"events": events, "per_h": per_h[0], "per_h_95": per_h[1:]}
    return made


def _shuffled(clauses: Sequence[Pcm], random: np.random.Generator) -> Iterator[Pcm]:
    while True:
        yield from (clauses[i] for i in random.permutation(len(clauses)))
