"""``imago import FILE|DIR|-``: takes personas and orders from files, a folder or a stream into the frame's store."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from device.errors import ImagoError, Missing
from device.persona.pack.refusal import refusal, told
from device.persona.store.outcome import Outcome, Stage
from device.persona.store.words import outcome_told

NAME = "import"
SUFFIXES = (".imago-order", ".imago")
"""In this order: who may sign comes before what they signed."""
EVERY_S = 0.2
"""s between two lines of progress."""
WIDTH = 30
"""Characters of the bar."""


def add_parser(subparsers: Any) -> None:
    """Adds ``import`` to the command line."""
    parser = subparsers.add_parser(NAME, help="take a persona (or a family's order) into this frame")
    parser.add_argument("source", metavar="FILE|DIR|-", help="a pack, an order, a folder with some; -: standard input")
    parser.add_argument("--json", action="store_true", help="progress and outcome as lines of JSON")


def run(options: argparse.Namespace) -> int:
    """0 where all could be taken; else the exit code of the first that could not, after all were tried."""
    from device.persona.store import importer
    from device.persona.store.site import site_here

    site = site_here()
    sources = found(options.source)
    errors: list[ImagoError] = []
    for name, open_it in sources:
        teller = Teller(name, options.json)
        try:
            with os.fdopen(open_it(), "rb", buffering=0) as file:
                teller.result(importer.take(file.read, site, teller.progress))
        except ImagoError as error:
            if len(sources) == 1 and not options.json:
                raise
            teller.refused(error)
            errors.append(error)
    return errors[0].exit_code if errors else 0


def found(source: str) -> list[tuple[str, Callable[[], int]]]:
    """Name, and how it is opened, of each file that is meant. Raises Missing for none."""
    if source == "-":
        return [("standard input", lambda: os.dup(0))]
    path = Path(source)
    if not path.is_dir():
        return [(path.name, lambda: open_regular(path))]
    files = [p for suffix in SUFFIXES for p in sorted(path.iterdir()) if p.name.endswith(suffix)]
    files = [p for p in files if not p.name.startswith(".")]
    if not files:
        raise Missing(source, expected="a file that ends in .imago or .imago-order", got="none")
    return [(p.name, lambda p=p: open_regular(p)) for p in files]  # type: ignore[misc]


def open_regular(path: Path) -> int:
    """A descriptor of a regular file that is no link. Raises Missing or BadInput."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Missing(str(path), expected="a persona's file or a folder", got="nothing there") from None
    except OSError as error:
        got = "a link" if path.is_symlink() else error.strerror or str(error)
        raise refusal("malformed.not-a-file", "a regular file", got, subject=str(path)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refusal("malformed.not-a-file", "a regular file", "another kind", subject=str(path))
    return descriptor


class Teller:
    """Says how it goes, to a person or to a program."""

    def __init__(self, name: str, as_json: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._json, self._clock = name, as_json, clock
        self._told = float("-inf")
        self._bar = not as_json and sys.stderr.isatty()

    def progress(self, stage: Stage, done: int, total: int) -> None:
        """Now and then, and at each end."""
        now = self._clock()
        if now - self._told < EVERY_S and done < total:
            return
        self._told = now
        if self._json:
            print(json.dumps({"stage": stage, "done": done, "total": total}), flush=True)
        elif self._bar:
            full = WIDTH * done // max(total, 1)
            line = f"\r{self._name}: {'█' * full}{'·' * (WIDTH - full)} {done / 1e6:.0f} of {total / 1e6:.0f} MB"
            print(line, end="", file=sys.stderr, flush=True)

    def result(self, outcome: Outcome) -> None:
        """What came of it."""
        en, zh = outcome_told(outcome)
        if self._json:
            print(
                json.dumps({"ok": True, **dataclasses.asdict(outcome), "en": en, "zh": zh}, ensure_ascii=False),
                flush=True,
            )
            return
        self._end_bar()
        print(f"{self._name}: {en}\n{self._name}: {zh}")

    def refused(self, error: ImagoError) -> None:
        """Why nothing came of it."""
        en, zh = told(error)
        if self._json:
            print(json.dumps({"ok": False, **error.as_dict(), "en": en, "zh": zh}, ensure_ascii=False), flush=True)
            return
        self._end_bar()
        print(error.line(), file=sys.stderr)

    def _end_bar(self) -> None:
        if self._bar:
            print("\r\033[K", end="", file=sys.stderr)
