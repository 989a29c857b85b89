"""``imago bench``: measures this machine as it will be used: questions through the whole frame, the face running."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from device.commands import (
    bench_barge_in,
    bench_cut_ins,
    bench_face,
    bench_idle,
    bench_import,
    bench_latency,
    bench_own_voice,
    bench_wake,
)
from device.commands.demo import fetch_missing
from device.commands.output import progress
from device.commands.persona_choice import find
from device.errors import Usage

KINDS = {
    "latency": ("end of speech to first sound of the answer, the face running; each round in another room", 5),
    "face": ("cost of frames with the face alone, lips against the voice, soundness of the picture, life", 0),
    "memory": ("of all processes, with everything loaded and used", 1),
    "boot": ("start to the portrait, and to listening", 0),
    "cut-ins": ("people who pause while they speak: cut off, or not; and how long it waits when they are through", 2),
    "idle": ("processor time while nobody speaks, the face alive, by thread; rounds are minutes", 1),
    "barge-in": ("speech into an answer to silence, in a simulated room", 4),
    "own-voice": ("hours of its own voice with nobody there: how often it is lowered or stopped for nothing", 0),
    "import": ("a large persona pack verified and imported, beside sha256sum over it", 3),
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
        if name == "face":
            bench_face.add_arguments(kind)
        if name == "import":
            bench_import.add_arguments(kind)
    for name, hours in (("barge-in", 0.0), ("own-voice", 1.0)):
        kinds.choices[name].add_argument(
            "--hours", type=float, default=hours, metavar="H", help=f"of its own voice with nobody there ({hours:g})"
        )


def run(options: argparse.Namespace) -> int:
    """Measures, prints, and writes what it found; latency, memory and boot come out of one conversation."""
    if options.rounds < 0:
        raise Usage("rounds", expected="0 or more", got=str(options.rounds))
    if options.kind == "import":
        return bench_import.run(options)
    fetch_missing()
    if options.kind == "cut-ins":
        return bench_cut_ins.run(options)
    persona = find(options.persona, progress)
    if options.kind == "idle":
        return bench_idle.run(persona, options)
    if options.kind == "barge-in":
        return bench_barge_in.run(persona, options)
    if options.kind == "own-voice":
        return bench_own_voice.run(persona, options)
    if options.kind == "wake":
        return bench_wake.run(persona, options)
    if options.kind == "face":
        return bench_face.run(persona, options)
    return bench_latency.run(persona, options)
