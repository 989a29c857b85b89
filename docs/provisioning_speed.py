"""How long the provisioning tool takes here, in how much memory: `python -m docs.provisioning_speed --out DIR`.

Measures the recipe itself with a process for each core, in a new folder of kept outcomes, so that nothing is there of
before: chats read into memories, photographs looked at, recordings heard, and two shoeboxes built from nothing, with a
letter changed, and unchanged. Each is a process of its own, timed from outside; what it works on is made before. Writes
DIR/provisioning.json; with `--only` the other figures in it stay. A run with less than the full size says so.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from device import memory_use
from docs import speed_material as material
from tests.support.family import shoebox as family
from tests.support.family.talk import SOURCES

ROOT = Path(__file__).resolve().parent.parent
FULL = {"messages": 100_000, "photos": 1000, "minutes": 60.0}
LIMITS = {
    "messages": {"seconds": 60, "memory_mb": 500},
    "photos": {"seconds": 600},
    "audio": {"seconds": 1800},
    "demo": {"seconds": 180},
    "family": {"seconds": 180},
}
"""What is to be reached on two cores, at the full size."""
SAMPLE_S = 0.25
Figures = dict[str, Any]


def watched(task: str, place: Path) -> Figures:
    """Runs `docs.speed_tasks TASK` on place/box with outcomes in place/kept -> what it tells, its seconds from the
    outside, and the most memory at once: of all its processes, of the workers alone, and in each of its steps. Leaves
    with its error."""
    start = time.monotonic()
    command = [sys.executable, "-m", "docs.speed_tasks", task, str(place)]
    with (place / "told.json").open("w+", encoding="utf-8") as told:
        process = subprocess.Popen(command, cwd=ROOT, stdout=told)
        taken = samples(process)
        seconds = time.monotonic() - start
        if process.returncode:
            raise SystemExit(process.returncode)
        told.seek(0)
        figures: Figures = json.load(told)
    figures["steps"] = {name: in_step(taken, *times) for name, times in figures.pop("steps", {}).items()}
    most = {"memory_mb": highest(taken), "workers_mb": round(max((t.workers_mb for t in taken), default=0.0), 1)}
    return {"seconds": round(seconds, 1), **most, **figures}


class Sample(NamedTuple):
    """Memory at one moment, MB."""

    at: float
    """s of the monotonic clock, which all processes share"""
    memory_mb: float
    workers_mb: float


def samples(process: subprocess.Popen[bytes]) -> list[Sample]:
    """Looks at a process and all that it starts until it ends."""
    taken = []
    while process.poll() is None:
        whole = memory_use.family_mb(process.pid)
        own = memory_use.family_mb(process.pid, frozenset(memory_use.family(process.pid)[1:]))
        taken.append(Sample(time.monotonic(), whole, whole - own))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SAMPLE_S)
    return taken


def in_step(taken: Sequence[Sample], start: float, end: float) -> Figures:
    """A step's seconds, and the most memory that was seen in it."""
    within = [sample for sample in taken if start - SAMPLE_S <= sample.at <= end + SAMPLE_S]
    return {"seconds": round(end - start, 2), "memory_mb": highest(within)}


def highest(taken: Sequence[Sample]) -> float:
    """The most memory of all processes at once, MB."""
    return round(max((sample.memory_mb for sample in taken), default=0.0), 1)


def messages(place: Path, options: argparse.Namespace) -> Figures:
    """Chats: read, speakers found, made memories."""
    put_persona(place / "box")
    sizes = material.chats(place / "box", options.messages)
    told = watched("messages", place)
    size = {"messages": options.messages, "files": len(sizes), "bytes": sum(sizes.values())}
    return {**size, "per_s": round(options.messages / told["seconds"], 1), **told, "style": watched("style", place)}


def photos(place: Path, options: argparse.Namespace) -> Figures:
    """Photographs: looked at, and the best chosen."""
    put_persona(place / "box")
    size = material.photographs(place / "box", options.photos)
    pixels = material.PICTURE[0] * material.PICTURE[1] / 1e6
    told = watched("photos", place)
    return {"photographs": options.photos, "megapixels": pixels, "bytes": size, **told}


def audio(place: Path, options: argparse.Namespace) -> Figures:
    """Recordings: heard and transcribed."""
    put_persona(place / "box")
    count, sentences = material.recordings(place / "box", options.minutes)
    told = watched("audio", place)
    return {"minutes": options.minutes, "recordings": count, "sentences": sentences, **told}


def demo(place: Path, options: argparse.Namespace) -> Figures:
    """The demo persona's shoebox."""
    shutil.copytree(ROOT / "demo" / "shoebox", place / "box")
    return built(place)


def made_up_family(place: Path, options: argparse.Namespace) -> Figures:
    """The shoebox with every format."""
    family.write(place / "box")
    return built(place)


PARTS: dict[str, tuple[str, Callable[[Path, argparse.Namespace], Figures]]] = {
    "messages": ("messages", messages),
    "photos": ("photos", photos),
    "audio": ("minutes", audio),
    "demo": ("", demo),
    "family": ("", made_up_family),
}
"""Part -> the option that says its size, and what measures it."""


def put_persona(box: Path) -> None:
    """persona.toml and consent of the made-up family, without anything else."""
    for name in ("persona.toml", "consent/statement.txt", "consent/household-register.txt"):
        material.put(box / name, (SOURCES / name).read_bytes())


def built(place: Path) -> Figures:
    """From nothing, after a line more in one letter, and with nothing changed."""
    files = [path for path in (place / "box").rglob("*") if path.is_file()]
    whole = watched("build", place)
    letter = next(p for p in sorted((place / "box" / "letters").iterdir()) if p.suffix in (".txt", ".md"))
    lines = letter.read_bytes().splitlines(keepends=True)
    letter.write_bytes(
        b"".join([*lines[: len(lines) // 2], b"The kettle was new that year.\n", *lines[len(lines) // 2 :]])
    )
    changed, same = watched("build", place), watched("build", place)
    size = {"files": len(files), "bytes": sum(path.stat().st_size for path in files)}
    return {**size, **whole, "letter": letter.name, "one_letter": changed, "unchanged": same}


def at_full_size(part: str, figures: Figures, options: argparse.Namespace) -> Figures:
    """With the limit, and what it takes at the full size: measured, or extrapolated in proportion and called so."""
    size, _ = PARTS[part]
    share = getattr(options, size) / FULL[size] if size else 1.0
    whole = {"full_size_s": round(figures["seconds"] / share, 1), "extrapolated": share < 1.0}
    return {**figures, **whole, "limits": LIMITS[part]}


def measured(part: str, options: argparse.Namespace) -> Figures:
    """One part, with when and on what it was measured."""
    with tempfile.TemporaryDirectory(prefix="imago-speed-") as folder:
        before = round(os.getloadavg()[0], 2)
        figures = at_full_size(part, PARTS[part][1](Path(folder), options), options)
        machine = {"cores": len(os.sched_getaffinity(0)), "processor": platform.machine(), "load_before": before}
    machine["load_after"] = round(os.getloadavg()[0], 2)
    size = PARTS[part][0]
    more = f" --{size} {getattr(options, size):g}" if size else ""
    command = f"python -m docs.provisioning_speed --out docs/measurements --only {part}{more}"
    return {"command": command, "date": date.today().isoformat(), "machine": machine, **figures}


def main(words: list[str] | None = None) -> int:
    """Measures, part by part, and writes after each."""
    parser = argparse.ArgumentParser(description="How long the provisioning tool takes on this machine.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="provisioning.json lands here")
    parser.add_argument("--messages", type=int, default=FULL["messages"], metavar="N")
    parser.add_argument("--photos", type=int, default=FULL["photos"], metavar="N")
    parser.add_argument("--minutes", type=float, default=FULL["minutes"], metavar="M", help="of sound")
    parser.add_argument("--only", choices=PARTS, action="append", default=[], help="may be given several times")
    options = parser.parse_args(words)
    if min(options.messages, options.photos, options.minutes) <= 0:
        parser.error("sizes are greater than 0")
    path = options.out / "provisioning.json"
    told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for part in options.only or PARTS:
        told[part] = measured(part, options)
        options.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{part}: {told[part]['seconds']} s, {told[part]['memory_mb']} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
