"""When something happened, from the words that tell it and the day on which it was told. Pure.

The day of a letter is not the day of what it tells: only words that name a time give one. What is relative ("last
spring", 去年) is counted from the day of telling and is less sure; a season or an age gives a year. A time that cannot
be counted out (那年) keeps its words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from provisioning.memories import numerals
from provisioning.memories.numerals import CHINESE, ENGLISH, ENGLISH_YEAR

FIRST, LAST = 1850, 2100
"""Years that a family's memories may name."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A time; `start` is YYYY, YYYY-MM or YYYY-MM-DD, "" where the words alone are known."""

    start: str = ""
    text: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Telling:
    """What relative words are counted from."""

    told: date | None
    exact: int
    """How exactly that is known: 0 not, 1 year, 2 month, 3 day"""
    born: int | None


def happened(text: str, told: str = "", born: int | None = None, told_confidence: float = 1.0) -> Happened:
    """The time that a text names. `told`: as `When.start`; `born`: the teller's year of birth."""
    telling = _telling(told, born)
    for pattern, read, confidence in _RULES:
        for match in pattern.finditer(text):
            start = read(match, telling)
            if start:
                relative = told_confidence if read in _RELATIVE else 1.0
                return Happened(
                    start, _AGE_END.sub("岁", match.group()).strip(" ,，。！"), round(confidence * relative, 2)
                )
    vague = _VAGUE.search(text)
    return Happened("", vague.group(), 0.3) if vague else Happened()


def _telling(told: str, born: int | None) -> Telling:
    parts = [int(p) for p in re.findall(r"\d+", told[:10])]
    if not parts or not FIRST <= parts[0] <= LAST:
        return Telling(None, 0, born)
    try:
        return Telling(date(*[*parts, 1, 1][:3]), len(parts), born)
    except ValueError:
        return Telling(date(parts[0], 1, 1), 1, born)


def written(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """As ISO, as exact as it is known; "" for no such day."""
    if year is None or not FIRST <= year <= LAST:
        return ""
    if not month:
        return f"{year:04d}"
    try:
        moment = date(year, month, day or 1)
    except ValueError:
        return ""
    return moment.isoformat() if day else f"{year:04d}-{month:02d}"


# --- written dates ---

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join([*_MONTHS, *(m[:3] for m in _MONTHS if m != "may")])
_DAY = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?|(?:{ENGLISH})?[- ]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|"
    r"tenth|\w+teenth|eleventh|twelfth|twentieth|thirtieth)"
)
_YEAR = rf"(?:1[89]|20)\d\d(?!\d)|{ENGLISH_YEAR}"
_ZH_YEAR = r"(?:(?:1[89]|20)\d\d|[一二][九八零〇○][零〇○一二三四五六七八九]{2})"
_ZH_NUMBER = rf"(?:\d{{1,3}}|{CHINESE}{{1,4}})"


def _month(name: str) -> int:
    return next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(name.lower()[:3]))


def _chinese_date(match: re.Match[str], _: Telling) -> str:
    month, day = match.group("m"), match.group("d")
    return written(
        numerals.chinese_year(match.group("y")),
        numerals.chinese(month) if month else None,
        numerals.chinese(day) if month and day else None,
    )


def _day_of_that_year(match: re.Match[str], telling: Telling) -> str:
    """七月五号, "the 5th of July": the last one before the day of telling."""
    if not telling.told:
        return ""
    found = match.groupdict()
    chinese = found.get("zm") is not None
    month = numerals.chinese(found["zm"]) if chinese else _month(found["m"])
    day = numerals.chinese(found["zd"]) if chinese else numerals.english(found["d"])
    later = (month or 0, day or 0) > (telling.told.month, telling.told.day if telling.exact > 2 else 31)
    return written(telling.told.year - (later and telling.exact > 1), month, day)


def _short_chinese_year(match: re.Match[str], _: Telling) -> str:
    return written(numerals.chinese_year(match.group("y")))


def _english_date(match: re.Match[str], _: Telling) -> str:
    found = match.groupdict()
    day = numerals.english(found["d"]) if found.get("d") else None
    return written(numerals.english_year(match.group("y")), _month(match.group("m")), day)


def _english_year(match: re.Match[str], _: Telling) -> str:
    return written(numerals.english_year(match.group("y")))


def _iso(match: re.Match[str], _: Telling) -> str:
    return written(*(int(p) for p in match.groups() if p))


def _republic(match: re.Match[str], _: Telling) -> str:
    """民国元年 is 1912."""
    year = numerals.chinese(match.group("y"))
    return written(1911 + year) if year and year < 120 else ""


# --- the lunar calendar ---

_FEASTS = {
    "春节": (1, 1),
    "大年初一": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "七夕": (7, 7),
    "中秋": (8, 15),
    "重阳": (9, 9),
}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR = (
    r"(?:农历|阴历|旧历)?(?P<feast>大年初一|春节|元宵|端午|七夕|中秋|重阳)"
    rf"|(?:农历|阴历|旧历)(?P<m1>闰?[正冬腊一二三四五六七八九十]{{1,2}})月(?:(?P<d1>初?{_ZH_NUMBER})[日]?)?"
    rf"|(?P<m2>[正冬腊])月(?:(?P<d2>初?{_ZH_NUMBER}))?"
)
_BACK = {"去": 1, "前": 2, "大前": 3, "今": 0}


def _lunar(match: re.Match[str], telling: Telling) -> str:
    year = numerals.chinese_year(match.group("y")) if match.group("y") else None
    if match.group("back") and telling.told:
        year = telling.told.year - _BACK[match.group("back")]
    if match.group("feast"):
        month, day = _FEASTS[match.group("feast")]
    else:
        name = (match.group("m1") or match.group("m2")).removeprefix("闰")
        month = _LUNAR_MONTHS.get(name) or numerals.chinese(name) or 0
        day = numerals.chinese((match.group("d1") or match.group("d2") or "").removeprefix("初")) or 0
    return _solar(year, month, day)


def _solar(year: int | None, month: int, day: int) -> str:
    """A lunar date's day, or its year alone where the day is not said: the month lies across two."""
    from lunardate import LunarDate

    if year is None or not 1900 <= year < LAST or not 1 <= month <= 12:
        return ""
    try:
        found: date = LunarDate(year, month, day or 1).to_solar_date()
    except ValueError:
        return ""
    return found.isoformat() if day else written(year)


# --- relative to the day of telling ---

_SEASON_ENDS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2, "christmas": 12}
_DAYS_BACK = {
    "today": 0,
    "this morning": 0,
    "yesterday": 1,
    "last night": 1,
    "今天": 0,
    "今早": 0,
    "昨天": 1,
    "昨晚": 1,
}
_DAYS_BACK |= {"今朝": 0, "昨日": 1, "昨夜": 1, "前天": 2, "前日": 2}


def _years_back(match: re.Match[str], telling: Telling) -> str:
    """去年, also 去年五月, and 去年冬天: a season leaves the year."""
    year = telling.told.year - _BACK[match.group("back")] if telling.told else None
    month = numerals.chinese(match.group("m")) if match.group("m") else None
    return written(year, month)


def _years_ago(match: re.Match[str], telling: Telling) -> str:
    number = match.group("n")
    years = numerals.english(number) if number.isascii() else numerals.chinese(number)
    return written(telling.told.year - years) if telling.told and years else ""


def _last_season(match: re.Match[str], telling: Telling) -> str:
    """The latest one that was over on the day of telling."""
    if not telling.told:
        return ""
    season = match.group("s").lower()
    if season == "year" or telling.exact < 2:
        return written(telling.told.year - 1)
    over = telling.told.month > _SEASON_ENDS[season]
    return written(telling.told.year - (1 if season == "winter" or not over else 0) - (season == "winter" and not over))


def _last_month(match: re.Match[str], telling: Telling) -> str:
    if not telling.told or telling.exact < 2:
        return ""
    before = telling.told.replace(day=1) - timedelta(days=1)
    return written(before.year, before.month)


def _days_back(match: re.Match[str], telling: Telling) -> str:
    if not telling.told or telling.exact < 3:
        return ""
    return (telling.told - timedelta(days=_DAYS_BACK[match.group().lower()])).isoformat()


def _at_age(match: re.Match[str], telling: Telling) -> str:
    number = match.group("n")
    age = numerals.english(number) if number.isascii() else numerals.chinese(number)
    return written(telling.born + age) if telling.born and age is not None and age <= 110 else ""


Reader = Callable[[re.Match[str], Telling], str]
_RELATIVE: frozenset[Reader] = frozenset(
    (_day_of_that_year, _lunar, _years_back, _years_ago, _last_season, _last_month, _days_back)
)
_SEASON = "(?:春天|夏天|秋天|冬天|热天|春里|冬里|年底|年初|暑假|寒假)?"


def _rule(pattern: str, read: Reader, confidence: float) -> tuple[re.Pattern[str], Reader, float]:
    return re.compile(pattern, re.IGNORECASE), read, confidence


_RULES = [
    _rule(rf"(?:(?P<y>{_ZH_YEAR})年|(?P<back>大前|[去前今])年)(?:的)?(?:{_LUNAR})", _lunar, 0.85),
    _rule(
        rf"(?P<y>{_ZH_YEAR})年(?:(?P<m>{_ZH_NUMBER})月(?:(?P<d>{_ZH_NUMBER})[日号])?)?{_SEASON}", _chinese_date, 0.95
    ),
    _rule(r"(?<!\d)((?:1[89]|20)\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)", _iso, 0.95),
    _rule(rf"\b(?:the )?(?P<d>{_DAY}) (?:of )?(?P<m>{_MONTH})\b\.?,? (?P<y>{_YEAR})", _english_date, 0.95),
    _rule(rf"\b(?P<m>{_MONTH})\b\.? (?P<d>{_DAY}),? (?P<y>{_YEAR})", _english_date, 0.95),
    _rule(rf"\b(?P<m>{_MONTH})\b\.?,? (?:of )?(?P<y>{_YEAR})", _english_date, 0.95),
    _rule(
        rf"(?<![年个0-9一二三四五六七八九十])(?P<zm>{_ZH_NUMBER})月(?P<zd>{_ZH_NUMBER})[日号]", _day_of_that_year, 0.6
    ),
    _rule(rf"\b(?:on )?(?:the )?(?P<d>{_DAY}) (?:of )?(?P<m>{_MONTH})\b", _day_of_that_year, 0.5),
    _rule(rf"民国(?P<y>{_ZH_NUMBER})年", _republic, 0.9),
    _rule(
        rf"\b(?:in|since|until|till|from|by|around|year|(?:spring|summer|autumn|fall|winter|flood|war|end|"
        rf"beginning) of)(?: the year| about)? (?P<y>{_YEAR})\b",
        _english_year,
        0.9,
    ),
    _rule(
        r"(?<![一二三四五六七八九十百千0-9])(?P<y>[2-9三四五六七八九][0-9零〇一二三四五六七八九])年(?!前|后|代|来|以|的?时间|里|了|级)",
        _short_chinese_year,
        0.6,
    ),
    _rule(rf"(?P<back>大前|[去前今])年(?:(?P<m>{_ZH_NUMBER})月)?{_SEASON}", _years_back, 0.8),
    _rule(rf"(?P<n>{_ZH_NUMBER})年(?:以)?前", _years_ago, 0.6),
    _rule(rf"\b(?P<n>\d{{1,2}}|{ENGLISH}) years ago\b", _years_ago, 0.6),
    _rule(r"\blast (?P<s>spring|summer|autumn|fall|winter|christmas|year)\b", _last_season, 0.7),
    _rule(r"\blast month\b|上个?月", _last_month, 0.8),
    _rule(
        r"\b(?P<day>today|this morning|yesterday|last night)\b|"
        r"(?P<day_zh>今天|今早|昨天|昨晚|今朝|昨日|昨夜|前天|前日)",
        _days_back,
        0.9,
    ),
    _rule(
        rf"(?:^|[，。！？\s]|我)(?:在)?(?P<n>{_ZH_NUMBER})岁(?:那年|时|的时候|那会|上|就|开始|进|去|坐|离|到|学|跟)",
        _at_age,
        0.6,
    ),
    _rule(rf"那年[^。！？]{{0,12}}我(?P<n>{_ZH_NUMBER})岁", _at_age, 0.6),
    _rule(
        rf"\bwhen I was (?:only |just |about )?(?P<n>\d{{1,2}}|{ENGLISH})\b(?! (?:feet|pounds|kilos|in ))", _at_age, 0.7
    ),
    _rule(rf"\bat the age of (?P<n>\d{{1,2}}|{ENGLISH})\b", _at_age, 0.6),
]
_AGE_END = re.compile(r"岁(?:上|就|开始|进|去|坐|离|到|学|跟)$")
_VAGUE = re.compile(
    r"那年[春夏秋冬]?天?|当年|小时候|年轻时候?|解放[前后]|文革(?:时|期间|那时)?|抗战(?:时|期间)?|[二三四五六七八九]十年代|"
    r"\b(?:that (?:spring|summer|autumn|winter|year)|as a (?:boy|girl|child)|in those days|during the war|"
    r"in the (?:nineteen[- ])?(?:thirties|forties|fifties|sixties|seventies|eighties|nineties)|"
    r"in the (?:19)?[3-9]0s)\b",
    re.IGNORECASE,
)
