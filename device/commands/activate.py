"""``imago activate ID``: the frame is another one of its personas."""

from __future__ import annotations

import argparse
from typing import Any

from device.persona.store import state


def add_parser(subparsers: Any) -> None:
    """Adds ``activate`` to the command line."""
    parser = subparsers.add_parser("activate", help="be another one of this frame's personas")
    parser.add_argument("id", metavar="ID", help="a persona's id, or the beginning of its series or pack")


def run(options: argparse.Namespace) -> int:
    """A running frame follows at the next calm moment. Raises Missing or Busy."""
    from device.persona.store.site import store_here

    store = store_here()
    series = store.state.series_of(options.id)
    with store.writing():
        now = store.change(lambda before: state.activated(before, series))
    print(f"{now.personas[series].persona} is active")
    return 0
