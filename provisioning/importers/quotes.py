"""What somebody wrote in a mail, apart from what they answered to and what their program added."""

from __future__ import annotations

import re
from typing import NamedTuple

_WROTE = re.compile(
    r"^\s*(?:(?:On|At|Le|Am|El)\b.{5,250}(?:wrote|a écrit|schrieb|escribió)|.{0,160}\d.{0,160}(?:写道|寫道))"
    r"\s*[:：]\s*$"
)
_CERTAIN = re.compile(r"@|\d{1,2}:\d{2}")
_BELOW = re.compile(
    r"^\s*(?:-{2,}\s*(?:原始邮件|原邮件|回复的原邮件|转发的邮件|转发邮件信息|原始郵件|Original Message|"
    r"Forwarded message)\s*-{0,40}|Begin forwarded message:|开始转发的邮件[:：])\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\W{0,3}(?:From|发件人|寄件者|寄件人|De|Von)\s*\*?\s*[:：]")
_OTHERS = re.compile(
    r"^\W{0,3}(?:Sent|Date|To|Cc|Subject|发送时间|发送日期|日期|时间|收件人|收件者|抄送|主题|主旨|Envoyé|Gesendet|An|Betreff)"
    r"\s*\*?\s*[:：]"
)
_PROGRAM = re.compile(
    r"^\s*(?:Sent from my .{2,40}|Sent from Mail for .{2,30}|Get Outlook for .{2,20}|发自我的.{1,30}|来自我的.{1,30}"
    r"|从我的.{1,20}发送|发送自.{1,40}|从 ?\w{1,20} ?版邮件发送|获取 ?Outlook.{1,20})\s*$"
)
MAX_SIGNATURE = 15
"""Lines; what follows a line "-- " and is longer is no signature."""
_BLANKS = re.compile(r"\n{4,}")


class Own(NamedTuple):
    """A mail's text taken apart."""

    text: str
    quoted: int
    """Lines of other mails that were left out"""
    signed: int
    """Lines of signatures that were left out"""


def own_part(text: str) -> Own:
    """What was written anew."""
    lines = text.split("\n")
    kept: list[str] = []
    quoted = signed = at = 0
    while at < len(lines):
        line = lines[at]
        span = _introduction(lines, at)
        if line.startswith(">") or span:
            quoted += span or (line.strip("> \t") != "")
            at += max(span, 1)
        elif _all_below(lines, at):
            quoted += sum(1 for rest in lines[at:] if rest.strip())
            break
        elif line.rstrip("\xa0 ") == "--" and _filled(lines[at + 1 :]) <= MAX_SIGNATURE:
            signed += sum(1 for rest in lines[at:] if rest.strip() and not rest.startswith(">"))
            quoted += sum(1 for rest in lines[at:] if rest.startswith(">"))
            break
        else:
            program = _PROGRAM.match(line) is not None
            signed += program
            kept += [] if program else [line.rstrip()]
            at += 1
    return Own(_BLANKS.sub("\n\n\n", "\n".join(kept)).strip("\n"), quoted, signed)


def _filled(lines: list[str]) -> int:
    return sum(1 for line in lines[: 4 * MAX_SIGNATURE] if line.strip() and not line.startswith(">"))


def _introduction(lines: list[str], at: int) -> int:
    """Lines of an "On ... wrote:" there that marked quotes follow, 0 for none; it may be broken in two."""
    for span in (1, 2):
        if _wrote(lines, at, span):
            following = next((line for line in lines[at + span : at + span + 4] if line.strip()), "")
            return span if following.startswith(">") else 0
    return 0


def _wrote(lines: list[str], at: int, span: int) -> bool:
    line = " ".join(lines[at : at + span])
    short = len(line) < 500 and line.rstrip().endswith((":", "："))
    return short and at + span <= len(lines) and _WROTE.match(line) is not None


def _all_below(lines: list[str], at: int) -> bool:
    """Whether all from there on is another mail, not marked line by line."""
    line = lines[at]
    if len(line) > 500:
        return False
    if _BELOW.match(line) or any(
        _wrote(lines, at, n) and _CERTAIN.search(" ".join(lines[at : at + n])) for n in (1, 2)
    ):
        return True
    return (
        _FROM.match(line) is not None
        and sum(_OTHERS.match(rest[:60]) is not None for rest in lines[at + 1 : at + 6]) > 1
    )
