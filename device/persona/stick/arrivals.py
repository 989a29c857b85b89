"""What came of the last files that were brought, one line of JSON each, for the operator's report.

No file names and no persons' names: an id says enough to whoever helps.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from device.persona.stick.handing import Verdict
from device.persona.store import durable

FOLDER, FILE = "arrivals", "log.jsonl"
"""A folder of its own in IMAGO_HOME: whoever reads sticks may write there, and nowhere else beside the store."""
MOST = 200
LONGEST_FILE = 1 << 20
Text = Annotated[str, msgspec.Meta(max_length=200)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One file's outcome."""

    at: int
    """s since 1970 by the frame's clock, which may be wrong"""
    stick: Text
    kind: Literal["pack", "order", "other"]
    size: int
    did: Text = ""
    persona: Text = ""
    digest: Text = ""
    error: Text = ""
    code: Text = ""


def entry(at: int, stick: str, kind: Literal["pack", "order", "other"], size: int, verdict: Verdict) -> Entry:
    """For a file's verdict. What an error says beside its code may hold names, and is left out."""
    told = (verdict.did, verdict.persona, verdict.digest, verdict.error, verdict.code)
    return Entry(at, stick, kind, size, *(text[:200] for text in told))


def read(home: Path, most: int = MOST) -> list[Entry]:
    """The last ones, the newest last; lines that cannot be read are passed over."""
    try:
        with (home / FOLDER / FILE).open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - LONGEST_FILE))
            lines = file.read().splitlines()
    except OSError:
        return []
    found = []
    for line in lines[-most:]:
        try:
            found.append(msgspec.json.decode(line, type=Entry))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
    return found


def add(home: Path, entries: Sequence[Entry]) -> None:
    """Adds to them; on the disk when it returns. Raises OSError, and then what was there is there still."""
    if not entries:
        return
    kept = [*read(home), *entries][-MOST:]
    durable.make_folder(home / FOLDER)
    durable.write(home / FOLDER / FILE, b"".join(msgspec.json.encode(one) + b"\n" for one in kept))
