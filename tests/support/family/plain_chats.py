"""Talks as QQ, WhatsApp and LINE export them to text."""

from __future__ import annotations

import datetime
from itertools import groupby

from tests.support.family.talk import Message, accounts

LEFT_TO_RIGHT, NARROW = "\u200e", "\u202f"
"""WhatsApp puts the first before media, and on newer iPhones the second before AM and PM."""


def qq(talk: list[Message], other: str) -> bytes:
    """QQ's message manager: CRLF, a header, the hour without a leading zero, the other by number or by mail."""
    lines = ["消息记录（此消息记录为文本格式，不支持重新导入）", "", "=" * 64, "消息分组:家人", "=" * 64,
             f"消息对象:{accounts()[other].name}", "=" * 64, ""]  # fmt: skip
    for n, m in enumerate(talk):
        account = accounts()[m.who]
        where = f"<{account.mail}>" if m.who == "lan" and n % 7 == 3 else f"({account.qq})"
        body = {"text": m.text, "photo": "[图片]", "sticker": "[表情]"}[m.kind]
        lines += [f"{m.time:%Y-%m-%d} {m.time.hour}:{m.time:%M:%S} {account.name}{where}", *body.split("\n"), ""]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _twelve(time: datetime.datetime) -> str:
    return f"{time.hour % 12 or 12}:{time:%M:%S}{NARROW}{'PM' if time.hour >= 12 else 'AM'}"


def _whatsapp_body(m: Message, apple: bool) -> str:
    if m.kind in ("text", "system"):
        return LEFT_TO_RIGHT + m.text if m.kind == "system" and apple else m.text
    if apple:
        return (
            LEFT_TO_RIGHT + {"photo": "image omitted", "voice": "audio omitted", "sticker": "sticker omitted"}[m.kind]
        )
    named = m.text.split(" ")[-1]
    return f"{named} (file attached)" if named else "<Media omitted>"


def whatsapp_iphone(talk: list[Message]) -> bytes:
    """[14/10/2021, 3:34:09 PM] Name: text; the day first."""
    lines = []
    for m in talk:
        who = accounts()[m.who].latin if m.who else "Grandma Lan"
        stamp = f"[{m.time:%d/%m/%Y}, {_twelve(m.time)}]"
        mark = LEFT_TO_RIGHT if m.kind in ("photo", "voice", "sticker") else ""
        lines.append(f"{mark}{stamp} {who}: {_whatsapp_body(m, True)}")
    return ("\n".join(lines) + "\n").encode()


def whatsapp_android(talk: list[Message]) -> bytes:
    """12/12/2020, 15:37 - Name: text; the month first."""
    lines = []
    for m in talk:
        stamp = f"{m.time.month}/{m.time.day}/{m.time:%y}, {m.time:%H:%M} - "
        lines.append(stamp + (f"{accounts()[m.who].latin}: " if m.who else "") + _whatsapp_body(m, False))
    return ("\n".join(lines) + "\n").encode()


def whatsapp_german(talk: list[Message]) -> bytes:
    """[07.03.26, 21:22:39] Name: text."""
    words = {"photo": f"{LEFT_TO_RIGHT}Bild weggelassen"}
    lines = [
        f"[{m.time:%d.%m.%y, %H:%M:%S}] {accounts()[m.who].latin}: {words.get(m.kind, m.text)}"
        for m in talk
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n").encode()


def line(talk: list[Message], owner: str, other: str) -> bytes:
    """LINE: a line a day, then time, name and text parted by tabs; text of several lines in quotes."""
    lines = [f"[LINE] 与{accounts()[other].latin}的聊天记录", f"储存日期：{talk[-1].time:%Y/%m/%d %H:%M}", ""]
    for day, messages in groupby(talk, key=lambda m: m.time.date()):
        lines.append(f"{day:%Y/%m/%d}（{'一二三四五六日'[day.weekday()]}）")
        for m in messages:
            text = {"photo": "[照片]", "sticker": "[贴图]"}.get(m.kind, m.text)
            text = f'"{text}"' if "\n" in text else text
            half = "上午" if m.time.hour < 12 else "下午"
            lines.append(f"{half}{m.time.hour % 12 or 12:02d}:{m.time:%M}\t{accounts()[m.who].latin}\t{text}")
        lines.append("")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
