"""``imago bench idle``: what the frame costs while nobody speaks, the face alive, and where that goes."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from device.bench import report as report_page
from device.bench.idle import thread_times, used
from device.bench.noises import quiet
from device.commands import converse
from device.commands.output import progress, results_folder, write_json
from device.persona.unpacked import Persona
from device.rehearsal import Rehearsal

SETTLE_S = 5.0
"""s after the start that are not counted."""
NOISE = 10 ** (-62 / 20)
"""RMS of the room's sound in the microphone: exact silence might be cheaper than any room."""


def run(persona: Persona, options: argparse.Namespace) -> int:
    """So many minutes of nobody; prints and writes the report."""
    seconds = 60.0 * max(1, options.rounds)
    settings = converse.frame_settings(options)
    with Rehearsal(persona, settings, progress) as rehearsal:
        rehearsal.prepare()
        rehearsal.rest(np.asarray(quiet(SETTLE_S) * np.float32(NOISE), np.float32))
        room = np.asarray(quiet(seconds, 1) * np.float32(NOISE), np.float32)
        load, begin, before = os.getloadavg()[0], time.monotonic(), thread_times(os.getpid())
        rehearsal.rest(room)
        after, end = thread_times(os.getpid()), time.monotonic()
        report = used(before, after, end - begin, rehearsal.processes)
        heard = len(rehearsal.recorder.turns)
        report["face"] = rehearsal.end().face_report()
    report["turns"] = heard
    report["machine"] = {"cores": os.cpu_count(), "load_before": round(load, 2)}
    if options.out:
        write_json(results_folder(options.out) / "idle.json", report)
        page(results_folder(options.out) / "idle.html", report)
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report))
    return 0


def page(path: Path, result: dict[str, Any]) -> None:
    """The measurement to look at."""
    machine, face = result["machine"], result["face"]
    report_page.write(
        path,
        "What the frame costs while nobody speaks",
        f"{result['core_share']:.1%} of one core over {result['wall_s']} s; {machine['cores']} cores, load "
        f"{machine['load_before']} before, the face at {face['fps'] or 0:.0f} frames a second. The microphone is a "
        "recording of a quiet room; with a sound card, the processes that hold it come on top.",
        [["process", "thread", "% of one core"]]
        + [[row["process"], row["thread"], round(100 * row["core_share"], 2)] for row in result["threads"]],
        {},
    )


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    rows = [f"{row['process']:8}{row['thread']:28}{row['core_share']:>8.1%}" for row in report["threads"]]
    rows += [f"{name:36}{share:>8.1%}" for name, share in report["by_process"].items()]
    rows.append(f"{'all, of one core':36}{report['core_share']:>8.1%}")
    rows.append(f"face {report['face']['fps']} fps; load before {report['machine']['load_before']}")
    return "\n".join(rows)
