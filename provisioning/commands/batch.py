"""``imago-provision batch SHOEBOX ...``: many personas, on a cluster or this machine. Nothing is signed here.

Their packs are made where the owners' keys are, by ``build --out``: what has been built is not built again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from device.errors import ImagoError, Usage
from provisioning.commands.build import add_workers, built_folder, executor_of, id_of
from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``batch`` to the command line."""
    batch = subparsers.add_parser("batch", help="build the personas of many shoeboxes, unsigned")
    batch.add_argument("shoeboxes", type=Path, nargs="+", metavar="SHOEBOX")
    batch.add_argument("--out", type=Path, metavar="DIR", help="leave them unpacked here, each under its id")
    add_workers(batch)


def run(options: argparse.Namespace) -> int:
    """Builds one after the other, each on all workers; one that fails is told and the rest goes on."""
    from provisioning.build import bench_of, build_on
    from provisioning.commands.models import fetch_missing

    twice = {box.resolve() for box in options.shoeboxes}
    if len(twice) != len(options.shoeboxes):
        raise Usage("batch", expected="each shoebox once", got="one of them twice")
    fetch_missing()
    worst = 0
    with bench_of(executor_of(options)) as bench:
        for number, shoebox in enumerate(options.shoeboxes, 1):
            try:
                name = id_of(shoebox)
                out = options.out / name if options.out else built_folder(shoebox, name)
                build_on(bench, shoebox, out, name, progress)
                progress(f"[{number}/{len(options.shoeboxes)}] {shoebox}: {name} in {out}")
            except ImagoError as error:
                progress(f"[{number}/{len(options.shoeboxes)}] {shoebox}: {error.line().removeprefix('imago: ')}")
                worst = max(worst, error.exit_code)
    return worst
