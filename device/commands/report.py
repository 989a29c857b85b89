"""``imago report --to FOLDER``: a signed report of this frame for whoever looks after it."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

import msgspec

from device import config
from device.commands.output import progress
from device.errors import BadInput, Busy
from device.persona.pack import signed
from device.persona.stick import arrival, arrivals, report
from device.persona.stick import words as stick_words
from device.persona.stick.arrival import Arrival
from device.persona.store import durable
from device.persona.store.site import site_here


def add_parser(subparsers: Any) -> None:
    """Adds ``report`` to the command line."""
    parser = subparsers.add_parser("report", help="write a signed report of this frame: software, personas, arrivals")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", type=Path, metavar="FOLDER", help="where to write it, such as a stick's folder")
    what.add_argument("--check", type=Path, metavar="FILE", help="whether a report is whole and signed by its frame")
    what.add_argument("--ended", action="store_true", help="say on the screen what came of it (for systemd)")
    parser.add_argument("--json", action="store_true", help="say what was written, or what it says, as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when it was written, is whole, or was told."""
    if options.ended:
        tell_end(os.environ.get("SERVICE_RESULT", "success"))
    elif options.check:
        check(options.check)
    else:
        path = write(options.to)
        print(json.dumps({"ok": True, "report": str(path)}) if options.json else path)
    return 0


def write(folder: Path) -> Path:
    """The report of this frame, on the disk. Raises BadInput or Busy."""
    if not folder.is_dir():
        raise BadInput(str(folder), expected="a folder", got="none", hint="give where the stick is mounted")
    site = site_here()
    store = site.store
    home = config.home()
    family = store.family
    content = report.make(
        site.identity,
        store.state,
        arrivals.read(home),
        kinds=tuple(site.kinds),
        at=int(time.time()),
        free=durable.room(home),
        family=family.id if family else "",
    )
    try:
        return report.write(folder, site.identity.id, content)
    except OSError as error:
        got = error.strerror or "an error"
        raise Busy(str(folder), expected="to be written to", got=got, hint="is it full or write-protected?") from None


def check(path: Path) -> None:
    """Prints what a report says. Raises BadInput or Refused."""
    try:
        with path.open("rb") as file:
            content = file.read(signed.MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(str(path), expected="a report", got=error.strerror or "an error") from None
    told = report.read_report(content)
    print(msgspec.json.format(msgspec.json.encode(told), indent=1).decode())


def tell_end(result: str) -> None:
    """Says on the screen what came of a report, by systemd's word for how its service ended, after what came of the
    stick's other files."""
    where = arrival.path()
    written = result == "success"
    first = stick_words.REPORT_DONE if written else stick_words.REPORT_FAILED
    before = (arrival.hear(where) if where is not None else None) or Arrival("", "nothing", "", "")
    coming = stick_words.REPORT_COMING
    told = before.en.removesuffix(coming[0]).rstrip(), before.zh.removesuffix(coming[1])
    en, zh = stick_words.joined([told if before.en.endswith(coming[0]) else ("", ""), first, stick_words.SAFE])
    if where is not None:
        arrival.tell(Arrival(secrets.token_hex(4), "done" if written else "refused", en, zh, 1.0, safe=True), where)
    progress(f"{en} {zh}")
