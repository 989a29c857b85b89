"""``imago-provision revoke``: withdraws consent; a frame that reads the order erases the persona."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from device.persona.pack import signed
from device.persona.store import durable
from device.persona.store.orders import Revocation
from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``revoke`` to the command line."""
    parser = subparsers.add_parser("revoke", help="withdraw consent: an order that erases a persona from the frames")
    parser.add_argument("id", metavar="ID", help="the persona's")
    parser.add_argument("--key", type=Path, required=True, metavar="OWNER.key")
    parser.add_argument("--out", type=Path, required=True, metavar="X.imago-order")
    parser.add_argument("--serial", type=int, default=1, metavar="N", help="the newest consent that is withdrawn")
    parser.add_argument("--reason", default="")


def run(options: argparse.Namespace) -> int:
    """Writes the order. Any one owner's signature is enough."""
    from provisioning.keys import load, passphrase, series_of

    key = load(options.key, passphrase(f"{options.key.name}: passphrase / 口令"))
    order = Revocation(key.family.id, series_of(key.family, options.id), options.serial, options.reason)
    made = signed.sign(signed.REVOCATION, msgspec.json.encode(order), {key.public: key.signing.sign})
    durable.hand_out(options.out, made.encode())
    progress(f"{options.out}: put it on a stick and plug it into each frame / 拷到U盘上，插到每台相框")
    return 0
