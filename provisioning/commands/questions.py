"""``imago-provision questions SHOEBOX --out sheet.html``: what only the family knows, as a sheet to be printed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``questions`` to the command line."""
    parser = subparsers.add_parser("questions", help="a sheet of questions for the family, to be printed")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument("--out", type=Path, required=True, metavar="SHEET.html")
    parser.add_argument("--lang", choices=("en", "zh"), default="", help="which language is shown first")


def run(options: argparse.Namespace) -> int:
    """Writes the sheet."""
    from provisioning.commands.workshops import open_workshop
    from provisioning.report.sheet import sheet
    from provisioning.review import files

    workshop = open_workshop(options.shoebox)
    person, questions = workshop.report().person, workshop.questions()
    files.write(options.out, sheet(person, questions, options.lang or person.languages[0]).encode())
    progress(f"{options.out}: {len(questions)} question(s) / {len(questions)} 个问题")
    return 0
