"""Numbers that are nobody else's business: telephones, identity cards, bank cards, addresses, passwords. Pure.

A number is taken for what it is by its check digits where it has any: an identity card's by ISO 7064 MOD 11-2 (GB
11643-1999), a bank card's by Luhn (ISO/IEC 7812-1). Any other long number goes too: nobody will ask a portrait for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Check = Callable[[str], bool]

_WIDE = {0xFF10 + i: str(i) for i in range(10)} | {0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@", 0xFF0E: "."}
"""Full-width signs, one for one, so that places in the text stay."""


@dataclass(frozen=True, slots=True)
class Found:
    """A private stretch of a text."""

    start: int
    end: int
    kind: str
    instead: str
    """What is said in its place; "" nothing"""


_SAID = {
    "identity-number": ("一个证件号", "an identity number"),
    "bank-card": ("一个卡号", "a card number"),
    "phone": ("一个电话号码", "a telephone number"),
    "mail": ("一个邮箱地址", "an e-mail address"),
    "plate": ("一个车牌号", "a number plate"),
    "password": ("一个密码", "a password"),
    "account": ("一个账号", "an account"),
    "number": ("一个号码", "a number"),
    "address": ("", ""),
}


def luhn(digits: str) -> bool:
    """Whether a card number's check digit is right."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def identity(number: str) -> bool:
    """Whether an identity card's last sign is right; the old ones of 15 figures have none but a date."""
    if len(number) == 15:
        return bool(re.fullmatch(r"\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}", number))
    if len(number) != 18 or not number[:17].isdecimal():
        return False
    total = sum(int(d) * pow(2, 17 - at, 11) for at, d in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def _always(_: str) -> bool:
    return True


def _card(number: str) -> bool:
    return 13 <= len(number) <= 19 and luhn(number)


def _telephone(number: str) -> bool:
    return 7 <= len(number.lstrip("+")) <= 15


_SEP = r"[ \-–—.·]?"
_DIGIT_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double)"
_RULES: list[tuple[str, re.Pattern[str], Check]] = [
    (kind, re.compile(pattern, re.IGNORECASE), check)
    for kind, pattern, check in [
        ("mail", r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+", _always),
        (
            "password",
            r"(?:密码|口令|验证码|取件码|passwords?|passcode|pin(?: code)?)(?:还?是|为|改成了?|换成了?|设的| is| was|[:：=])+\s*"
            r"(?P<part>[A-Za-z0-9!@#$%^&*_.\-]{3,32})",
            _always,
        ),
        ("account", r"(?:微信号|微信|QQ号?|账号|帐号|户名|wechat id|account(?: number)?)(?:是|为| is|[:：=])+\s*(?P<part>[A-Za-z0-9_\-]{4,40})", _always),
        ("identity-number", rf"(?<![\dA-Za-z])\d{{6}}{_SEP}\d{{8}}{_SEP}\d{{3}}[\dX](?![\dA-Za-z])", identity),
        ("identity-number", r"(?<!\d)\d{15}(?!\d)", identity),
        ("identity-number", r"(?<![\d\-])\d{3}-\d{2}-\d{4}(?![\d\-])", _always),
        ("bank-card", rf"(?<!\d)(?:\d{{4}}{_SEP}){{3,4}}\d{{1,4}}(?!\d)|(?<!\d)\d{{13,19}}(?!\d)", _card),
        ("phone", rf"(?<!\d)(?:(?:\+|00)86{_SEP})?1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}(?!\d)", _always),
        ("phone", rf"(?<!\d)\(?0\d{{2,3}}\)?{_SEP}\d{{3,4}}{_SEP}\d{{4}}(?!\d)", _always),
        ("phone", rf"\+\d{{1,3}}(?:{_SEP}\(?\d{{1,4}}\)?){{2,5}}(?!\d)", _telephone),
        ("phone", r"\(\d{3}\) ?\d{3}[-. ]\d{4}(?!\d)|(?<!\d)\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)", _always),
        ("phone", r"(?:电话|手机|tel(?:ephone)?|phone|call me at|number)(?:号码?)?(?:是|为| is|[:：])*\s*(?P<part>\d[\d\- ]{5,14}\d)", _telephone),
        ("plate", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-Z0-9]{5,6}(?![A-Z0-9])", _always),
        ("plate", r"(?:车牌号?(?:是|为|[:：])*\s*)(?P<part>[\u4e00-\u9fff]?[A-Z][·• ]?[A-Z0-9]{4,6})", _always),
        (
            "address",
            r"(?<=[路街道弄巷村苑园区坊里])(?P<part>[\d一二三四五六七八九十百]{1,5}(?:[\-－]\d{1,4})?(?:号楼?|弄|幢|栋|单元|组)"
            r"(?:[\dA-Za-z一二三四五六七八九十百\-－]{1,6}(?:号楼?|弄|幢|栋|单元|室|楼|层|房|户))*(?:\d{3,4}室?)?)",
            _always,
        ),
        (
            "address",
            r"\b(?P<part>\d{1,5}[A-Za-z]? )(?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Close|Crescent|Way|Court|Terrace)\b",
            _always,
        ),
        ("address", r"(?P<part>,? ?\b(?:Apt|Apartment|Flat|Unit|Suite|Room)\.? ?#?\d{1,5}[A-Za-z]?)\b", _always),
        ("number", r"(?<![\d.,])\d(?:[ \-]?\d){6,24}(?![\d])", lambda n: not re.fullmatch(r"(?:1[89]|20)\d\d[ \-]?(?:1[89]|20)\d\d", n)),
        ("number", r"[零〇一幺二两三四五六七八九]{7,}", _always),
        ("number", rf"\b{_DIGIT_WORD}(?:[ ,\-]+{_DIGIT_WORD}){{5,}}\b", _always),
    ]
]  # fmt: skip
_WORTH = re.compile(r"\d{2}|@|密码|口令|验证码|微信|账号|帐号|号|password|passcode|pin|account|[零一幺二三四五六七八九]{7}|\b(?:one|two|three|zero|oh)\b", re.I)


def numbers(text: str) -> Iterator[Found]:
    """All private stretches of a text, in its order, none overlapping another."""
    if not _WORTH.search(text):
        return
    plain = text.translate(_WIDE)
    taken: list[Found] = []
    for kind, pattern, check in _RULES:
        for match in pattern.finditer(plain):
            start, end = match.span("part" if "part" in pattern.groupindex else 0)
            bare = re.sub(r"[ \-–—.·()]", "", plain[start:end])
            if check(bare) and not any(f.start < end and start < f.end for f in taken):
                taken.append(Found(start, end, kind, _instead(kind, text)))
    yield from sorted(taken, key=lambda f: f.start)


def _instead(kind: str, text: str) -> str:
    return _SAID[kind][0 if re.search(r"[\u3400-\u9fff]", text) else 1]
