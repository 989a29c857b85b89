"""Interruptions of the whole frame, in real time: it answers in a simulated room, and somebody speaks.

Figures come from the two sides of what was to be heard (`room.wav`), not from the frame's own opinion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from device.bench.room import Room
from device.bench.scene import Scene
from device.bench.statistics import percentiles
from device.bench.virtual_room import VirtualRoom
from device.ears.recording import RecordedMicrophone
from device.ports import MIC_RATE, Pcm
from device.record import AUDIBLE, ROOM_RATE
from device.rehearsal import Question, Rehearsal
from device.rehearsal_sound import Person, Surround

SILENT_S = 0.4
"""s without an audible sample that are a stop; pauses within an answer are shorter."""

LIVING_ROOM = Scene(Room(rt60_s=0.4), loudspeaker_m=0.5, latency_s=0.06, noise="kitchen", noise_dbfs=-55.0)
"""The loudspeaker half a metre from the microphone, the person a metre."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said into an answer."""

    text: str
    language: str
    pcm: Pcm
    """At MIC_RATE."""
    meant: bool
    """To interrupt; else it is a listener's sound."""


def surround(scene: Scene) -> Surround:
    """The room of `scene`, for a rehearsal."""

    def make(microphone: RecordedMicrophone, in_the_air: Callable[[float, float, int], Pcm]) -> Person:
        return VirtualRoom(microphone, scene, in_the_air)

    return make


def stop_s(played: Pcm, onset_s: float, rate: int = ROOM_RATE) -> float | None:
    """s from `onset_s` to the last audible sample before SILENT_S of silence; None where the voice does not stop.

    `played`: the frame's sound, shape (samples,); the sound's end is a stop."""
    loud = np.flatnonzero(np.abs(played[round(onset_s * rate) :]) > AUDIBLE)
    if not len(loud):
        return 0.0
    gaps = np.flatnonzero(np.diff(loud) > SILENT_S * rate)
    last = loud[gaps[0]] if len(gaps) else loud[-1]
    return float(last) / rate


def measure(
    rehearsal: Rehearsal, questions: Sequence[Question], remarks: Sequence[Remark], say: Callable[[str], None]
) -> dict[str, Any]:
    """Every remark is said into the answer to a question, at changing moments -> what became of each."""
    random = np.random.default_rng(1)
    said = []
    # As on any day but the first: the frame keeps the echo's delay over restarts.
    rehearsal.ask_and_rest(questions[0])
    for number, remark in enumerate(remarks):
        turns = len(rehearsal.recorder.turns)
        spoken = rehearsal.interrupt(
            questions[number % len(questions)], remark.pcm, after_s=float(random.uniform(1.0, 2.5))
        )
        said.append((remark, spoken.start, rehearsal.recorder.turns[turns:]))
        say(f"{number + 1} of {len(remarks)}: {remark.text}")
    origin = rehearsal.recorder.origin
    log = rehearsal.end()
    played = rehearsal.played(log.seconds)
    assert played is not None
    rows = [_row(remark, played, start - origin, turns) for remark, start, turns in said]
    ducks = [line["t_ms"] / 1000 for line in rehearsal.recorder.lines if line["event"] == "Disturbed"]
    # Questions, too: asked on the heels of an answer, they are heard beside the end of the own voice.
    heard = rehearsal.recorder.person
    spans = [(s.t - origin - 0.2, s.t - origin + len(s.pcm) / MIC_RATE + 1.0) for s in heard]
    false = [t for t in ducks if not any(a <= t <= b for a, b in spans)]
    audible_s = _audible_s(played)
    return {"remarks": rows, "summary": _summary(rows), "false_ducks": len(false), "playback_s": round(audible_s, 1)}


def _row(remark: Remark, played: Pcm, onset_s: float, turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    stopped = turns[0]["interrupted_ms"] is not None if turns else False
    silent = stop_s(played, onset_s)
    heard = turns[1]["heard"] if stopped and len(turns) > 1 else ""
    return {
        "said": remark.text,
        "meant": remark.meant,
        "stopped": stopped,
        "silent_ms": None if silent is None else round(1000 * silent),
        "heard": heard,
        "answer": turns[0]["said"] if turns else "",
    }


def _summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    meant = [row for row in rows if row["meant"]]
    times = [row["silent_ms"] for row in meant if row["stopped"]]
    others = [row for row in rows if not row["meant"]]
    return {
        "interruptions": len(meant),
        "stopped": len(times),
        "stop_ms": percentiles(times),
        "listeners_sounds": len(others),
        "stopped_by_them": sum(row["stopped"] for row in others),
    }


def _audible_s(played: Pcm) -> float:
    blocks = played[: len(played) // 480 * 480].reshape(-1, 480)
    return float((np.abs(blocks).max(axis=1) > AUDIBLE).sum()) * 0.01
