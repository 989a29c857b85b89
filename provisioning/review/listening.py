"""`review/listening.toml`: which of two voices the family thought more like the person, by pair and without names.

[greeting]
T1 = 2
T2 = 5
unsure = 1
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from device.errors import BadInput
from provisioning.review import files

FILE = f"{files.FOLDER}/listening.toml"
HEADER = "Which of two voices is more like them: how often each was chosen without knowing which it was."
UNSURE = "unsure"


def all_of(shoebox: Path) -> dict[str, dict[str, int]]:
    """Pair -> voice -> times chosen. Raises BadInput."""
    try:
        return msgspec.convert(files.values(shoebox / FILE), dict[str, dict[str, int]])
    except msgspec.ValidationError as error:
        raise BadInput(FILE, expected="counts by pair", got=str(error)) from None


def turns(shoebox: Path, pair: str) -> int:
    """How often the pair was judged."""
    return sum(all_of(shoebox).get(pair, {}).values())


def count(shoebox: Path, pair: str, voice: str) -> None:
    """One more for a voice, or for UNSURE."""
    with files.locked(shoebox):
        before = all_of(shoebox).get(pair, {})
        seen = files.digest(files.entry(shoebox / FILE, (pair,)))
        files.set_entry(shoebox / FILE, (pair,), {**before, voice: before.get(voice, 0) + 1}, seen, HEADER)
