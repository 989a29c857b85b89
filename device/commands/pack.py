"""``imago pack verify|inspect FILE``: is a pack whole and this family's, and what is in it."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import msgspec

from device.commands.import_ import Teller, open_regular
from device.errors import ImagoError, Refused


def add_parser(subparsers: Any) -> None:
    """Adds ``pack`` and its two actions to the command line."""
    parser = subparsers.add_parser("pack", help="look at a persona pack without taking it in")
    actions = parser.add_subparsers(dest="action", required=True, metavar="verify|inspect")
    for name, text in {
        "verify": "check every byte",
        "inspect": "say what it is, as far as this frame can open it",
    }.items():
        action = actions.add_parser(name, help=text, description=text)
        action.add_argument("file", type=Path, metavar="FILE")
        action.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """0 where the frame would take it."""
    with os.fdopen(open_regular(options.file), "rb", buffering=0) as file:
        told = verified(file.read, options) if options.action == "verify" else inspected(file.read)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join(f"{key}: {value}" for key, value in told.items()))
    return 0


def verified(read: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Reads all of a pack as an import would, and writes nothing. Raises an ImagoError."""
    from device.persona.store import importer
    from device.persona.store.site import site_here

    teller = Teller(options.file.name, as_json=False)
    pack, _ = importer.look_into(read, site_here(), teller.progress)
    told = {"ok": True, "digest": pack.outside.digest, "persona": pack.manifest.persona, "name": pack.manifest.name}
    return {**told, "files": len(pack.manifest.files), "bytes": pack.outside.envelope.length, **consented(pack.consent)}


def consented(consent: Any) -> dict[str, Any]:
    """What was agreed to."""
    return {
        "consent": f"{consent.by} ({consent.relation or consent.basis})",
        "grants": list(consent.grants),
        "wishes": consent.wishes,
        "audience": consent.audience.who,
        "until": consent.until or None,
    }


def inspected(read: Any) -> dict[str, Any]:
    """What the outside says, whoever signed it, and whether this frame would take it so far."""
    from device.persona.pack.envelope import digest_of, read_envelope, read_head
    from device.persona.store.site import site_here

    site = site_here()
    statement = read_head(read)
    envelope = read_envelope(statement)
    told: dict[str, Any] = msgspec.to_builtins(envelope)
    told = {key: value for key, value in told.items() if key not in ("chunks", "introduction")}
    told["digest"] = digest_of(statement)
    told["signed_by"] = [signature.keyid for signature in statement.signatures]
    told["introduces"] = envelope.introduction is not None
    told["taken"] = _would_take(statement, site)
    return told


def _would_take(statement: Any, site: Any) -> str:
    from device.persona.store import importer

    try:
        importer.admitted(statement, site)
    except ImagoError as error:
        return f"no: {error.code or Refused.__name__}: expected {error.expected}, got {error.got}"
    return "yes"
