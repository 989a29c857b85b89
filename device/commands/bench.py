"""``imago bench``: measures this machine as it will be used: questions through the whole frame, the face running."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from device.bench import report
from device.commands import bench_barge_in, bench_cut_ins, bench_idle, bench_wake, converse
from device.commands.demo import fetch_missing, spoken
from device.commands.output import progress, results_folder, write_json
from device.commands.persona_choice import find
from device.config import FrameSettings
from device.errors import Usage
from device.persona.unpacked import Persona
from device.rehearsal import Question, Rehearsal

QUESTIONS = {
    "en": (
        "Grandpa, how did you meet Grandma?",
        "What was your father's work?",
        "How do you make red-braised pork?",
        "Did you ever have a dog?",
        "Why are you afraid of heights?",
    ),
    "zh": ("外公，你和外婆是怎么认识的？", "你爸爸是做什么的？", "红烧肉怎么烧？", "你养过狗吗？", "你为什么怕高？"),
}


KINDS = {
    "latency": ("end of speech to first sound of the answer, with the face running", 2),
    "face": ("frames a second, and ms a frame, in a conversation", 1),
    "memory": ("of all processes, with everything loaded and used", 1),
    "boot": ("start to the portrait, and to listening", 0),
    "cut-ins": ("people who pause while they speak: cut off, or not; and how long it waits when they are through", 2),
    "idle": ("processor time while nobody speaks, the face alive, by thread; rounds are minutes", 1),
    "barge-in": ("speech into an answer to silence, in a simulated room", 4),
    "wake": ("calls by name that are missed, and how often it is called by nobody", 0),
}
"""What is measured, and how often each question is asked for it."""


def add_parser(subparsers: Any) -> None:
    """Adds ``bench`` to the command line."""
    parser = subparsers.add_parser("bench", help=f"measure this machine: {', '.join(KINDS)}")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="|".join(KINDS))
    for name, (what, rounds) in KINDS.items():
        kind = kinds.add_parser(name, help=what)
        kind.add_argument("--persona", default="demo", metavar="P")
        kind.add_argument(
            "--rounds", type=int, default=rounds, metavar="N", help=f"times a question is asked ({rounds})"
        )
        kind.add_argument("--out", type=Path, metavar="DIR", help=f"folder for {name}.json")
        kind.add_argument("--json", action="store_true", help="report as JSON")
        kind.add_argument("--size", default="1280x720", metavar="WxH", help="of the picture, pixels (1280x720)")
        kind.set_defaults(window=False)
        if name == "wake":
            bench_wake.add_arguments(kind)
    kinds.choices["barge-in"].add_argument(
        "--hours", type=float, default=0.0, metavar="H", help="of its own voice with nobody there, besides (0)"
    )


def run(options: argparse.Namespace) -> int:
    """Asks all questions, prints the percentiles; all kinds report the same, in the order of what was asked for."""
    if options.rounds < 0:
        raise Usage("rounds", expected="0 or more", got=str(options.rounds))
    fetch_missing()
    if options.kind == "cut-ins":
        return bench_cut_ins.run(options)
    persona = find(options.persona, progress)
    if options.kind == "idle":
        return bench_idle.run(persona, options)
    if options.kind == "barge-in":
        return bench_barge_in.run(persona, options)
    if options.kind == "wake":
        return bench_wake.run(persona, options)
    questions = [
        Question(text, spoken(text, code)) for code in persona.languages for text in QUESTIONS.get(code, ())
    ] * options.rounds
    result = measure(persona, converse.frame_settings(options), questions)
    if options.out:
        write_json(results_folder(options.out) / f"{options.kind}.json", result)
        page(results_folder(options.out) / f"{options.kind}.html", result)
    print(json.dumps(result, ensure_ascii=False) if options.json else table(result))
    return 0


def measure(persona: Persona, settings: FrameSettings, questions: Sequence[Question]) -> dict[str, Any]:
    """One conversation with everything running -> its figures, and the load under which they came about."""
    load_before = os.getloadavg()[0]
    with Rehearsal(persona, settings, progress) as rehearsal:
        turns = rehearsal.converse(questions)
        memory_mb, start_s = rehearsal.memory_mb(), rehearsal.start_s
        log = rehearsal.end()
    return {
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "load_before": round(load_before, 2)},
        "questions": len(questions),
        "answered": sum(t["latency_ms"] is not None for t in turns),
        "latency_ms": percentiles([t["latency_ms"] for t in turns]),
        "latency_ms_by_language": {
            code: percentiles([t["latency_ms"] for t in turns if t["language"] == code]) for code in persona.languages
        },
        "stages_ms": stages([t["timings_ms"] for t in turns]),
        "turns": [{k: t[k] for k in ("heard", "language", "latency_ms", "timings_ms")} for t in turns],
        "gaps_ms": percentiles([gap for t in turns for gap in t["gaps_ms"]]),
        "face": log.face_report(),
        "memory_mb": memory_mb,
        "start_s": start_s,
    }


def page(path: Path, result: dict[str, Any]) -> None:
    """The measurement to look at: where one turn's time goes, and how all turns' times are spread."""
    turns = sorted((t for t in result["turns"] if t["latency_ms"] is not None), key=lambda t: float(t["latency_ms"]))
    if not turns:
        return
    typical = turns[len(turns) // 2]
    codes = sorted({t["language"] for t in turns})
    by_language = {code: [t["latency_ms"] for t in turns if t["language"] == code] for code in codes}
    machine = result["machine"]
    report.write(
        path,
        "How soon the frame answers",
        f"{machine['cores']} cores ({machine['processor']}), load {machine['load_before']} before, the face at "
        f"{result['face']['fps']:.0f} frames a second. ms after the true end of the person's voice.",
        [["", "p50", "p95", "min", "max"]]
        + [[name, *p.values()] for name, p in (("latency", result["latency_ms"]), *result["stages_ms"].items())],
        {
            f"A typical turn: {typical['heard']}": report.waterfall(typical["timings_ms"]),
            "All turns; the line is at 800 ms": report.distribution(by_language, 800.0, "ms to the first sound"),
        },
    )


def percentiles(values: Sequence[float | None]) -> dict[str, float | None]:
    """p50, p95 and the range of what was measured, ms."""
    known = np.array([v for v in values if v is not None])
    if not len(known):
        return {"p50": None, "p95": None, "min": None, "max": None}
    p50, p95 = np.percentile(known, [50, 95])
    return {k: round(float(v), 1) for k, v in (("p50", p50), ("p95", p95), ("min", known.min()), ("max", known.max()))}


def stages(timings: list[dict[str, float | None]]) -> dict[str, dict[str, float | None]]:
    """For each stage, ms after the true end of the person's speech."""
    names = ("endpoint", "transcript", "first_token", "first_clause", "first_audio")
    return {name: percentiles([_after(t[name], t["speech_end"]) for t in timings]) for name in names}


def _after(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    rows = [("latency", result["latency_ms"])]
    rows += [(f"latency, {code}", p) for code, p in result["latency_ms_by_language"].items()]
    rows += [*result["stages_ms"].items(), ("gap between clauses", result["gaps_ms"])]
    lines = [f"{'ms after the end of speech':28}{'p50':>8}{'p95':>8}{'min':>8}{'max':>8}"]
    for name, p in rows:
        lines.append(
            f"{name:28}" + "".join(f"{p[k] if p[k] is not None else '-':>8}" for k in ("p50", "p95", "min", "max"))
        )
    face = result["face"]
    lines += [f"face {face['fps']} fps, frame ms {face['frame_ms']}", f"memory {result['memory_mb']} MB"]
    lines += [f"start {result['start_s']} s", f"{result['answered']} of {result['questions']} answered"]
    return "\n".join(lines)
