"""``imago bench cut-ins``: are people who pause while they speak cut off, and how long does it wait at the end?"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from device import config, registry
from device.bench import report as report_page
from device.bench.cut_ins import Remembering, Turn, session, summary
from device.bench.hesitant import REPORTED, Hesitant, Person, sentences
from device.bench.room import Room
from device.bench.scene import Scene
from device.commands.output import progress, results_folder, write_json
from device.conversation.endpointing import EndpointSettings
from device.ears.listener import Senses
from device.schema import read_toml
from models_quantized import catalog

TEXTS = Path(report_page.__file__).with_name("hesitant.toml")
SCENES = (
    Scene(Room(rt60_s=0.3), person_m=0.7, noise="quiet", noise_dbfs=-62.0),
    Scene(Room(rt60_s=0.5), person_m=1.0, noise="kitchen", noise_dbfs=-48.0, seed=1),
    Scene(Room(rt60_s=0.6), person_m=2.0, noise="hum", noise_dbfs=-55.0, seed=2),
    Scene(Room(rt60_s=0.4), person_m=1.0, noise="television", noise_dbfs=-52.0, seed=3),
)
"""Near and far, dry and reverberant; the noise 22 to 36 dB below a person at 1 m."""
PATIENCE = (0.4, 0.7, 1.0, 1.3)
"""Factors on all waits for the curve of cut-ins against delay."""

Session = tuple[Person, list[Hesitant], Scene]


def run(options: argparse.Namespace) -> int:
    """Every person in so many rooms; prints and writes the report."""
    load = os.getloadavg()[0]
    talks = sessions(max(1, options.rounds), config.cache() / "hesitant")
    senses, transcriber = engines()
    report = summary(measured(talks, senses, transcriber, EndpointSettings()))
    first = talks[: len(REPORTED)]
    report["curve"] = [
        {"patience": f, **_point(measured(first, senses, transcriber, patient(f)))} for f in PATIENCE
    ] + [{"patience": 1.0, "without_words": True, **_point(measured(first, senses, None, EndpointSettings()))}]
    report["machine"] = {"cores": os.cpu_count(), "load_before": round(load, 2)}
    if options.out:
        write_json(results_folder(options.out) / "cut-ins.json", report)
        page(results_folder(options.out) / "cut-ins.html", report)
    print(json.dumps(report, ensure_ascii=False) if options.json else table(report))
    return 0


def sessions(rounds: int, kept: Path) -> list[Session]:
    """Each person once a round, each round in another room."""
    texts = read_toml(TEXTS)["reported"]
    talks = []
    for round_ in range(rounds):
        for number, person in enumerate(REPORTED):
            progress(f"cut-ins: {person.label} prepares, {round_ + 1} of {rounds}")
            random = np.random.default_rng([round_, number])
            said = sentences(person, texts[person.language], kept, random, round_)
            talks.append((person, said, SCENES[(number + round_) % len(SCENES)]))
    return talks


def engines() -> tuple[Senses, Remembering]:
    """The frame's own, which remember what they were asked: the curve asks the same again."""
    turn_end = registry.make("turn_end", "smart-turn", model=catalog.verified_path("turn-end"))
    transcriber = registry.make("transcriber", "whisper", model=catalog.verified_dir("transcriber"))
    remembering = Remembering(turn_end, transcriber)
    return Senses(registry.make("speech_detector", "silero"), remembering), remembering


def measured(
    talks: Sequence[Session], senses: Senses, transcriber: Remembering | None, settings: EndpointSettings
) -> list[Turn]:
    """What became of all of it."""
    turns: list[Turn] = []
    for person, said, scene in talks:
        turns += session(person.label, person.language, said, scene, senses, transcriber, settings)
        progress(f"cut-ins: {person.label} has talked")
    return turns


def patient(factor: float) -> EndpointSettings:
    """All waits times this."""
    usual = EndpointSettings()
    return replace(
        usual,
        sure_wait_s=usual.sure_wait_s * factor,
        told_wait_s=usual.told_wait_s * factor,
        unsure_wait_s=usual.unsure_wait_s * factor,
    )


def _point(turns: Sequence[Turn]) -> dict[str, Any]:
    whole = summary(turns)
    return {"cut_off": whole["cut_off"], "endpoint_ms": whole["endpoint_ms"]}


def page(path: Path, result: dict[str, Any]) -> None:
    """The measurement to look at."""
    groups = {**result["by_person"], **{f"pause of {k} s": v for k, v in result["by_pause"].items()}}
    groups |= {f"{k} sentence of a person": v for k, v in result["by_number"].items()}
    bars = {name: (s["share"], *s["share_95"]) for name, s in groups.items() if s["of"]}
    ends = result["endpoint_ms"]
    curve = [(p["endpoint_ms"]["p50"], p["endpoint_ms"]["p95"], p["cut_off"]["share"]) for p in result["curve"][:-1]]
    plots = {
        "Cut off, with intervals of 95 %; the line is at 5 %": report_page.shares(bars, 0.05),
        "All waits shorter or longer: what it costs, what it saves": report_page.delay_tradeoff(curve),
    }
    rows = [(name, s) for name, s in (("all", result["cut_off"]), *groups.items())]
    report_page.write(
        path,
        "People who pause while they speak",
        f"{result['with_pauses']} sentences with pauses of 0.2 to 0.8 s, {len(result['by_person'])} synthetic "
        f"speakers, four simulated rooms. Cut off: the answer would have been heard before they went on. From the end "
        f"of the voice to the end of the turn {ends['p50']} ms (p50), {ends['p95']} ms (p95). Cut off among sentences "
        f"without pauses: {result['cut_off_without_pauses']['cut']} of {result['cut_off_without_pauses']['of']}.",
        [["", "of", "cut off", "share", "95 %", "ended too early, but joined"]]
        + [[name, s["of"], s["cut"], s["share"], "{} to {}".format(*s["share_95"]), s["joined"]] for name, s in rows],
        plots,
    )


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    groups = {"with pauses": report["cut_off"], "without": report["cut_off_without_pauses"], **report["by_language"]}
    groups |= {**report["by_person"], **{f"pause of {k} s": v for k, v in report["by_pause"].items()}}
    groups |= {f"{k} sentence": v for k, v in report["by_number"].items()}
    rows = []
    for name, s in groups.items():
        low, high = s["share_95"]
        rows.append(f"{name:24}{s['cut']:>4} of {s['of']:<4} cut off ({low:.1%} to {high:.1%}), {s['joined']} joined")
    rows.append(
        f"end of voice to end of turn, ms: {report['endpoint_ms']}; questions {report['endpoint_ms_questions']}"
    )
    for point in report["curve"]:
        words = "no words known" if "without_words" in point else f"waits x {point['patience']}"
        rows.append(f"{words:24}{point['cut_off']['cut']:>4} of {point['cut_off']['of']:<4} {point['endpoint_ms']}")
    return "\n".join(rows)
