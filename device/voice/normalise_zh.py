"""Chinese figures, dates, money and units as characters. Pure; the spelling of numbers is cn2an's."""

from __future__ import annotations

import re
from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"
_UNITS = {"km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "kg": "公斤", "g": "克", "℃": "摄氏度", "°C": "摄氏度"}
_MONEY = {"¥": "元", "￥": "元", "$": "美元", "£": "英镑", "€": "欧元"}
# Before these counting words two is 两, not 二.
_COUNTED = "个只条张本位年天次块斤里件座棵朵头匹把岁口封句间家层杯碗瓶双种辈代排遍顿趟声百千万亿"
_WIDE = str.maketrans({chr(0xFF10 + i): str(i) for i in range(10)} | {"％": "%", "．": ".", "－": "-", "＋": "+"})


def words(text: str) -> str:
    """Chinese text without a figure or symbol left; English words in it stay as they are."""
    text = text.translate(_WIDE)
    for pattern, spoken in _RULES:
        text = pattern.sub(spoken, text)
    return text.replace("&", "和").replace("+", "加").replace("%", "百分比").replace("@", " at ")


def digits(text: str) -> str:
    """Each figure by itself, as in years and telephone numbers."""
    return "".join(_DIGITS[int(char)] for char in text if char.isdigit())


def number(text: str) -> str:
    """A figure as written ("12", "1,200", "3.5") as it is said."""
    import cn2an

    plain = text.replace(",", "")
    whole, _, fraction = plain.partition(".")
    if len(whole) > 12 or (len(whole) > 1 and whole.startswith("0")):
        return digits(plain)
    said = str(cn2an.an2cn(str(int(whole)), "low"))
    # 10..19 are said 十..十九 at the start of a number.
    said = re.sub(r"^一十", "十", said)
    return f"{said}点{digits(fraction)}" if fraction else said


def _year(match: re.Match[str]) -> str:
    return digits(match[1]) + "年"


def _date(match: re.Match[str]) -> str:
    return f"{digits(match[1])}年{number(match[2].lstrip('0') or '0')}月{number(match[3].lstrip('0') or '0')}日"


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour > 24 or minute > 59:
        return match[0]
    spoken = "两点" if hour == 2 else number(str(hour)) + "点"
    if minute == 30:
        return spoken + "半"
    if minute == 0:
        return spoken if spoken == "两点" else spoken + "整"
    return f"{spoken}{'零' if minute < 10 else ''}{number(str(minute))}分"


def _money(match: re.Match[str]) -> str:
    return number(match[2]) + (match[3] or "") + _MONEY[match[1]]


def _counted(match: re.Match[str]) -> str:
    return f"两{match[1]}"


def _unit(match: re.Match[str]) -> str:
    return ("两" if match[1] == "2" else number(match[1])) + _UNITS[match[2]]


_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str]
_RULES: list[_Rule] = [
    (re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)"), _date),
    (re.compile(r"(?<!\d)(\d{4})\s*年"), _year),
    (re.compile(r"(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)"), _clock),
    (re.compile(rf"([¥￥$£€])\s?({_NUMBER})([万亿千百])?"), _money),
    (re.compile(rf"({_NUMBER})\s?%"), lambda match: "百分之" + number(match[1])),
    (re.compile(rf"({_NUMBER})\s?[-~～—–]\s?(?={_NUMBER})"), lambda match: f"{match[1]}到"),
    (re.compile(rf"(?<![a-zA-Z0-9.])-({_NUMBER})"), lambda match: "负" + match[1]),
    (re.compile(rf"({_NUMBER})\s?(km|cm|mm|kg|℃|°C|m(?![a-z])|g(?![a-z]))"), _unit),
    (re.compile(rf"(?<![\d.,])2\s?([{_COUNTED}])(?!月)"), _counted),
    (re.compile(r"(?<!\d)(1\d{10})(?!\d)"), lambda match: digits(match[1])),
    (re.compile(rf"({_NUMBER})"), lambda match: number(match[1])),
]
