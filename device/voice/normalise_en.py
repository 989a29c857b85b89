"""English figures, dates, money and abbreviations as words. Pure; the spelling of numbers is num2words'."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable

_ABBREVIATIONS = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Dr": "Doctor",
    "Prof": "Professor",
    "St": "Saint",
    "Jr": "Junior",
    "Sr": "Senior",
    "Mt": "Mount",
    "Ave": "Avenue",
    "Rd": "Road",
    "No": "number",
    "vs": "versus",
    "etc": "et cetera",
    "approx": "approximately",
    "dept": "department",
}
_ALWAYS_WITH_DOT = {"No", "St", "Mt", "Ave", "Rd", "Sr", "Jr", "Ms", "dept", "approx", "Prof"}
_UNITS = {"km": "kilometre", "cm": "centimetre", "mm": "millimetre", "m": "metre", "kg": "kilogram", "g": "gram"}
_UNITS |= {
    "lb": "pound",
    "lbs": "pound",
    "ft": "foot",
    "mph": "mile per hour",
    "min": "minute",
    "h": "hour",
    "s": "second",
}
_PLURALS = {"foot": "feet", "mile per hour": "miles per hour"}
_MONEY = {"$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"), "¥": ("yuan", "fen")}
_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
_LETTERS = {
    "&": " and ",
    "+": " plus ",
    "@": " at ",
    "%": " percent ",
    "°C": " degrees Celsius",
    "℃": " degrees Celsius",
    "°F": " degrees Fahrenheit",
    "°": " degrees",
}


def words(text: str) -> str:
    """English text without a figure, symbol or abbreviation that a voice would stumble over."""
    for pattern, spoken in _RULES:
        text = pattern.sub(spoken, text)
    for symbol, spoken_symbol in _LETTERS.items():
        text = text.replace(symbol, spoken_symbol)
    return _HANZI.sub(lambda match: _romanised(match[0]), text)


@functools.lru_cache(maxsize=512)
def number(value: float | int, kind: str = "cardinal") -> str:
    """`value` in words; kinds: cardinal, ordinal, year."""
    from num2words import num2words  # it loads all its languages: only when there is a figure

    return str(num2words(value, lang="en", to=kind)).replace(",", "").replace("-", " ")


def _figure(text: str) -> str:
    """A figure as written ("1,200", "3.5", "007") in words."""
    plain = text.replace(",", "")
    if len(plain) > 12 or (len(plain) > 1 and plain.startswith("0") and "." not in plain):
        return _digits(plain)
    return number(float(plain)) if "." in plain else number(int(plain))


def _digits(text: str) -> str:
    return " ".join("point" if char == "." else number(int(char)) for char in text if char.isdigit() or char == ".")


def _year(value: int) -> str:
    return number(value, "year")


def _decade(match: re.Match[str]) -> str:
    spoken = number(int(match[1]), "year") if len(match[1]) == 4 else number(int(match[1]))
    return spoken[:-1] + "ies" if spoken.endswith("y") else spoken + "s"


def _money(match: re.Match[str]) -> str:
    unit, part = _MONEY[match[1]]
    whole = int(match[2].replace(",", ""))
    spoken = f"{number(whole)} {unit}{'' if whole == 1 or unit == 'yuan' else 's'}"
    if match[4]:
        return f"{_figure(match[2] + (match[3] or ''))} {match[4]} {unit}{'' if unit == 'yuan' else 's'}"
    cents = int(match[3][1:].ljust(2, "0")[:2]) if match[3] else 0
    if not cents:
        return spoken
    plural = "pence" if part == "penny" else part + ("" if part == "fen" else "s")
    return f"{spoken} and {number(cents)} {part if cents == 1 else plural}"


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour > 24 or minute > 59:
        return match[0]
    half = (match[3] or "").replace(".", "").lower()
    spoken = number(hour)
    if minute:
        spoken += (" oh " if minute < 10 else " ") + number(minute)
    elif not half:
        spoken += " o'clock" if hour <= 12 else " hundred hours"
    return f"{spoken} {' '.join(half)}".strip()


def _iso_date(match: re.Match[str]) -> str:
    try:
        day = datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return match[0]
    return f"{_MONTHS[day.month - 1]} {number(day.day, 'ordinal')}, {_year(day.year)}"


def _day_of_month(match: re.Match[str]) -> str:
    return f"{match[1]} {number(int(match[2]), 'ordinal')}" if 1 <= int(match[2]) <= 31 else match[0]


def _abbreviation(match: re.Match[str]) -> str:
    word, dot = match[1], match[2]
    if not dot and word in _ALWAYS_WITH_DOT:
        return match[0]
    return _ABBREVIATIONS[word]


def _number_sign(match: re.Match[str]) -> str:
    return f"number {_figure(match[1])}"


def _unit(match: re.Match[str]) -> str:
    unit = _UNITS[match[2]]
    plural = _PLURALS.get(unit, unit + "s")
    return f"{_figure(match[1])} {unit if match[1] == '1' else plural}"


def _range(match: re.Match[str]) -> str:
    return " to ".join(_plain_number(part) for part in (match[1], match[2]))


def _plain_number(text: str) -> str:
    is_year = len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099
    return _year(int(text)) if is_year else _figure(text)


def _romanised(hanzi: str) -> str:
    """Chinese words in an English sentence, as an English reader would say them."""
    from pypinyin import lazy_pinyin

    return " " + " ".join(lazy_pinyin(hanzi)) + " "


_HANZI = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONTH = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS if month != "May")])
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str]
_RULES: list[_Rule] = [
    (re.compile(r"\bm+-?h+m+\b|\b(?:h+m+|m+m)\b", re.IGNORECASE), "hmm"),  # a lone "Hm" would be spelled out
    (re.compile(r"\be\.g\.,?"), "for example,"),
    (re.compile(r"\bi\.e\.,?"), "that is,"),
    (re.compile(rf"\b({'|'.join(_ABBREVIATIONS)})\b(\.?)"), _abbreviation),
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), _iso_date),
    (re.compile(r"([$£€¥])\s?(\d+(?:,\d{3})*)(\.\d+)?(?:\s(million|billion|thousand))?"), _money),
    (re.compile(r"\b(\d{1,2}):(\d{2})(?:\s?([ap]\.?m\b\.?))?", re.IGNORECASE), _clock),
    (re.compile(r"\b(\d{4}|\d0)'?s\b"), _decade),
    (re.compile(r"\b(\d+)(?:st|nd|rd|th)\b"), lambda m: number(int(m[1]), "ordinal") if len(m[1]) < 7 else m[0]),
    (re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})\b(?!:)"), _day_of_month),
    (re.compile(rf"\b({_NUMBER})\s?({'|'.join(_UNITS)})\b"), _unit),
    (re.compile(rf"\b({_NUMBER})\s?[-–]\s?({_NUMBER})\b"), _range),
    (re.compile(rf"#\s?({_NUMBER})"), _number_sign),
    (re.compile(rf"(?<![\w.])-({_NUMBER})"), lambda match: f"minus {_figure(match[1])}"),
    (re.compile(rf"({_NUMBER})"), lambda match: f" {_plain_number(match[1])} "),
]
