"""From the lines of soak.jsonl to figures and a verdict. Pure; what was cut off is judged as far as it goes."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from device.bench.soak.trend import Trend, trend
from device.bench.statistics import wilson

Lines = Sequence[Mapping[str, Any]]

WARM_UP_MIN = 20.0
"""Minutes that do not count for growth: the native allocators of five engines keep what their largest input took, and
the largest inputs came up to minute 17 of a soak that was looked at closely. Of a short soak, its half."""
JUDGED_MIN = 30.0
"""Minutes after it from which a slope is believed: what is left of growth by steps looks like a slope in fewer."""
LEAP_MB = 400.0
"""MB by which own memory may grow in a shorter soak, from the first minute on: twice what the allocators took in twenty
minutes. Coarse: in ten minutes it finds what leaks 8 MB a turn; the slope of a long soak finds the rest."""
GROWTH_MB_H = 10.0
"""MB an hour of both processes' own memory that are held to be a leak, once the interval of 95 % lies above it: a frame
with 1 GB to spare would be full after four days."""
MOST_MORE = 3
"""Threads or open files by which a process may hold more at the end than after the warm-up: one of each comes and goes
with a child that is started again."""
DRIFT_MS = 20.0
"""ms by which sound and picture may move against each other from the first to the last third: under one frame of 33
ms, and a fraction of the 45 ms from which people notice (ITU-R BT.1359)."""
DEAF_SHARE = 0.02
"""Of what was said with everything in order that may go unheard (lower end of the interval of 95 %): people say again
what one in fifty times was not heard; never twice in a row."""
MISHEARD_SHARE = 0.1
"""Of the same in which the transcriber may find no words, though the ears heard them (lower end of the interval). How
well it understands these voices in this room is another figure; a soak looks whether it becomes worse."""
UNHEEDED_SHARE = 0.5
"""Of the remarks made into an answer that may go under in it (lower end of the interval): who is talked over says it
again. How well it hears through its own voice is for `imago bench barge-in` to say; here it must not become worse."""
BACK_S = 30.0
"""s from the end of a calamity to the first sound of an answer, the question's own three seconds included: the frame
gives a hung turn 15 s, and whoever sees it sorry asks again."""


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the verdict."""

    name: str
    passed: bool
    found: str


def summary(lines: Lines) -> dict[str, Any]:
    """The figures of soak.json."""
    minutes, exchanges, calamities = (of(lines, kind) for kind in ("minute", "exchange", "calamity"))
    plain = [e for e in exchanges if not e["troubled"]]
    return {
        "minutes": len(minutes),
        "asked": len(exchanges),
        "with_everything_in_order": dict(Counter(e["outcome"] for e in plain)),
        "during_calamities": dict(Counter(e["outcome"] for e in exchanges if e["troubled"])),
        "latency_ms_per_10_min": windows(plain),
        "growth_mb_per_h": growth(minutes),
        "drift_ms": drift(minutes),
        "own_voice_per_hour": own_voice(minutes),
        "back_s": {
            name: sorted(_known(calamities, "back_s", name)) for name in sorted({c["name"] for c in calamities})
        },
    }


def judge(lines: Lines) -> list[Check]:
    """All checks."""
    minutes, exchanges, calamities = (of(lines, kind) for kind in ("minute", "exchange", "calamity"))
    plain = [e["outcome"] for e in exchanges if not e["troubled"]]
    late = [c["name"] for c in calamities if c["back_s"] is None or c["back_s"] > BACK_S]
    dead = plain.count("dead") + plain.count("failed")
    moved = drift(minutes)
    return [
        Check("measured", len(minutes) > 0 and len(plain) > 0, f"{len(minutes)} minutes, {len(exchanges)} questions"),
        _growth_check(minutes),
        *(_count_check(minutes, name) for name in ("mind_threads", "face_threads", "mind_files", "face_files")),
        Check("drift", moved is None or abs(moved) <= DRIFT_MS, "unknown" if moved is None else f"{moved:+.0f} ms"),
        Check("dead turns", dead == 0, f"{dead} of {len(plain)}"),
        _deaf_check([outcome for outcome in plain if outcome != "unheeded"]),
        _share_check("words", ("misheard", "asked again"), plain, MISHEARD_SHARE),
        _share_check(
            "interruptions",
            ("unheeded",),
            [e["outcome"] for e in exchanges if e["into_answer"] and not e["troubled"]],
            UNHEEDED_SHARE,
        ),
        Check("recovery", not late, f"{len(calamities)} calamities; too late or never: {', '.join(late) or 'none'}"),
    ]


def of(lines: Lines, kind: str) -> list[Mapping[str, Any]]:
    """The lines of one kind."""
    return [line for line in lines if line["kind"] == kind]


def windows(exchanges: Lines) -> list[dict[str, Any]]:
    """p50 and p95 of each ten minutes."""
    found: dict[int, list[float]] = {}
    for exchange in exchanges:
        if exchange["latency_ms"] is not None:
            found.setdefault(int(exchange["t_s"] // 600), []).append(exchange["latency_ms"])
    return [
        {"from_min": 10 * number, "p50": _quantile(values, 50), "p95": _quantile(values, 95), "n": len(values)}
        for number, values in sorted(found.items())
    ]


def settled(minutes: Lines) -> list[Mapping[str, Any]]:
    """Those after the warm-up."""
    last = minutes[-1]["t_min"] if minutes else 0.0
    return [m for m in minutes if m["t_min"] > min(WARM_UP_MIN, last / 2)]


def growth(minutes: Lines) -> dict[str, dict[str, float | None]]:
    """MB of own memory per hour after the warm-up, with its interval, of each process and of both."""
    later = [m for m in settled(minutes) if m["face_own_mb"] > 0]  # without a face that is just away
    hours = [m["t_min"] / 60 for m in later]
    both = trend(hours, [m["mind_own_mb"] + m["face_own_mb"] for m in later])
    parts = {name: trend(hours, [m[f"{name}_own_mb"] for m in later]) for name in ("mind", "face")}
    return {name: _rounded(found) for name, found in {**parts, "both": both}.items()}


def drift(minutes: Lines) -> float | None:
    """ms by which the picture's place against the sound moved, from the first third of the minutes to the last."""
    known = [m["picture_ms"] for m in minutes if m["picture_ms"] is not None]
    third = len(known) // 3
    return round(float(np.median(known[-third:]) - np.median(known[:third])), 1) if third else None


def own_voice(minutes: Lines) -> dict[str, float | None]:
    """How often it was stopped or lowered by nobody, per hour of its own voice."""
    if not minutes:
        return {}
    totals = minutes[-1]["totals"]
    hours = totals.get("playback_s", 0.0) / 3600
    rates = {name: round(totals.get(name, 0) / hours, 2) if hours else None for name in ("false_stops", "false_ducks")}
    counts = {"stops_during_calamities": totals.get("troubled_stops", 0), "answers_to_nobody": totals.get("unasked", 0)}
    return {"playback_h": round(hours, 3), **rates, **counts}


def _growth_check(minutes: Lines) -> Check:
    both, later = growth(minutes)["both"], settled(minutes)
    if both["low"] is None or both["slope"] is None or later[-1]["t_min"] - later[0]["t_min"] < JUDGED_MIN:
        own = [m["mind_own_mb"] + m["face_own_mb"] for m in minutes if m["face_own_mb"] > 0]
        leap = own[-1] - own[0] if own else 0.0
        return Check("memory", leap <= LEAP_MB, f"{leap:+.0f} MB since the first minute, too short for a slope")
    text = f"{both['slope']:+.1f} MB/h ({both['low']:+.1f} to {both['high']:+.1f})"
    return Check("memory", both["low"] <= GROWTH_MB_H, text)


def _count_check(minutes: Lines, name: str) -> Check:
    known = [m[name] for m in settled(minutes) if m[name] is not None]
    third = len(known) // 3
    if not third:
        return Check(name.replace("_", " "), True, "too short to tell")
    before, after = (float(np.median(part)) for part in (known[:third], known[-third:]))
    return Check(name.replace("_", " "), after - before <= MOST_MORE, f"{before:.0f} to {after:.0f}")


def _deaf_check(outcomes: Sequence[str]) -> Check:
    deaf = outcomes.count("deaf")
    in_a_row = any(a == b == "deaf" for a, b in itertools.pairwise(outcomes))
    passed = wilson(deaf, len(outcomes))[0] <= DEAF_SHARE and not in_a_row
    return Check("deafness", passed, f"{deaf} of {len(outcomes)} unheard{', twice in a row' if in_a_row else ''}")


def _share_check(name: str, lost: Sequence[str], outcomes: Sequence[str], limit: float) -> Check:
    count = sum(outcome in lost for outcome in outcomes)
    return Check(name, wilson(count, len(outcomes))[0] <= limit, f"{count} of {len(outcomes)} {' or '.join(lost)}")


def _rounded(found: Trend) -> dict[str, float | None]:
    values = {"slope": found.slope, "low": found.low, "high": found.high}
    return {name: None if value is None else round(value, 2) for name, value in values.items()}


def _known(calamities: Lines, key: str, name: str) -> list[float]:
    return [c[key] for c in calamities if c["name"] == name and c[key] is not None]


def _quantile(values: Sequence[float], percent: float) -> float:
    return round(float(np.percentile(values, percent)), 1)
