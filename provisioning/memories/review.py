"""What `review/people.toml` says of who is who, in the form that the pages of the family keep it.

[speakers]                  # in each chat, who is the person
"chats/wechat.csv" = "wxid_lan"
[kinship]                   # name -> kinship to the person: daughter, "mother's brother", 外孙女; "" is none
"阿听" = "daughter"
[merge]                     # another name of somebody -> the name
"Ting" = "阿听"
granted = ["Old Fang"]      # may be named although no relative; above the tables
sex = "male"                # of the person, where names do not tell it
"""

from __future__ import annotations

from typing import Literal

import msgspec

from device.errors import BadInput
from device.schema import convert, parse_toml
from provisioning.memories.kinship import ways

FILE = "review/people.toml"


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    speakers: dict[str, str] = {}
    kinship: dict[str, str] = {}
    merge: dict[str, str] = {}
    granted: tuple[str, ...] = ()
    sex: Literal["male", "female", ""] = ""


def parse_people(raw: bytes) -> People:
    """The file's bytes. Raises BadInput, also for a kinship that is no word of kinship."""
    people = convert(parse_toml(raw, FILE), People, FILE)
    wrong = [f"{name}: {kinship}" for name, kinship in people.kinship.items() if kinship and not ways(kinship.lower())]
    if wrong:
        hint = "such as daughter, mother's brother or 外孙女"
        raise BadInput(FILE, expected="words of kinship", got=", ".join(wrong), hint=hint)
    return people
