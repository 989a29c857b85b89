"""Date, addressee and writer of a letter, from how letters begin and end in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from provisioning.importers.item import When


class Head(msgspec.Struct, frozen=True):
    """What is known of a letter."""

    when: When = When()
    to: tuple[str, ...] = ()
    name: str = ""
    """Who signed"""


_NEAR = 4  # lines from either end
_MONTHS = {name: number for number, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
     "september sept sep", "october oct", "november nov", "december dec"), 1) for name in names.split()}  # fmt: skip
_DIGITS = dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True))
_SPOKEN = "一二三四五六七八九"
_UP_TO_39 = rf"([{_SPOKEN}十]{{1,3}}|\d{{1,2}})"
_YEAR_ZH = re.compile(
    rf"([〇零○{_SPOKEN}]{{4}}|\d{{4}}|(?<!\d)\d{{2}})\s*年(?:\s*{_UP_TO_39}\s*月(?:\s*{_UP_TO_39}\s*[日号])?)?"
)
_WORD = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_WORD})\.?,?\s+(\d{{4}})", re.I)
_MONTH_FIRST = re.compile(rf"\b({_WORD})\.?\s+(?:(\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(\d{{4}})", re.I)
_NUMBERS = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_DEAR = re.compile(r"\s*(?:(?:my\s+)?(?:dear|dearest)\s+)(.{1,40}?)\s*[,:，：!！]?\s*$", re.I)
_DEAR_ZH = re.compile(r"\s*(?:亲爱的|敬爱的|尊敬的)?([^\s，。：:,.]{1,12})\s*[:：，,]?\s*$")
_SIGNED = re.compile(r"\s*(?:—|-{1,2}|yours?,?|love,?|your\s+)?\s*([^\d，。,.:：]{1,30}?)\s*[.。,，]?\s*$", re.I)


def head(lines: Sequence[str]) -> Head:
    """From a letter's lines; only what stands where letters have it."""
    written = [line.strip() for line in lines if line.strip()]
    if not written:
        return Head()
    when = next((found for line in [*written[-_NEAR:][::-1], *written[:_NEAR]] if (found := dated(line)).start), When())
    to = next((name for line in written[:_NEAR] if (name := _addressed(line))), "")
    return Head(when, (to,) if to else (), _signed(written))


def dated(line: str) -> When:
    """The first date in a line; nothing where there is none, or it cannot be."""
    match = _YEAR_ZH.search(line)
    if match:
        return _when(
            _year(match[1]), _number(match[2]), _number(match[3]), match[0], 0.9 if len(match[1]) == 4 else 0.7
        )
    match = _NUMBERS.search(line)
    if match:
        return _when(int(match[1]), int(match[2]), int(match[3]), match[0], 0.9)
    match = _DAY_FIRST.search(line)
    if match:
        return _when(int(match[3]), _MONTHS[match[2].lower()], int(match[1]), match[0], 0.9)
    match = _MONTH_FIRST.search(line)
    if match:
        return _when(int(match[3]), _MONTHS[match[1].lower()], int(match[2] or 0), match[0], 0.9)
    return When()


def _year(text: str) -> int:
    digits = "".join(_DIGITS.get(sign, sign) for sign in text)
    return int(digits) + (1900 if len(digits) == 2 else 0)


def _number(text: str | None) -> int:
    """Up to 39, in either kind of figures; 0 for none."""
    if not text:
        return 0
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(_DIGITS.get(text, "0"))
    return 10 * int(_DIGITS.get(tens, "1") if tens else 1) + int(_DIGITS.get(ones, "0") if ones else 0)


def _when(year: int, month: int, day: int, text: str, confidence: float) -> When:
    if not 1500 <= year <= 2100 or month > 12 or day > 31:
        return When()
    start = f"{year:04}" + (f"-{month:02}" + (f"-{day:02}" if day else "") if month else "")
    return When(start, text, confidence)


def _addressed(line: str) -> str:
    match = _DEAR.match(line)
    if match:
        return match[1].strip()
    ends = line.rstrip()[-1:] in ("：", ":", "，", ",") or line.startswith(("亲爱的", "敬爱的"))
    match = _DEAR_ZH.match(line) if ends and any("\u4e00" <= sign <= "\u9fff" for sign in line) else None
    return match[1] if match else ""


def _signed(lines: Sequence[str]) -> str:
    """The last short line that is no date, or what stands before the date in it."""
    for line in lines[-1:-3:-1]:
        date = dated(line).text
        rest = line.replace(date, "").strip() if date else line.strip()
        if not rest:
            continue
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in rest)
        match = _SIGNED.match(rest) if len(rest) <= (8 if chinese else 30) else None
        return match[1].strip() if match and len(lines) > 2 else ""
    return ""
