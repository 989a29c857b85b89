"""``imago-provision report SHOEBOX --out DIR``: the quality report as one page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from provisioning.commands.output import progress
from provisioning.report.content import Probe
from provisioning.studio.workshop import Workshop


def add_parser(subparsers: Any) -> None:
    """Adds ``report`` to the command line."""
    parser = subparsers.add_parser("report", help="what the material is good for, and what would help most")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="report.html and report.json")
    parser.add_argument("--no-trial", action="store_true", help="do not ask it the questions of your own stories")
    parser.add_argument("--lang", choices=("en", "zh"), default="", help="which language is shown first")


def run(options: argparse.Namespace) -> int:
    """Writes both."""
    from provisioning.commands.workshops import open_workshop
    from provisioning.report.page import summary
    from provisioning.review import files
    from provisioning.studio.pages.report import report_page

    workshop = open_workshop(options.shoebox)
    content = workshop.report()
    if content.probe is None and not options.no_trial:
        content = msgspec.structs.replace(content, probe=trial(options.shoebox, workshop))
    files.write(
        options.out / "report.html",
        report_page(workshop, content, options.lang or content.person.languages[0]).encode(),
    )
    files.write(options.out / "report.json", summary(content))
    progress(f"{options.out / 'report.html'}: open it in a browser / 用浏览器打开")
    return 0


def trial(shoebox: Path, workshop: Workshop) -> Probe | None:
    """The persona, tried with the family's own questions; None where there are too few."""
    from provisioning.commands.preview_mind import frames_mind
    from provisioning.report.probe import probe
    from provisioning.review import memories

    known = tuple(memories.corrected(workshop.memories(), memories.all_of(shoebox)))
    return probe(lambda: frames_mind(shoebox, progress, model=False), known)
