"""``imago stick MOUNTPOINT``: takes what a mounted stick brings for the frame, and says so on the screen."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from device import config
from device.clock import SystemClock
from device.commands.output import progress
from device.persona.stick import arrival, arrivals
from device.persona.stick.arrival import Arrival
from device.persona.stick.handing import SOCKET, Connect, child, service
from device.persona.stick.visit import Result, Telling, Visit
from device.persona.stick.words import GONE

log = logging.getLogger(__name__)


def add_parser(subparsers: Any) -> None:
    """Adds ``stick`` to the command line."""
    parser = subparsers.add_parser("stick", help="take what a mounted USB stick brings: packs and orders")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("mountpoint", type=Path, nargs="?", metavar="MOUNTPOINT", help="where the stick is mounted")
    what.add_argument("--ended", action="store_true", help="say on the screen that it could not be read (for systemd)")
    parser.add_argument("--socket", type=Path, metavar="PATH", help=f"the importer's; without it {SOCKET}, or a child")
    parser.add_argument("--report-flag", type=Path, metavar="FILE", help="make this file when a report is asked for")
    parser.add_argument("--json", action="store_true", help="what came of each file as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when all on it was taken, or nothing was for the frame; else the exit code of the first that was not."""
    if options.ended:
        _tell_end()
        return 0
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopped.set())
    where, name = arrival.path(), secrets.token_hex(4)
    telling = Telling(name, lambda said: _tell(said, where, options.json), SystemClock().now)
    with _alone(where, stopped):
        visit = Visit(options.mountpoint, _connect(options.socket), telling, stopped)
        results, listing = visit.run(reports=options.report_flag is not None)
        _note(name, results)
    if listing.report_wanted and not stopped.is_set():
        _ask_for_report(options.report_flag)
    if options.json:
        print(json.dumps({"ok": _code(results) == 0, "files": [_told(r) for r in results]}, ensure_ascii=False))
    return _code(results)


def _tell_end() -> None:
    """The word for a stick that no reader came to the end of: it could not be mounted, or the reader was killed."""
    _tell(Arrival(secrets.token_hex(4), "gone", *GONE, safe=True), arrival.path(), False)


def _connect(path: Path | None) -> Connect:
    if path is not None or SOCKET.exists():
        return service(path or SOCKET)
    return child()


def _tell(said: Arrival, where: Path | None, quiet: bool) -> None:
    if where is not None:
        arrival.tell(said, where)
    if not quiet and said.en:
        progress(f"{said.en} {said.zh}" + (f" {said.share:.0%}" if 0 < said.share < 1 else ""))


@contextlib.contextmanager
def _alone(where: Path | None, stopped: threading.Event) -> Iterator[None]:
    """One stick at a time; a second one waits for the first."""
    if where is None:
        yield
        return
    lock = os.open(where.with_name("stick.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not stopped.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stopped.wait(0.5)
        yield
    finally:
        os.close(lock)


def _note(stick: str, results: list[Result]) -> None:
    at = int(time.time())
    try:
        arrivals.add(config.home(), [_entry(at, stick, result) for result in results])
    except OSError as error:
        log.warning("what came could not be noted: %s", error.strerror)


def _entry(at: int, stick: str, result: Result) -> arrivals.Entry:
    found = result.found
    return arrivals.entry(at, stick, found.kind if found else "other", found.size if found else 0, result.verdict)


def _ask_for_report(flag: Path | None) -> None:
    if flag is None:
        progress("a report is asked for on this stick: imago report --to FOLDER writes one, where it is writable")
        return
    with contextlib.suppress(OSError):
        flag.touch(mode=0o600)


def _told(result: Result) -> dict[str, Any]:
    told = {field: getattr(result.verdict, field) for field in result.verdict.__struct_fields__}
    kept = {key: value for key, value in told.items() if value not in ("", ())}
    return {"file": result.found.path if result.found else "", **kept}


def _code(results: list[Result]) -> int:
    return next((r.verdict.exit_code for r in results if not r.verdict.ok), 0)
