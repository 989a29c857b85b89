"""``imago bench own-voice``: hours of its own voice in other rooms with nobody there; what it takes that for.

Not in real time, so that other work beside it costs nothing but patience.
"""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from device import registry
from device.app import load_transcriber, load_turn_end, load_voice
from device.bench import alone
from device.bench import report as report_page
from device.bench.own_voice import own_voices
from device.commands.output import progress, results_folder, write_json
from device.errors import Usage
from device.persona.unpacked import Persona
from device.ports import MIC_RATE, Pcm
from device.voice.resample import resample

MEMORIES = 30
"""In each language, said over and over."""
WHAT = ("lowered", "believed", "stopped")


def run(persona: Persona, options: argparse.Namespace) -> int:
    """So many hours; prints and writes the report."""
    if options.hours <= 0:
        raise Usage("hours", expected="more than 0", got=f"{options.hours:g}")
    load = os.getloadavg()[0]
    report = measured(persona, options.hours)
    report["machine"] = {"cores": os.cpu_count(), "load_before": round(load, 2)}
    if options.out:
        folder = results_folder(options.out)
        write_json(folder / "own-voice.json", report)
        rows = [[r["noise"], f"{r['loudspeaker_m']:.2f}", f"{r['latency_s']:.2f}", *(r[w] for w in WHAT)]
                for r in report["rooms"]]  # fmt: skip
        head = ["noise", "loudspeaker m", "its delay s", *WHAT]
        report_page.write(folder / "own-voice.html", "Its own voice, and nobody there", told(report).strip(),
                          [head, *rows], {})  # fmt: skip
    print(json.dumps(report, ensure_ascii=False) if options.json else told(report).strip())
    return 0


def measured(persona: Persona, hours: float) -> dict[str, Any]:
    """See `alone.measure`."""
    ears = alone.ears(load_transcriber(persona), load_turn_end(), persona.languages)
    return alone.measure(ears, own_clauses(persona), hours, progress)


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


def told(made: dict[str, Any]) -> str:
    """The figures as a sentence."""
    rates = [f"{made[k]['per_h']} ({made[k]['per_h_95'][0]} to {made[k]['per_h_95'][1]})" for k in WHAT]
    return (
        f" In {made['playback_h']} h of its own voice in {len(made['rooms'])} other rooms, with nobody there, it was "
        f"lowered {rates[0]} times an hour, somebody was believed in {rates[1]} times an hour, and it was stopped "
        f"{rates[2]} times an hour (intervals of 95 %)."
    )
