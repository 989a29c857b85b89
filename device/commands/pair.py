"""``imago pair``: makes this frame and a family known to each other."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from device.commands.output import progress
from device.persona.stick import arrival
from device.persona.stick.arrival import Arrival


def add_parser(subparsers: Any) -> None:
    """Adds ``pair`` to the command line."""
    parser = subparsers.add_parser("pair", help="make this frame and a family known to each other")
    parser.add_argument("--export", type=Path, metavar="FRAME.pub", help="write what the family's tool needs")
    parser.add_argument("--reset", action="store_true", help="belong to nobody again; erases every persona")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Writes FRAME.pub, or says whom the frame belongs to."""
    from device.persona.store import durable, frame_identity
    from device.persona.store.site import site_here

    site = site_here()
    if options.reset:
        _reset(site)
    elif not options.export:
        _tell(site, options.json)
    if not options.export:
        return 0
    paired = site.store.family is not None
    secret = None if paired else frame_identity.open_pairing(site.store.sealer)
    told = frame_identity.public(site.identity, tuple(sorted(site.kinds)), secret)
    durable.hand_out(options.export, frame_identity.encode_public(told))
    _show(told.code)
    if options.json:
        print(json.dumps({"frame": told.id, "code": told.code, "paired": paired, "file": str(options.export)}))
    else:
        print(f"{options.export}: code {told.code}; the family's tool must show the same (家里的工具应显示同样的号码)")
    return 0


def _show(code: str) -> None:
    """On the screen of a frame that runs here."""
    where = arrival.path()
    if where is not None:
        en = f"The number of this frame is {code}. The tool at home must show the same."
        zh = f"这台相框的号码是 {code}，家里的工具应显示同样的号码。"
        arrival.tell(Arrival(f"pairing-{code}", "pairing", en, zh), where)


def _tell(site: Any, as_json: bool) -> None:
    family = site.store.family
    code = family.code(site.identity.id) if family else None
    if as_json:
        told = {"frame": site.identity.id, "family": family.id if family else None, "family_code": code}
        print(json.dumps({**told, "secrets": site.store.sealer.kind}))
    elif family is None:
        print(
            "this frame belongs to nobody yet: imago pair --export FRAME.pub, and take that file to the family's tool"
        )
    else:
        owners = ", ".join(owner.name or "an owner" for owner in family.root.owners)
        print(f"this frame belongs to the family of {owners}; code {code}")


def _reset(site: Any) -> None:
    """Whoever stands at the frame with its operator's rights may take it from its family, but not the personas."""
    from device.persona.store import opening

    with site.store.writing():
        site.store.begin_anew()
        site.store.belong_to_nobody()
    opening.close_all()
    progress("every persona is erased; this frame belongs to nobody")
