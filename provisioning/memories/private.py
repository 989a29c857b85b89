"""Numbers that are nobody else's business: telephones, identity cards, bank cards, addresses, passwords. Pure.

A number is taken for what it is by its check digits where it has any: an identity card's by ISO 7064 MOD 11-2 (GB
11643-1999), a bank card's by Luhn (ISO/IEC 7812-1). Any other long number goes too: nobody will ask a portrait for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from device.schema import read_toml

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
    "address": ("一个地址", "an address"),
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


def _no_years(number: str) -> bool:
    """1978-1985 is none."""
    return re.fullmatch(r"(?:1[89]|20)\d\d(?:1[89]|20)\d\d", number) is None


_CHECKS: dict[str, Check] = {
    "": _always,
    "identity": identity,
    "card": _card,
    "telephone": _telephone,
    "number": _no_years,
}
_RULES = [
    (rule["kind"], re.compile(rule["pattern"], re.IGNORECASE), _CHECKS[rule.get("check", "")], "silent" in rule)
    for rule in read_toml(Path(__file__).with_name("private.toml"))["rule"]
]
_WORTH = re.compile(
    r"\d{2}|@|密码|口令|验证码|微信|账号|帐号|[号室幢栋]|password|passcode|pin|account|[零一幺二三四五六七八九]{7}|"
    r"\b(?:one|two|three|zero|oh)\b",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[Found]:
    """All private stretches of a text, in its order, none overlapping another."""
    if not _WORTH.search(text):
        return
    plain = text.translate(_WIDE)
    taken: list[Found] = []
    for kind, pattern, check, silent in _RULES:
        for match in pattern.finditer(plain):
            start, end = match.span("part" if "part" in pattern.groupindex else 0)
            bare = re.sub(r"[ \-–—.·()]", "", plain[start:end])
            if check(bare) and not any(f.start < end and start < f.end for f in taken):
                taken.append(Found(start, end, kind, "" if silent else _instead(kind, text)))
    yield from sorted(taken, key=lambda f: f.start)


def _instead(kind: str, text: str) -> str:
    return _SAID[kind][0 if re.search(r"[\u3400-\u9fff]", text) else 1]
