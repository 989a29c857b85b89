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
from device.bench.room import Room
from device.bench.scene import Scene, in_a_row, record
from device.bench.statistics import poisson
from device.bench.wake_path import Engines, WakePath
from device.ears.overheard import understand
from device.ports import MIC_RATE, Pcm, Transcriber, TurnEnd

CLAUSES = 60
"""In one room: five minutes or so."""
NOISES = ("quiet", "kitchen", "television", "music", "rain")
AFTER_S = 3.0
"""s after the last clause."""


class Nameless:
    """Behind the port WakePhrase: nobody can call it."""

    def feed(self, pcm: Pcm, speaking: bool = True) -> None:
        """Nothing is ever proposed."""

    def reset(self) -> None:
        """Nothing to forget."""


def ears(transcriber: Transcriber, turn_end: TurnEnd, languages: Sequence[str]) -> WakePath:
    """Of a frame that listens only while it speaks, with the loop's own judgement of what was said."""
    detector = registry.make("speech_detector", "silero")
    return WakePath(Engines(detector, turn_end, Nameless(), lambda job: understand(transcriber, job, languages, ())))


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


def measure(
    path: WakePath, clauses: Sequence[Pcm], hours: float, say: Callable[[str], None], seed: int = 1
) -> dict[str, Any]:
    """Until the own voice alone was in the air for `hours` -> what it was taken for, with intervals of 95 %.

    What the voice says is not known here: its own words, which the frame would know, count as a stop."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for scene in rooms(seed):
        chosen = islice(_shuffled(clauses, random), CLAUSES)
        playback = in_a_row(list(chosen), turn=4)
        seconds = playback[-1][0] + len(playback[-1][1]) / MIC_RATE + AFTER_S
        nobody = record(scene, [], [], seconds)
        log = path.speak(scene, playback, nobody.noise)
        stopped = [woken.text for woken in log.woken]
        counts = {"lowered": log.lowered, "believed": log.believed, "stopped": len(stopped), "words": stopped}
        playback_s = sum(len(pcm) for _, pcm in playback) / MIC_RATE
        rows.append({"playback_s": round(playback_s, 1), **counts, **asdict(scene)})
        heard_s = sum(row["playback_s"] for row in rows)
        lowered, stops = (sum(row[what] for row in rows) for what in ("lowered", "stopped"))
        say(f"own voice alone: {heard_s / 3600:.2f} of {hours:g} h, lowered {lowered} times, stopped {stops} times")
        if heard_s >= 3600 * hours:
            break
    return {"rooms": rows, **totals(rows)}


def totals(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All rooms together: "lowered", "believed" (a person was believed in), "stopped" (the transcriber found words)."""
    heard_h = sum(row["playback_s"] for row in rows) / 3600
    made: dict[str, Any] = {"playback_h": round(heard_h, 3)}
    for name in ("lowered", "believed", "stopped"):
        events = sum(row[name] for row in rows)
        low, high = poisson(events)
        per_h = [round(n / heard_h, 2) for n in (events, low, high)] if heard_h else [None, None, None]
        made[name] = {"events": events, "per_h": per_h[0], "per_h_95": per_h[1:]}
    return made


def _shuffled(clauses: Sequence[Pcm], random: np.random.Generator) -> Iterator[Pcm]:
    while True:
        yield from (clauses[i] for i in random.permutation(len(clauses)))
