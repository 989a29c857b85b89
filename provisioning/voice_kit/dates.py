"""When a recording was made: what its name or its container says."""

from __future__ import annotations

import datetime
import re
from pathlib import Path, PurePosixPath

import av

from device.errors import BadInput
from provisioning.voice_kit import sound

NAMED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")
"""1998-03-02, 19980302 (as in PTT-20190302-WA0001), 1998年03月02."""
CLOCK = re.compile(r"^\D{0,4}([01]\d|2[0-3])[-_.:时]?([0-5]\d)[-_.:分]?([0-5]\d)(?!\d)")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
BY_NAME, BY_YEAR, BY_CONTAINER = 0.8, 0.6, 0.7
"""Confidences: names are given by phones, or by people who remember; a container's clock may never have been set."""
FIRST_YEAR = 1960
"""No family's container was written before; 1904 and 1970 are clocks that were never set."""


def date_of(path: Path, told: str) -> tuple[str, float]:
    """Local time as `When.start` has it, and its confidence; ("", 0.0) where nothing says it. `told`: the name within
    the shoebox."""
    stem = PurePosixPath(told).stem
    named = NAMED.search(stem)
    if named and _possible(*named.groups()):
        day = "-".join(named.groups())
        clock = CLOCK.match(stem[named.end() :])
        return (f"{day}T{':'.join(clock.groups())}" if clock else day), BY_NAME
    contained = _container(path, told)
    if contained:
        return contained, BY_CONTAINER
    year = YEAR.search(stem)
    return (year.group(1), BY_YEAR) if year else ("", 0.0)


def _possible(year: str, month: str, day: str) -> bool:
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _container(path: Path, told: str) -> str:
    """Its creation time, without the zone."""
    try:
        with path.open("rb") as file:
            form = sound.kind(file.read(sound.HEAD))
        if form in (None, "silk"):
            return ""
        with av.open(str(path), format=form, metadata_errors="replace") as container:
            said = container.metadata.get("creation_time", "")
    except (av.error.FFmpegError, OSError, ValueError, BadInput):
        return ""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)", said)
    if not found or int(found.group(1)) < FIRST_YEAR or found.group(1) == "1970":
        return ""
    return found.group(0)
