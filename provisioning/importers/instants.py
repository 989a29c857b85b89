"""Machines' clocks as `When`."""

from __future__ import annotations

import datetime as dt

from provisioning.importers.item import When

UNKNOWN_ZONE = 0.8
"""Confidence of a time that was written in UTC: where the family was, and so which hour of which day, is unknown."""
EARLIEST, LATEST = 473385600, 4102444800
"""1985-01-01 and 2100-01-01 in UTC: no message is older, and none younger."""


def from_epoch(seconds: float, written: str) -> When:
    """Seconds since 1970 as UTC, `written` as the export has them; without a start where no message can be of then."""
    if not EARLIEST <= seconds < LATEST:
        return When(text=written, confidence=0.0)
    start = dt.datetime.fromtimestamp(int(seconds), dt.timezone.utc)
    return When(start.strftime("%Y-%m-%dT%H:%M:%S"), written, UNKNOWN_ZONE)


def with_local(when: When, local: dt.datetime | None) -> When:
    """The same moment as the export's machine showed it: exact where both differ by a time zone."""
    if local is None or not when.start:
        return when
    minutes = (local - dt.datetime.fromisoformat(when.start)).total_seconds() / 60
    if abs(minutes) > 14 * 60 or minutes % 15:
        return when
    return When(local.strftime("%Y-%m-%dT%H:%M:%S"), when.text, 1.0)
