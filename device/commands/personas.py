"""``imago personas``: who is on this frame."""

from __future__ import annotations

import argparse
import json
from typing import Any

from device.persona.store.state import Record


def add_parser(subparsers: Any) -> None:
    """Adds ``personas`` to the command line."""
    parser = subparsers.add_parser("personas", help="who is on this frame")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints a line for each."""
    from device.persona.store.site import store_here

    store = store_here()
    now = store.state
    rows = [described(series, record, series == now.active) for series, record in now.personas.items()]
    if options.json:
        family = store.family
        told = {"family": family.id if family else None, "secrets": store.sealer.kind, "personas": rows}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        mark = "*" if row["active"] else " "
        trial = f", on trial ({row['tries']} tries left)" if row["trial"] else ""
        print(f"{mark} {row['id']}  {row['name']}  pack {row['running'][:12]}{trial}")
    print("* the one that the frame is" if rows else "none yet; imago import FILE brings one")
    return 0


def described(series: str, record: Record, active: bool) -> dict[str, Any]:
    """A persona as it is reported; packs by their digests."""
    return {
        "id": record.persona,
        "name": record.name,
        "series": series,
        "active": active,
        "running": record.running,
        "good": record.good,
        "previous": record.previous,
        "trial": record.trial,
        "tries": record.tries,
    }
