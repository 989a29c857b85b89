"""``imago rollback``: the active persona as it was before its last change."""

from __future__ import annotations

import argparse
from typing import Any

from device.persona.store import state


def add_parser(subparsers: Any) -> None:
    """Adds ``rollback`` to the command line."""
    subparsers.add_parser("rollback", help="use the active persona's pack from before")


def run(options: argparse.Namespace) -> int:
    """A running frame follows at the next calm moment. Raises Refused where there is no earlier one, or Busy."""
    from device.persona.store.site import store_here

    store = store_here()
    with store.writing():
        now = store.change(state.rolled_back)
    record = now.personas.get(now.active)
    print(f"{record.persona}: pack {record.running[:12]} is used again" if record else "nobody is active")
    return 0
