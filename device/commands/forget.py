"""``imago forget ID``: a persona goes, by erasing its key and then all the rest."""

from __future__ import annotations

import argparse
import json
from typing import Any

from device.errors import Broken
from device.persona.store import opening, state
from device.persona.store.remains import remains


def add_parser(subparsers: Any) -> None:
    """Adds ``forget`` to the command line."""
    parser = subparsers.add_parser("forget", help="erase a persona from this frame")
    parser.add_argument("id", metavar="ID", help="a persona's id, or the beginning of its series or pack")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Erases, then looks for what is left. Raises Missing or Busy, and Broken where anything is."""
    from device.persona.store.site import store_here

    store = store_here()
    series = store.state.series_of(options.id)
    record = store.state.personas[series]
    with store.writing():
        store.change(lambda now: state.forgotten(now, series))
    opening.close_all(but=store.state.digests)
    left = remains(store, series, record)
    if options.json:
        print(json.dumps({"id": record.persona, "removed": sorted(record.digests), "left": left}, ensure_ascii=False))
    if left:
        raise Broken(f"forget {record.persona}", expected="nothing left", got=", ".join(left))
    if not options.json:
        print(f"{record.persona}: its key and {len(record.digests)} pack(s) are erased; nothing is left")
    return 0
