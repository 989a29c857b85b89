"""``imago-provision consent SHOEBOX``: gives a living person the sentence to read aloud."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``consent`` to the command line."""
    parser = subparsers.add_parser("consent", help="a sentence for a living person to read aloud")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")


def run(options: argparse.Namespace) -> int:
    """Prints it, and notes in the shoebox which one it is."""
    from device.persona.unpacked import PersonaFile
    from device.schema import convert, read_toml
    from provisioning.consent import ask

    path = options.shoebox / "persona.toml"
    file = convert({"id": "unnamed", **read_toml(path)}, PersonaFile, str(path))
    progress("record this, read by the person themselves, as consent/declaration.wav in the shoebox:")
    progress("请本人朗读下面的话，录音存为 consent/declaration.wav：")
    print(ask(options.shoebox, file))
    return 0
