"""Whether the time for which a family agreed to its persona is over, and what the screen says then.

Nothing is switched off by it: a frame has no clock to trust, and the family withdraws its consent by an order.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from device.errors import ImagoError
from device.link import Notice
from device.persona.pack.consent import Consent, ended
from device.persona.pack.manifest import CONSENT
from device.persona.pack.strict_json import read

WRITTEN = datetime.date(2026, 11, 28)
"""When this was written: a clock that says less is wrong."""


def notice(folder: Path, today: datetime.date) -> Notice | None:
    """For the persona in a folder; None while nothing needs to be said."""
    try:
        consent = read((folder / CONSENT).read_bytes(), Consent, CONSENT)
    except (OSError, ImagoError):
        return None  # a folder that came in no pack
    if not ended(consent, today, WRITTEN):
        return None
    day = consent.until
    return Notice(f"The family's permission was for the time until {day}. Please renew it.",
                  f"家人的同意到{day}为止，请续签。")  # fmt: skip
