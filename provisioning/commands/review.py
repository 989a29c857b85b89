"""``imago-provision review SHOEBOX``: scanned letters beside their pictures, and all else that waits for the family."""

from __future__ import annotations

import argparse
from typing import Any

from provisioning.commands import studio


def add_parser(subparsers: Any) -> None:
    """Adds ``review`` to the command line."""
    parser = subparsers.add_parser(
        "review", help="read scanned letters beside their pictures, and correct what was found"
    )
    studio.add_options(parser)


def run(options: argparse.Namespace) -> int:
    """The studio, opened where somebody is needed first."""
    from provisioning.commands.workshops import open_workshop
    from provisioning.review import letters

    waiting = any(not letters.reviewed(options.shoebox, page) for page in open_workshop(options.shoebox).pages())
    return studio.run(options, "letters" if waiting else "")
