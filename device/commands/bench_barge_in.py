"""``imago bench barge-in``: somebody speaks into the frame's answers; how soon it is silent, and when not."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from device import registry
from device.app import load_transcriber, load_turn_end, load_voice
from device.bench import alone
from device.bench import report as report_page
from device.bench.live import LIVING_ROOM, Remark, measure, surround
from device.bench.own_voice import own_voices
from device.commands import converse
from device.commands.demo import spoken
from device.commands.output import progress, results_folder, write_json
from device.persona.unpacked import Persona
from device.ports import MIC_RATE, Pcm
from device.rehearsal import Question, Rehearsal, write_events, write_room
from device.voice.questions import SPEAKERS
from device.voice.resample import resample

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


MEMORIES = 30
"""In each language, said over and over by the own voice alone."""


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
        ears = alone.ears(load_transcriber(persona), load_turn_end(), persona.languages)
        report["alone"] = alone.measure(ears, own_clauses(persona), options.hours, progress)
    report["machine"] = {"cores": os.cpu_count(), "load_before": round(load, 2)}
    if options.out:
        write_json(results_folder(options.out) / "barge-in.json", report)
        page(results_folder(options.out) / "barge-in.html", report)
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report))
    return 0


def own_clauses(persona: Persona) -> list[Pcm]:
    """What this persona says aloud: its memories, in its voices."""
    if "memory" in persona.missing:
        return own_voices()
    rows = registry.make("memory", "sqlite", path=persona.memory_path).rows
    clauses = []
    for code in persona.file.person.languages:
        voice = load_voice(persona, code)
        for row in [row for row in rows if row.language == code][:MEMORIES]:
            speech = voice.synthesize(row.text)
            clauses.append(resample(speech.pcm, speech.rate, MIC_RATE))
    return clauses


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
        f"{result['playback_s']} s." + _alone(result),
        [["said", "became of it", "silent after ms", "heard"]]
        + [[row["said"], "stopped" if row["stopped"] else "went on", row["silent_ms"], row["heard"]] for row in rows],
        plots if stopped else {},
    )


def _alone(result: dict[str, Any]) -> str:
    if "alone" not in result:
        return ""
    made = result["alone"]
    rates = [
        f"{made[k]['per_h']} ({made[k]['per_h_95'][0]} to {made[k]['per_h_95'][1]})"
        for k in ("lowered", "believed", "stopped")
    ]
    return (
        f" In {made['playback_h']} h of its own voice in {len(made['rooms'])} other rooms, with nobody there, it was "
        f"lowered {rates[0]} times an hour, somebody was believed in {rates[1]} times an hour, and it was stopped "
        f"{rates[2]} times an hour (intervals of 95 %)."
    )


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    rows = []
    for row in report["remarks"]:
        became = "stopped" if row["stopped"] else "went on"
        rows.append(f"{row['said']:34} {became}, silent after {row['silent_ms']} ms; {row['heard']}")
    false = f"{report['false_ducks']} times lowered for nothing in {report['playback_s']} s of its own voice"
    return "\n".join([*rows, json.dumps(report["summary"]), false + "." + _alone(report)])
