"""Times of messages as `When`: what a chat's export wrote, in local time, or nothing where it cannot be right."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from provisioning.importers.item import When

CHINA = 8 * 3600
"""Seconds that China's time is ahead of UTC."""
UNKNOWN_ZONE = 0.8
"""Confidence of a time that was written in UTC and stays so: where the family was, and so the hour, is unknown."""
FIRST, LAST = 1980, 2100
"""Years that an electronic message can be of."""

_EPOCH = datetime(1970, 1, 1)
_WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(上午|下午)?\s?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?"
    r" ?(Z|[+-]\d{2}:?\d{2})?)?"
)
_MORNING = frozenset(("am", "上午", "午前", "凌晨", "早上", "清晨"))
_AFTERNOON = frozenset(("pm", "下午", "午後", "午后", "中午", "傍晚", "晚上"))


def since_epoch(raw: object, offset: int, confidence: float) -> When:
    """Seconds or milliseconds since 1970, as a number or its digits. `offset`: seconds that the local time is ahead of
    UTC."""
    text = str(raw)[:40]
    try:
        seconds = float(text)
        moment = _EPOCH + timedelta(seconds=int(seconds / 1000 if seconds > 1e11 else seconds) + offset)
    except (ValueError, OverflowError):
        return When(text=text, confidence=0.0)
    if not FIRST <= moment.year < LAST:
        return When(text=text, confidence=0.0)
    return When(moment.isoformat(), text, confidence)


def in_utc(raw: object) -> When:
    """The same, told in UTC."""
    when = since_epoch(raw, 0, UNKNOWN_ZONE)
    return When(when.start, when.text, when.confidence, utc=True) if when.start else when


def written(text: str, offset: int = CHINA) -> When:
    """A date written year first, with or without a time. One that ends in Z is UTC: it is told in a local time that is
    `offset` seconds ahead, which is a guess."""
    text = text.strip()
    found = _WRITTEN.fullmatch(text)
    if not found:
        return When(text=text[:40], confidence=0.0)
    year, month, day, half, hour, minute, second, zone = found.groups()
    if hour is None:
        start = day_of(int(year), int(month), int(day))
        return When(start, text, 1.0 if start else 0.0)
    hours = hour_of(int(hour), half or "")
    when = local(int(year), int(month), int(day), (hours, int(minute), int(second or 0)), text)
    if zone == "Z" and when.start:
        moved = datetime.fromisoformat(when.start) + timedelta(seconds=offset)
        return When(moved.isoformat(), text, 0.9)
    return when


def local(year: int, month: int, day: int, time: tuple[int, int, int], text: str, confidence: float = 1.0) -> When:
    """A date and (hours, minutes, seconds) that were told as numbers; the date alone where the time cannot be."""
    start = day_of(year, month, day)
    if not start:
        return When(text=text[:40], confidence=0.0)
    hour, minute, second = time
    if hour > 23 or minute > 59 or second > 59:
        return When(start, text[:40], confidence)
    return When(f"{start}T{hour:02}:{minute:02}:{second:02}", text[:40], confidence)


@lru_cache(1 << 12)
def day_of(year: int, month: int, day: int) -> str:
    """YYYY-MM-DD, or "" for what is no day of a message."""
    try:
        return date(year, month, day).isoformat() if FIRST <= year < LAST else ""
    except ValueError:
        return ""


def hour_of(hour: int, half: str) -> int:
    """The hour 0..23 of one that was told by halves of the day; `half` "" where it was not."""
    half = half.lower().replace(".", "").replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    if hour > 12 or not half:
        return hour
    if half in _AFTERNOON:
        return hour % 12 + 12
    return hour % 12 if half in _MORNING else hour
