"""`review/people.toml`: who is who.

[speakers]                       # in each chat, who is the person: the speaker as the export calls them; "" nobody
"chats/wechat.csv" = "wxid_lan"
[kinship]                        # name -> kinship to the person, in one word of English
"阿听" = "son"
[merge]                          # another name of somebody -> the name
"Ting" = "陈听潮"
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from device.errors import BadInput
from provisioning.review import files

FILE = f"{files.FOLDER}/people.toml"
HEADER = "Who is who, as the family says."
MAX_NAME = 200


class People(msgspec.Struct, frozen=True):
    """All of it."""

    speakers: dict[str, str] = {}
    kinship: dict[str, str] = {}
    merge: dict[str, str] = {}


def all_of(shoebox: Path) -> People:
    """What the family said. Raises BadInput."""
    try:
        return msgspec.convert(files.values(shoebox / FILE), People)
    except msgspec.ValidationError as error:
        raise BadInput(FILE, expected="speakers, kinship and merge", got=str(error)) from None


def shown(shoebox: Path, table: str, key: str) -> str:
    """Digest of an entry, for a page that shows it."""
    return files.digest(files.entry(shoebox / FILE, (table, key)))


def say(shoebox: Path, table: str, key: str, value: str | None, seen: str) -> None:
    """Keeps an entry of speakers, kinship or merge; None takes it away. Raises BadInput or Stale."""
    if table not in ("speakers", "kinship", "merge"):
        raise BadInput("table", expected="speakers, kinship or merge", got=table[:40])
    if not 0 < len(key) <= 1000 or len(value or "") > MAX_NAME:
        raise BadInput("name", expected=f"at most {MAX_NAME} characters", got=f"{len(value or key)}")
    with files.locked(shoebox):
        files.set_entry(shoebox / FILE, (table, key), value, seen, HEADER)
