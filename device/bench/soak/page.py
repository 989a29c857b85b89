"""A soak to look at: what was held, how soon it answered, lips against sound, and every calamity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from device.bench import report
from device.bench.soak.verdict import Check, Lines, of, windows


def page(path: Path, lines: Lines, checks: Sequence[Check], about: str) -> None:
    """Writes the page. `about`: the conditions, one line."""
    minutes, calamities = of(lines, "minute"), of(lines, "calamity")
    plain = [e for e in of(lines, "exchange") if not e["troubled"]]
    answered = [e for e in plain if e["latency_ms"] is not None]
    verdict = "; ".join(f"{c.name}: {c.found}{'' if c.passed else ' (failed)'}" for c in checks)
    plots = {
        "Memory of each process with its children that belongs to no file, over the first minute's": _memory(minutes),
        "From the end of a question to the first sound of its answer; p50 and p95 of ten minutes": _latency(answered),
        "Picture against sound (+: the mouth is ahead), and the sound's true time less its reported one": _over(
            minutes, {"picture": "picture_ms", "sound": "sound_ms"}, "ms"
        ),
        "Frames a second, and late ones": _frames(minutes),
    }
    head = ["calamity", "minute", "lasted s", "what was asked meanwhile", "answered after s"]
    rows = [[c["name"], round(c["t_s"] / 60, 1), c["lasted_s"], c["asked"], c["back_s"]] for c in calamities]
    report.write(path, "A long time with the frame", f"{about} {verdict}.", [head, *rows], plots if minutes else {})


def _over(minutes: Lines, series: Mapping[str, str], label: str) -> str:
    known = {name: [(m["t_min"], m[key]) for m in minutes if m[key] is not None] for name, key in series.items()}
    return report.over_time({name: ([t for t, _ in at], [v for _, v in at]) for name, at in known.items()}, label)


def _latency(answered: Lines) -> str:
    each = ([e["t_s"] / 60 for e in answered], [e["latency_ms"] for e in answered])
    spans = windows(answered)
    middles = [w["from_min"] + 5.0 for w in spans]
    quantiles = {name: (middles, [w[name] for w in spans]) for name in ("p50", "p95")}
    return report.over_time({"latency": each, **quantiles}, "ms", ("latency",))


def _memory(minutes: Lines) -> str:
    series: dict[str, tuple[list[float], list[float]]] = {}
    for name in ("mind", "face"):
        there: list[Mapping[str, Any]] = [m for m in minutes if m[f"{name}_own_mb"] > 0]
        first = there[0][f"{name}_own_mb"] if there else 0.0
        label = f"{name} (from {first:.0f} MB)"
        series[label] = ([m["t_min"] for m in there], [m[f"{name}_own_mb"] - first for m in there])
    return report.over_time(series, "MB more")


def _frames(minutes: Lines) -> str:
    times = [m["t_min"] for m in minutes]
    spans = [b - a for a, b in zip([0.0, *times], times, strict=False)]
    per_s = {
        name: (times, [m[key] / (60 * span) for m, span in zip(minutes, spans, strict=True)])
        for name, key in {"frames": "frames", "late": "late_frames"}.items()
    }
    return report.over_time(per_s, "per second")
