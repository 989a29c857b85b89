"""``imago bench barge-in``: somebody speaks into the frame's answers; how soon it is silent, and when not."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from device.bench import report as report_page
from device.bench.live import LIVING_ROOM, Remark, measure, surround
from device.commands import bench_own_voice, converse
from device.commands.demo import spoken
from device.commands.output import progress, results_folder, write_json
from device.persona.unpacked import Persona
from device.rehearsal import Question, Rehearsal, write_events, write_room
from device.voice.questions import SPEAKERS

QUESTIONS = {
    "en": ("How did you meet Grandma?", "What did you buy with your first wages?", "Did you ever have a dog?"),
    "zh": ("你和外婆是怎么认识的？", "你小时候住在哪里？", "你养过狗吗？"),
}
REMARKS = {
    "en": (
        ("Grandpa, wait a moment.", True),
        ("What does your name mean?", True),
        ("Mhm.", False),
        ("No, tell me about the flood.", True),
        ("Stop.", True),
        ("Oh, really?", False),
    ),
    "zh": (
        ("外公，等一下。", True),
        ("你的名字是什么意思？", True),
        ("嗯。", False),
        ("不是，你讲讲大水的事。", True),
        ("停一下。", True),
        ("是吗？", False),
    ),
}


def run(persona: Persona, options: argparse.Namespace) -> int:
    """Every remark so many rounds; prints and writes the report."""
    settings = converse.frame_settings(options)
    questions = [Question(t, spoken(t, code)) for code in persona.languages for t in QUESTIONS[code]]
    remarks = [
        Remark(text, code, spoken(text, code, speaker % len(SPEAKERS)), meant)
        for speaker in range(max(1, options.rounds))
        for code in persona.languages
        for text, meant in REMARKS[code]
    ]
    load = os.getloadavg()[0]
    with Rehearsal(persona, settings, progress, surround=surround(LIVING_ROOM)) as rehearsal:
        report = measure(rehearsal, questions, remarks, progress)
        if options.out:
            out = results_folder(options.out)
            log = rehearsal.end()
            write_events(out / "barge-in.events.jsonl", rehearsal.recorder)
            write_room(out / "barge-in.wav", rehearsal.recorder, log.seconds, rehearsal.played(log.seconds))
    if options.hours:
        report["alone"] = bench_own_voice.measured(persona, options.hours)
    report["machine"] = {"cores": os.cpu_count(), "load_before": round(load, 2)}
    if options.out:
        write_json(results_folder(options.out) / "barge-in.json", report)
        page(results_folder(options.out) / "barge-in.html", report)
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report))
    return 0


def page(path: Path, result: dict[str, Any]) -> None:
    """The measurement to look at."""
    rows = result["remarks"]
    stopped = [row["silent_ms"] for row in rows if row["meant"] and row["stopped"]]
    plots = {"The line is at 300 ms": report_page.distribution({"stopped": stopped}, 300.0, "ms to silence")}
    report_page.write(
        path,
        "Speaking into the frame's answers",
        f"{result['machine']['cores']} cores, a simulated room (RT60 0.4 s, kitchen noise), the loudspeaker at 0.5 m, "
        f"the person at 1 m and as loud. Lowered for nothing {result['false_ducks']} times in "
        f"{result['playback_s']} s." + (bench_own_voice.told(result["alone"]) if "alone" in result else ""),
        [["said", "became of it", "silent after ms", "heard"]]
        + [[row["said"], "stopped" if row["stopped"] else "went on", row["silent_ms"], row["heard"]] for row in rows],
        plots if stopped else {},
    )


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    rows = []
    for row in report["remarks"]:
        became = "stopped" if row["stopped"] else "went on"
        rows.append(f"{row['said']:34} {became}, silent after {row['silent_ms']} ms; {row['heard']}")
    false = f"{report['false_ducks']} times lowered for nothing in {report['playback_s']} s of its own voice"
    alone = bench_own_voice.told(report["alone"]) if "alone" in report else ""
    return "\n".join([*rows, json.dumps(report["summary"]), f"{false}.{alone}"])
