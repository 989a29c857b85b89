"""``imago bench latency``: questions through the whole frame, the face running; how soon it answers, and where."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device.bench import report
from device.bench.circumstances import Circumstance, circumstances
from device.bench.live import surround
from device.bench.statistics import percentiles, quantile_interval
from device.bench.word_errors import RIGHT, error_rate
from device.commands import converse
from device.commands.demo import spoken
from device.commands.output import progress, results_folder, write_json
from device.config import FrameSettings
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


def run(persona: Persona, options: argparse.Namespace) -> int:
    """Asks all questions once a round, prints the percentiles; the kinds that share it differ in their rounds."""
    settings = converse.frame_settings(options)
    load_before = os.getloadavg()[0]
    conversations = [
        conversation(persona, settings, where, ask=options.rounds > 0) for where in circumstances(options.rounds)
    ]
    result = joined(conversations, persona.languages, load_before)
    if options.out:
        write_json(results_folder(options.out) / f"{options.kind}.json", result)
        page(results_folder(options.out) / f"{options.kind}.html", result)
    print(json.dumps(result, ensure_ascii=False) if options.json else table(result))
    return 0


def conversation(persona: Persona, settings: FrameSettings, where: Circumstance, ask: bool) -> dict[str, Any]:
    """One conversation with everything running -> its turns, and what the machine did meanwhile."""
    asked = [(code, text) for code in persona.languages for text in QUESTIONS.get(code, ()) if ask]
    around = surround(where.scene) if where.scene is not None else None
    turns = []
    with Rehearsal(persona, settings, progress, surround=around) as rehearsal:
        prepared_s = rehearsal.prepare() if asked else None
        for code, text in asked:
            turn = rehearsal.ask_and_rest(Question(text, spoken(text, code, where.speaker)))
            turns.append(_turn(where, code, text, turn))
        memory_mb, start_s = rehearsal.memory_mb(), {**rehearsal.start_s, "prepared": prepared_s}
        log = rehearsal.end()
    gc.collect()  # the next frame brings engines of its own
    gaps = [gap for turn in rehearsal.recorder.turns for gap in turn["gaps_ms"]]
    face = log.face_report()
    return {"where": where, "turns": turns, "gaps_ms": gaps, "memory_mb": memory_mb, "start_s": start_s, "face": face}


def _turn(where: Circumstance, language: str, asked: str, turn: dict[str, Any] | None) -> dict[str, Any]:
    known = turn or {"heard": "", "latency_ms": None, "timings_ms": {}}
    heard = {k: known[k] for k in ("heard", "latency_ms", "timings_ms")}
    wrong = round(error_rate(asked, known["heard"], language), 3)
    return {"where": where.name, "asked": asked, "language": language, "error_rate": wrong, **heard}


def joined(conversations: Sequence[dict[str, Any]], languages: Sequence[str], load_before: float) -> dict[str, Any]:
    """The figures of all conversations. Of the face's, the worst; memory and start are the first one's, since later
    ones share its process."""
    turns = [turn for c in conversations for turn in c["turns"]]
    first = conversations[0]
    return {
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "load_before": round(load_before, 2)},
        **answers(turns),
        "latency_ms_by_language": {code: latencies([t for t in turns if t["language"] == code]) for code in languages},
        "by_circumstance": {
            c["where"].name: answers([t for t in turns if t["where"] == c["where"].name]) for c in conversations
        },
        "stages_ms": stages([t["timings_ms"] for t in turns if t["timings_ms"]]),
        "turns": turns,
        "gaps_ms": percentiles([gap for c in conversations for gap in c["gaps_ms"]]),
        "face": max((c["face"] for c in conversations), key=lambda face: (face["frame_ms"] or {"p99": 0.0})["p99"]),
        "memory_mb": first["memory_mb"],
        "start_s": first["start_s"],
    }


def answers(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many questions were answered and heard right, and how soon."""
    return {
        "questions": len(turns),
        "answered": sum(t["latency_ms"] is not None for t in turns),
        "heard_right": sum(t["error_rate"] <= RIGHT for t in turns),
        "latency_ms": latencies(turns),
    }


def latencies(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Percentiles with their intervals of 95 %, ms."""
    values = [t["latency_ms"] for t in turns if t["latency_ms"] is not None]
    spans = {f"p{q}_95": quantile_interval(values, q / 100) for q in (50, 95)} if values else {}
    return {**percentiles(values), **spans}


def page(path: Path, result: dict[str, Any]) -> None:
    """The measurement to look at: where one turn's time goes, and how all turns' times are spread."""
    turns = sorted((t for t in result["turns"] if t["latency_ms"] is not None), key=lambda t: float(t["latency_ms"]))
    if not turns:
        return
    typical = turns[len(turns) // 2]
    groups = {"all": result, **result["by_circumstance"]}
    values = {name: [t["latency_ms"] for t in turns if name in ("all", t["where"])] for name in groups}
    machine = result["machine"]
    report.write(
        path,
        "How soon the frame answers",
        f"{machine['cores']} cores ({machine['processor']}), load {machine['load_before']} before, the face at "
        f"{result['face']['fps']:.0f} frames a second. ms after the true end of the person's voice; intervals of 95 %.",
        [["", "p50", "95 %", "p95", "95 %", "longest", "answered", "heard right"]]
        + [_row(name, group) for name, group in groups.items()]
        + [[name, p["p50"], "", p["p95"], "", p["max"], "", ""] for name, p in result["stages_ms"].items()],
        {
            f"A typical turn: {typical['heard']}": report.waterfall(typical["timings_ms"]),
            "All turns; the line is at 800 ms": report.distribution(
                {name: group for name, group in values.items() if group}, 800.0, "ms to the first sound"
            ),
        },
    )


def _row(name: str, group: dict[str, Any]) -> list[Any]:
    p, of = group["latency_ms"], group["questions"]
    spans = [f"{low:.0f} to {high:.0f}" for low, high in (p.get(f"p{q}_95", (0, 0)) for q in (50, 95))]
    answered, right = f"{group['answered']} of {of}", f"{group['heard_right']} of {of}"
    return [name, p["p50"], spans[0], p["p95"], spans[1], p["max"], answered, right]


def stages(timings: Sequence[dict[str, float | None]]) -> dict[str, dict[str, float | None]]:
    """For each stage, ms after the true end of the person's speech."""
    names = ("endpoint", "transcript", "first_token", "first_clause", "first_audio")
    return {name: percentiles([_after(t[name], t["speech_end"]) for t in timings]) for name in names}


def _after(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    rows = [("latency", result["latency_ms"])]
    rows += [(f"latency, {code}", p) for code, p in result["latency_ms_by_language"].items()]
    rows += [(name, group["latency_ms"]) for name, group in result["by_circumstance"].items()]
    rows += [*result["stages_ms"].items(), ("gap between clauses", result["gaps_ms"])]
    lines = [f"{'ms after the end of speech':28}{'p50':>8}{'p95':>8}{'min':>8}{'max':>8}"]
    for name, p in rows:
        lines.append(
            f"{name:28}" + "".join(f"{p[k] if p[k] is not None else '-':>8}" for k in ("p50", "p95", "min", "max"))
        )
    face = result["face"]
    lines += [f"face {face['fps']} fps, frame ms {face['frame_ms']}", f"memory {result['memory_mb']} MB"]
    lines += [f"start {result['start_s']} s", f"{result['answered']} of {result['questions']} answered"]
    return "\n".join([*lines, f"{result['heard_right']} of {result['questions']} heard right"])
