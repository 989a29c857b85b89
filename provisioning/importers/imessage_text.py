"""iMessage as imessage-exporter writes it as text: a file for each talk.

    Mar 01, 2021 12:00:00 PM (Read by you after 1 minute)
    +8613900000001
    Did you eat?
    Tapbacks:
        Loved by Me

An attachment is a line with its path. Answers within a thread stand indented below what they answer, and once more at
their own place; notices stand in the line of their date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain

from provisioning.importers.decoding import head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, When, Where
from provisioning.importers.media import items
from provisioning.importers.problems import NOTHING, RECALLED, STRAY, SYSTEM, problem

_STAMP = re.compile(
    r"^([A-Z][a-z]{2} \d{2}, \d{4} +\d{1,2}:\d{2}:\d{2} [AP]M)(?: \((?:Read|Delivered) by .*\))?(?: (.*))?$"
)
_PATH = re.compile(r"^(?:attachments/|/|~/|[\w .-]+/)?[^\s/][^/]*(?:/[^/]+)*\.([A-Za-z0-9]{2,5})$")
_MEDIA: dict[str, Medium] = {
    **dict.fromkeys(("heic", "jpg", "jpeg", "png", "gif", "webp", "tiff"), "photo"),
    **dict.fromkeys(("mov", "mp4", "m4v"), "video"),
    **dict.fromkeys(("caf", "m4a", "amr", "mp3", "wav"), "voice"),
    **dict.fromkeys(("pdf", "vcf", "docx", "zip"), "file"),
}  # fmt: skip
_NOTICES = (
    "This message responded to an earlier message.", "Tapbacks:", "Stickers:", "Sent with ", "Edited ",
)  # fmt: skip
_TAKEN_BACK = re.compile(r"(unsent|deleted) (a message|this message|message part)|was deleted from the conversation!$")
MAX_LINES = 10_000
"""Of one message."""


class IMessageText:
    """One talk."""

    name = "imessage-text"
    version = 1

    def claims(self, source: Source) -> float:
        first = head_text(source.head).split("\n", 3)
        return 0.9 if len(first) > 2 and _STAMP.match(first[0]) and first[1].strip() else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        chat = source.told.rpartition("/")[2].rpartition(".")[0]
        nothing, start, block = True, 1, [""]
        for number, line in chain(lines(source.path, source.head), [(0, None)]):
            if line is None or (_STAMP.match(line) and not block[-1]) or len(block) >= MAX_LINES:
                for found in _found(block, Where(source.told, start), chat):
                    nothing = False
                    yield found
                start, block = number, []
            block.append(line or "")
        if nothing:
            yield problem(Where(source.told), NOTHING)


def _found(block: list[str], where: Where, chat: str) -> Iterator[Found]:
    stamp = _STAMP.match(block[0])
    if stamp is None:
        if any(block):
            yield problem(where, STRAY, " ".join(block[:9]))
        return
    speaker = block[1].strip() if len(block) > 1 else ""
    if stamp[2] or not speaker:
        yield problem(where, SYSTEM, stamp[2] or stamp[0])
        return
    said = [line for line in block[2:] if not line.startswith(("    ", *_NOTICES))]
    text = "\n".join(line for line in said if not _medium(line)).strip("\n")
    if _TAKEN_BACK.search(text):
        yield problem(where, RECALLED, text)
        return
    own = speaker == "Me"
    plain = Item("message", "", where, _when(stamp[1]), "me" if own else speaker, "" if own else speaker, own, chat)
    yield from items(plain, text, [(_medium(line), line) for line in said if _medium(line)])


def _medium(line: str) -> Medium | None:
    path = _PATH.match(line) if len(line) < 1024 else None
    return _MEDIA.get(path[1].lower()) if path and ("/" in line or " " not in line) else None


def _when(stamp: str) -> When:
    try:
        moment = dt.datetime.strptime(" ".join(stamp.split()), "%b %d, %Y %I:%M:%S %p")
    except ValueError:
        return When(text=stamp, confidence=0.0)
    return When(moment.strftime("%Y-%m-%dT%H:%M:%S"), stamp)
