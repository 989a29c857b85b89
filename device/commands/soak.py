"""``imago soak``: the frame lives with simulated people for hours, while everything that can break does."""

from __future__ import annotations

import argparse
import json
import os
import signal
from pathlib import Path
from typing import Any

from device.bench.soak import recordings
from device.bench.soak.director import Director, Monitor, open_journal
from device.bench.soak.page import page
from device.bench.soak.script import Life
from device.bench.soak.stage import Stage
from device.bench.soak.verdict import judge, summary
from device.commands import converse
from device.commands.demo import fetch_missing
from device.commands.output import progress, results_folder, write_json
from device.commands.persona_choice import find
from device.errors import Usage

FAILED = 1
"""Exit code of a soak whose verdict is no."""
LONGEST_H = 24.0 * 7


def add_parser(subparsers: Any) -> None:
    """Adds ``soak`` to the command line."""
    parser = subparsers.add_parser("soak", help="hours of simulated life, with calamities; is it still the same after?")
    parser.add_argument("--hours", type=float, required=True, metavar="H", help="how long; 0.17 is ten minutes")
    parser.add_argument("--persona", default="demo", metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for soak.jsonl, soak.json and soak.html")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.add_argument("--size", default="1280x720", metavar="WxH", help="of the picture, pixels (1280x720)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the script of life (1)")
    parser.set_defaults(window=False)


def run(options: argparse.Namespace) -> int:
    """Lives for so long, then judges: 0, or 1 where the verdict is no."""
    if not 0.0 < options.hours <= LONGEST_H:
        raise Usage("hours", expected=f"more than 0, at most {LONGEST_H:g}", got=f"{options.hours:g}")
    out = None if options.out is None else results_folder(options.out)
    fetch_missing()
    persona = find(options.persona, progress)
    load = os.getloadavg()[0]
    journal = open_journal(out)
    with Stage(persona, converse.frame_settings(options), progress) as stage:
        told = recordings.repertoire(persona.languages, tuple(stage.calamities()))
        sounds = recordings.recorded((*told.questions, *told.remarks, *told.sounds, *told.orders))
        director = Director(stage, sounds, journal, progress)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, director.stop)
        with Monitor(stage, journal, director.origin):
            director.run(Life(told, options.seed), options.hours * 3600)
    checks = judge(journal.lines)
    machine = {"cores": os.cpu_count(), "load_before": round(load, 2), "load_after": round(os.getloadavg()[0], 2)}
    verdict = [{"check": c.name, "passed": c.passed, "found": c.found} for c in checks]
    report = {"hours": options.hours, "machine": machine, **summary(journal.lines), "verdict": verdict}
    if out is not None:
        write_json(out / "soak.json", report)
        about = f"{machine['cores']} cores, load {machine['load_before']} before and {machine['load_after']} after."
        page(out / "soak.html", journal.lines, checks, about)
    passed = all(check.passed for check in checks)
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report, passed))
    return 0 if passed else FAILED


def table(report: dict[str, Any], passed: bool) -> str:
    """The report for people, the verdict last."""
    rows = [f"{c['check']:16}{'ok' if c['passed'] else 'FAILED':8}{c['found']}" for c in report["verdict"]]
    rows += [
        f"latency from minute {w['from_min']}: p50 {w['p50']} p95 {w['p95']} ms"
        for w in report["latency_ms_per_10_min"]
    ]
    rows.append(f"own voice {report['own_voice_per_hour']}")
    return "\n".join([*rows, "verdict: " + ("as on the first day" if passed else "not what it was")])
