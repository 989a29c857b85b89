"""``imago-provision add SHOEBOX FILE...``: copies files into the shoebox, each where it belongs by its content."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from device.errors import ImagoError, Missing
from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``add`` to the command line."""
    parser = subparsers.add_parser("add", help="copy files into a shoebox; originals stay where they are")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Copies all that can be; 3 where one could not."""
    from provisioning.shoebox import add

    if not (options.shoebox / "persona.toml").is_file():
        hint = "imago-provision new SHOEBOX makes one"
        raise Missing(str(options.shoebox), expected="a shoebox with persona.toml", got="none", hint=hint)
    code = 0
    for path in options.files:
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            try:
                progress(f"{file.name} -> {add(options.shoebox, file).relative_to(options.shoebox)}")
            except ImagoError as error:
                progress(error.line().removeprefix("imago: "))
                code = error.exit_code
    return code
