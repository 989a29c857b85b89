"""``imago bench import``: a large pack verified and imported, beside `sha256sum` over it on the same disk."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from device.bench import report as report_page
from device.commands.output import progress, results_folder, write_json
from device.errors import Missing

PHOTOGRAPH = 2_000_000
"""Bytes of each of the album's."""
JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x40\x00\x40\x03"
"""The head of one of 64 x 64 pixels."""
LOOK_S = 0.01
"""s between two looks at a process."""
TOML = 'id = "bench"\n[person]\nname = "Bench"\nlanguages = ["en"]\ndied = 2000\n'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what only this measurement asks for."""
    parser.add_argument("--gb", type=float, default=1.0, metavar="G", help="size of the pack, 10^9 bytes (1)")


def run(options: argparse.Namespace) -> int:
    """So many rounds, taken in turn so that all meet the same disk; prints and writes the report."""
    with tempfile.TemporaryDirectory(prefix="imago-bench-", dir=os.environ.get("TMPDIR")) as folder:
        place = Path(folder)
        pack = _prepared(place, options.gb)
        rounds = [_round(place, pack, number) for number in range(max(1, options.rounds))]
    report = summed(rounds, options.gb)
    if options.out:
        write_json(results_folder(options.out) / "import.json", report)
        page(results_folder(options.out) / "import.html", report)
    print(json.dumps(report) if options.json else table(report))
    return 0


def _prepared(place: Path, gb: float) -> Path:
    """A frame's store that belongs to a new family, and a pack for it."""
    import msgspec

    from device.persona.pack import signed
    from device.persona.pack.consent import Consent
    from device.persona.store import frame_identity, store
    from device.persona.vault.sealing import FileSealer
    from provisioning import keys, pack

    progress(f"making a pack of {gb:g} GB")
    folder, paper = place / "persona", keys.new_paper()
    (folder / "album").mkdir(parents=True)
    (folder / "persona.toml").write_text(TOML, encoding="utf-8")
    chance = random.Random(1)
    for number in range(max(1, round(gb * 1e9 / PHOTOGRAPH))):
        (folder / "album" / f"{number:05d}.jpg").write_bytes(JPEG + chance.randbytes(PHOTOGRAPH - len(JPEG)))
    family, sealer = keys.first_root(paper), FileSealer(place / "home" / "secrets")
    (place / "home").mkdir()
    identity = frame_identity.load_or_make(sealer)
    public = frame_identity.public(identity, ("any",), frame_identity.open_pairing(sealer))
    told: dict[str, Any] = {
        "persona": "bench",
        "subject": "Bench",
        "basis": "relative",
        "by": "B",
        "relation": "son",
        "serial": 1,
    }
    evidence: Any = [{"name": "none", "sha256": "0" * 64}]
    consent = msgspec.convert({**told, "died": "2000", "grants": ["photographs"], "evidence": evidence}, Consent)
    plan = pack.plan(folder, family, "Bench", consent, {}, {})
    owner = paper.signing(1)
    signing: dict[bytes, signed.Sign] = {owner.public_key().public_bytes_raw(): owner.sign}
    out = place / "bench.imago"
    pack.write(plan, pack.Order((public,), 0, 1), family, 1, signing, out, lambda done, total: None)
    shutil.rmtree(folder)
    shutil.copytree(place / "home", place / "fresh")
    assert store.Store(place / "home", sealer).family is None
    os.sync()
    return out


def _round(place: Path, pack: Path, number: int) -> dict[str, dict[str, float]]:
    progress(f"round {number + 1}")
    shutil.rmtree(place / "home")
    shutil.copytree(place / "fresh", place / "home")
    imago = [sys.executable, "-m", "device"]
    found = {
        "sha256sum": _timed(["sha256sum", str(pack)], place),
        "verify": _timed([*imago, "pack", "verify", str(pack)], place),
        "import": _timed([*imago, "import", str(pack)], place),
    }
    os.sync()
    return found


def _timed(command: list[str], place: Path) -> dict[str, float]:
    """Seconds and largest resident memory (MB) of a command. Raises Missing where it fails."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "IMAGO_HOME": str(place / "home")}
    )
    memory = 0.0
    while process.poll() is None:
        memory = max(memory, _highest_mb(process.pid))
        time.sleep(LOOK_S)
    if process.returncode:
        raise Missing(command[0], expected="a run that succeeds", got=f"exit code {process.returncode}")
    return {"s": round(time.monotonic() - begin, 3), "mb": round(memory, 1)}


def _highest_mb(pid: int) -> float:
    """The most memory that a process has held resident since it became its program; 0 for one that has ended. What
    `wait4` says would be the measuring process's own, which it was before."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return 0.0
    if command == Path("/proc/self/cmdline").read_bytes():
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def summed(rounds: list[dict[str, dict[str, float]]], gb: float) -> dict[str, Any]:
    """Medians, worst cases, and both as multiples of sha256sum in the same round."""
    steps = {}
    for name in rounds[0]:
        seconds = [found[name]["s"] for found in rounds]
        ratios = [found[name]["s"] / found["sha256sum"]["s"] for found in rounds]
        steps[name] = {
            "s": statistics.median(seconds),
            "s_max": max(seconds),
            "ratio": round(statistics.median(ratios), 2),
            "ratio_max": round(max(ratios), 2),
            "mb": max(found[name]["mb"] for found in rounds),
        }
    machine = {"cores": os.cpu_count(), "load_after": round(os.getloadavg()[0], 2)}
    return {"gb": gb, "rounds": len(rounds), "steps": steps, "machine": machine}


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    head = f"{'':12}{'s':>8}{'longest':>10}{'of sha256sum':>14}{'longest':>10}{'MB':>8}"
    rows = [
        f"{name:12}{step['s']:>8.2f}{step['s_max']:>10.2f}{step['ratio']:>14.2f}{step['ratio_max']:>10.2f}{step['mb']:>8.0f}"
        for name, step in report["steps"].items()
    ]
    return "\n".join([head, *rows, f"{report['gb']:g} GB, {report['rounds']} rounds"])


def page(path: Path, report: dict[str, Any]) -> None:
    """The measurement to look at."""
    machine = report["machine"]
    report_page.write(
        path,
        "What it takes to import a persona",
        f"A pack of {report['gb']:g} GB, {report['rounds']} rounds; {machine['cores']} cores. Medians.",
        [["step", "s", "longest, s", "of sha256sum", "memory, MB"]]
        + [[n, s["s"], s["s_max"], s["ratio"], s["mb"]] for n, s in report["steps"].items()],
        {},
    )
