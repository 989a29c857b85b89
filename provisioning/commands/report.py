"""``imago-provision report SHOEBOX --out DIR``: the quality report as one page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``report`` to the command line."""
    parser = subparsers.add_parser("report", help="what the material is good for, and what would help most")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="report.html and report.json")
    parser.add_argument("--lang", choices=("en", "zh"), default="", help="which language is shown first")


def run(options: argparse.Namespace) -> int:
    """Writes both."""
    from provisioning.commands.workshops import open_workshop
    from provisioning.report.page import summary
    from provisioning.review import files
    from provisioning.studio.pages.report import report_page

    workshop = open_workshop(options.shoebox)
    content = workshop.report()
    files.write(
        options.out / "report.html", report_page(workshop, options.lang or content.person.languages[0]).encode()
    )
    files.write(options.out / "report.json", summary(content))
    progress(f"{options.out / 'report.html'}: open it in a browser / 用浏览器打开")
    return 0
