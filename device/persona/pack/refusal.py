"""Why a pack or an order was refused: a code for each reason, its class of error, and what the family is told.

A code is `group.reason`. The group says what the family can do about it, in English and Chinese; the whole code names
one check of the format (`docs/persona-pack.md` lists them).
"""

from __future__ import annotations

from dataclasses import dataclass

from device.errors import BadInput, Broken, Busy, ImagoError, Missing, Refused


@dataclass(frozen=True, slots=True)
class Group:
    """What a family is told, and the class of error that a command leaves with."""

    error: type[ImagoError]
    en: str
    zh: str


LONGEST_TOLD = 300
"""Characters of what was expected, and of what came."""

GROUPS = {
    "damaged": Group(
        BadInput,
        "The file on the stick is damaged. Please copy it to the stick again.",
        "U盘里的文件损坏了，请重新拷贝一次。",
    ),
    "malformed": Group(
        BadInput,
        "The file on the stick is not a persona that this frame can read. Please make it anew with the family's tool.",
        "U盘里的文件不是相框能读的人物，请用制作工具重新生成。",
    ),
    "signature": Group(
        Refused,
        "This file was not signed by the family that this frame belongs to.",
        "这个文件不是这台相框的家人签名的。",
    ),
    "pairing": Group(
        Refused,
        "This frame does not know your family yet. Please pair it first.",
        "这台相框还不认识您的家人，请先配对。",
    ),
    "recipient": Group(Refused, "This persona was made for another frame.", "这个人物是给另一台相框做的。"),
    "rollback": Group(
        Refused,
        "This persona is older than the one that was here. Nothing was changed.",
        "这个人物比相框里用过的旧，没有做任何改动。",
    ),
    "revoked": Group(Refused, "The family has withdrawn its consent to this.", "家人已经撤回了对此的同意。"),
    "consent": Group(
        Refused,
        "The consent of the person or of their family is missing or does not cover everything in this file.",
        "缺少本人或家人的同意，或者同意的范围不够。",
    ),
    "device": Group(
        Missing,
        "This frame cannot run this persona: it is for another kind of frame, or for newer software.",
        "这台相框用不了这个人物：型号不同，或者软件太旧。",
    ),
    "setback": Group(
        Refused,
        "This frame's memory was set back to an older copy. Please ask whoever looks after the frame.",
        "这台相框的存储被换回了旧的副本，请找维护相框的人。",
    ),
    "media": Group(
        Broken,
        "The stick was pulled out too early, or does not work. Nothing was changed. Please put it in again.",
        "U盘拔得太早，或者坏了。没有做任何改动，请重新插入。",
    ),
    "space": Group(Busy, "There is not enough room on the frame.", "相框里的空间不够了。"),
}  # fmt: skip


def group_of(code: str) -> Group:
    """The group of a code. Raises KeyError for one that does not exist."""
    return GROUPS[code.partition(".")[0]]


def refusal(code: str, expected: str, got: str, hint: str = "", subject: str = "pack") -> ImagoError:
    """The error for a code, to be raised."""
    return group_of(code).error(subject, expected=_shown(expected), got=_shown(got), hint=hint, code=code)


def _shown(text: str) -> str:
    """Text that may have come from outside, so that it neither commands a terminal nor fills a screen."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:LONGEST_TOLD])


def told(error: ImagoError) -> tuple[str, str]:
    """What the family is told about an error, (English, Chinese)."""
    if error.code.partition(".")[0] in GROUPS:
        group = group_of(error.code)
        return group.en, group.zh
    return f"This did not work: {error.expected} was expected. Nothing was changed.", "没有成功，没有做任何改动。"
