"""How WhatsApp begins a message in the many settings of telephones, and which number of its dates is the day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from provisioning.importers.item import When
from provisioning.importers.moments import hour_of, local

Order = Literal["dmy", "mdy", "ymd"]

MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Of writing directions; WhatsApp puts them around names and before what it writes itself."""

_HALF = r"(?:[ap]\.?[ \u202f\xa0]?m\.?|上午|下午|凌晨|早上|清晨|中午|傍晚|晚上|午前|午後)"
HEADER = re.compile(
    rf"[{MARKS}]*(\[)?[{MARKS}]*(\d{{1,4}})([./-]) ?(\d{{1,2}})\3 ?(\d{{1,4}})\.?[,،]? ?(?:klo |kl\. |um |à |at )?"
    rf"({_HALF})?[ \u202f\xa0]?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?:[ \u202f\xa0]?({_HALF}))?"
    r"(?(1)\] ?|[ \u202f\xa0][-–] )",
    re.IGNORECASE,
)
_LONGEST = 60
"""Characters of a line's beginning that can be a date and time."""


class Dates(NamedTuple):
    """What all dates of a file say together."""

    order: Order
    confidence: float


def header_of(line: str) -> re.Match[str] | None:
    """The date and time at a line's beginning."""
    return HEADER.match(line, 0, _LONGEST) if any(c.isdigit() for c in line[:5]) else None


def order_of(headers: Iterable[re.Match[str]]) -> Dates:
    """The order of day, month and year. A number over 12 is a day and one over 31 a year; where there is none, messages
    stand in the order of time, and the right reading is the one that keeps them so. Failing all, dots
    mean the day first; halves of the day mean the month first, as in the USA, and it is a guess."""
    firsts = seconds = 0
    back = {"dmy": 0, "mdy": 0}
    last = {"dmy": (0, 0, 0), "mdy": (0, 0, 0)}
    halves = dots = False
    for header in headers:
        a, b, c = int(header[2]), int(header[4]), int(header[5])
        if len(header[2]) > 2 or a > 31:
            return Dates("ymd", 1.0)
        halves = halves or bool(header[10])
        dots = dots or header[3] == "."
        firsts += a > 12
        seconds += b > 12
        for order, now in (("dmy", (c, b, a)), ("mdy", (c, a, b))):
            back[order] += now < last[order]
            last[order] = now
    if last["dmy"] == (0, 0, 0):
        return Dates("dmy", 1.0)
    if firsts != seconds:
        certain = min(firsts, seconds) == 0
        return Dates("dmy" if firsts > seconds else "mdy", 1.0 if certain else 0.7)
    if back["dmy"] != back["mdy"]:
        return Dates("dmy" if back["dmy"] < back["mdy"] else "mdy", 0.9 if 0 in back.values() else 0.6)
    return Dates("dmy", 0.95) if dots else Dates("mdy" if halves else "dmy", 0.5)


def when_of(header: re.Match[str], dates: Dates) -> When:
    """The time of one message. One that does not fit the file's order is read by the other."""
    a, b, c = int(header[2]), int(header[4]), int(header[5])
    year, month, day = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}[dates.order]
    confidence = dates.confidence
    if month > 12 >= day:
        month, day, confidence = day, month, min(confidence, 0.7)
    elif month == day:
        confidence = 1.0
    if year < 100:
        year += 2000
    hour = hour_of(int(header[7]), header[6] or header[10] or "")
    text = header[0].strip(MARKS + "[]- –")
    return local(year, month, day, (hour, int(header[8]), int(header[9] or 0)), text, confidence)
