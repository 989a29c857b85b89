"""When a photograph was taken: what cameras, programs and file names say, and how far each is to be believed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

import msgspec

FIRST = 1826
"""Year of the oldest photograph that there is (Niépce, View from the Window at Le Gras)."""
LAST = 2100
DOUBTED = 0.05
"""Confidence of what a camera with an unset clock wrote."""
_RESET = frozenset({1899, 1904, 1970, 1980})
"""Years at which clocks of machines begin (Excel, HFS, Unix, FAT): their first day is never believed."""
_CHINA = timezone(timedelta(hours=8))


class Dated(msgspec.Struct, frozen=True):
    """One opinion."""

    start: str
    """As `When.start`"""
    source: str
    """exif, xmp, iptc, takeout, name, file"""
    confidence: float


def best(opinions: Iterable[Dated], latest: str = "") -> Dated | None:
    """The one to believe most, doubts counted in; the first of equals. `latest`: ISO day after which nothing can be."""
    judged = [judge(one, latest) for one in opinions]
    return max((one for one in judged if one is not None), key=lambda one: one.confidence, default=None)


def judge(one: Dated, latest: str = "") -> Dated | None:
    """The same, doubted where it looks like an unset clock; None for a date that cannot be."""
    year = int(one.start[:4])
    if not FIRST <= year <= LAST or (latest and one.start[:10] > latest):
        return None
    if one.source != "xmp" and _unset(one.start):  # people write "1970-01-01" side-cars by hand too, but rarely
        return Dated(one.start, one.source, DOUBTED)
    return one


def _unset(start: str) -> bool:
    """The first minutes of a year are where clocks begin when their battery was out."""
    if start[4:10] not in ("-01-01", "-12-31") or len(start) < 10:
        return False
    if int(start[:4]) in _RESET:
        return True
    return start[4:10] == "-01-01" and start[11:13] == "00"


def iso(text: str) -> str:
    """A date as EXIF ("2004:02:29 12:00:00"), XMP ("1962", "1962-05", "2004-02-29T12:00:00+08:00") or IPTC
    ("20040229") write it -> as `When.start`; as much of it as can be; "" for none."""
    match = _WRITTEN.match(text.strip().strip("\0 "))
    if match is None:
        return ""
    year, month, day, hour, minute, second = match.groups()
    if year == "0000":
        return ""
    if month in (None, "00"):
        return year
    if day in (None, "00"):
        return f"{year}-{month}" if "01" <= month <= "12" else year
    clock = f"T{hour}:{minute}:{second or '00'}" if hour and minute else ""
    return _real(f"{year}-{month}-{day}{clock}")


_WRITTEN = re.compile(
    r"(\d{4})(?:[:/.-]?(\d{2})(?:[:/.-]?(\d{2})(?:[T ]+(\d{2}):?(\d{2})(?::?(\d{2}))?)?)?)?(?:\D.*)?$",
    re.ASCII | re.DOTALL,
)


def _real(start: str) -> str:
    """The same if the calendar has it; without its clock if only that is wrong."""
    for text in (start, start[:10]):
        try:
            datetime.fromisoformat(text)
        except ValueError:
            continue
        return text
    return ""


def from_seconds(seconds: float, longitude: float | None = None) -> str:
    """Seconds since 1970 -> local time where the longitude gives the hour, else the day in UTC; "" for none."""
    shift = round(longitude / 15) if longitude is not None else 0
    try:
        then = datetime.fromtimestamp(seconds, timezone(timedelta(hours=shift)))
    except (OverflowError, ValueError, OSError):
        return ""
    return then.strftime("%Y-%m-%dT%H:%M:%S" if longitude is not None else "%Y-%m-%d") if then.year >= FIRST else ""


_SCREENSHOT = re.compile(r"screen.?shot|屏幕快照|屏幕截图|截屏|截图", re.I)
_EPOCH = re.compile(r"(?:mmexport|wx_camera_|microMsg\.?|FB_IMG_|received_|^)(1[0-9]{12})(?![0-9])", re.I)
_WECHAT = re.compile(r"微信图片|WeChat.?Image|wx_camera|mmexport", re.I)
_TAKEN = re.compile(r"(?<![0-9])((?:18|19|20)\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
                    r"(?:[-_.T at]*([01]\d|2[0-3])[-_.h:]?([0-5]\d)[-_.m:]?([0-5]\d))?(?![0-9]{4})")  # fmt: skip
_CHINESE = re.compile(
    r"(?<!\d)((?:18|19|20)\d{2})\s*年(?:\s*(1[0-2]|0?[1-9])\s*月(?:\s*(3[01]|[12]\d|0?[1-9])\s*[日号])?)?"
)
_YEAR = re.compile(r"(?<!\d)((?:18|19|20)\d{2})(?:[-_.](0[1-9]|1[0-2]))?(?!\d)")


def from_name(name: str) -> Dated | None:
    """The date in a file's name, None for none. Messengers name files when they save them, not when they were taken."""
    match = _EPOCH.search(name)
    if match:  # WeChat's and Facebook's milliseconds; the day in China, where WeChat lives
        day = datetime.fromtimestamp(int(match[1]) / 1000, _CHINA)
        return Dated(day.strftime("%Y-%m-%d"), "name", 0.5)
    match = _TAKEN.search(name)
    if match:
        year, month, day_, hour, minute, second = match.groups()
        start = _real(f"{year}-{month}-{day_}" + (f"T{hour}:{minute}:{second}" if hour else ""))
        if start:
            return Dated(start, "name", _trust(name, bool(hour)))
    match = _CHINESE.search(name)
    if match:
        parts = [part.zfill(2) for part in match.groups() if part]
        return Dated("-".join(parts), "name", 0.7) if len(parts) < 3 or _real("-".join(parts)) else None
    match = _YEAR.search(name)
    return Dated("-".join(part for part in match.groups() if part), "name", 0.4) if match else None


def _trust(name: str, clock: bool) -> float:
    if _WECHAT.search(name) or re.search(r"-WA\d{4}", name):
        return 0.5
    return 0.85 if clock or _SCREENSHOT.search(name) else 0.7


def is_screenshot(name: str) -> bool:
    """By its name."""
    return _SCREENSHOT.search(name) is not None
