"""Text messages as SMS Backup & Restore writes them, and mail as mbox and eml."""

from __future__ import annotations

import base64
import datetime
import email.policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.support.family.talk import SOURCES, Message, Told, accounts, filled

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A PNG of one pixel."""


def _entities(text: str) -> str:
    """As an attribute; what lies beyond the Basic Multilingual Plane as two halves, each for itself."""
    quoted = quoteattr(text, {"\n": "&#10;"})
    return "".join(
        character
        if ord(character) < 0x10000
        else "".join(f"&#{int.from_bytes(half, 'big')};" for half in _halves(character))
        for character in quoted
    )


def _halves(character: str) -> tuple[bytes, bytes]:
    both = character.encode("utf-16-be")
    return both[:2], both[2:]


def sms(talk: list[Message], owner: str, other: str) -> bytes:
    """The whole backup: texts, and pictures as MMS with their bytes in base64."""
    number, name = accounts()[other].phone, accounts()[other].name
    lines = ["<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>", f'<smses count="{len(talk)}" type="full">']
    for m in talk:
        date, kind = m.seconds * 1000, 2 if m.who == owner else 1
        who = f'readable_date="{m.time:%Y-%m-%d %H:%M:%S}" contact_name={quoteattr(name)}'
        if m.kind == "text":
            lines.append(
                f'  <sms protocol="0" address="{number}" date="{date}" type="{kind}" subject="null" '
                f'body={_entities(m.text)} read="1" status="-1" locked="0" {who} />'
            )
        else:
            data = base64.b64encode(PIXEL).decode()
            lines += [
                f'  <mms date="{date}" msg_box="{kind}" address="{number}" m_type="132" '
                f'ct_t="application/vnd.wap.multipart.related" {who}>',
                f'    <parts><part seq="0" ct="image/png" name="{m.text}" cl="{m.text}" text="null" data="{data}" />',
                "    </parts>",
                f'    <addrs><addr address="{number}" type="137" charset="106" /></addrs>',
                "  </mms>",
            ]
    return ("\n".join([*lines, "</smses>"]) + "\n").encode()


def mails() -> list[tuple[str, bytes]]:
    """The mails of `sources/mail/*.txt` as bytes, by name. Head lines, a blank line, the text; a GB18030 head where
    the mail says so."""
    return [(path.stem, _mail(path)) for path in sorted((SOURCES / "mail").glob("*.txt"))]


def _mail(path: Path) -> bytes:
    head, _, body = filled(path.read_text(encoding="utf-8")).partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    charset = fields.pop("Charset", "utf-8")
    message = EmailMessage(policy=email.policy.SMTP if charset == "utf-8" else email.policy.compat32)
    for key in ("From", "To", "Subject"):
        message[key] = fields[key] if charset == "utf-8" else _gb18030(fields[key])
    message["Date"] = format_datetime(_date(fields["Date"]))
    message["Message-ID"] = f"<{path.stem}@example.com>"
    if charset == "utf-8":
        message.set_content(body, cte="base64" if any(ord(c) > 127 for c in body) else "quoted-printable")
        if "Attached" in fields:
            message.add_attachment(PIXEL, maintype="image", subtype="png", filename=fields["Attached"])
            message.set_boundary(f"==={path.stem}===")
        return message.as_bytes()
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "text/plain; charset=gb18030"
    message["Content-Transfer-Encoding"] = "8bit"
    return message.as_bytes() + body.encode("gb18030")


def _gb18030(text: str) -> str:
    name, angle, address = text.partition(" <")
    word = base64.b64encode(name.encode("gb18030")).decode()
    return f"=?gb18030?B?{word}?={angle}{address}"


def _date(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def mbox(found: list[tuple[str, bytes]]) -> bytes:
    """One mailbox; lines that begin with "From " are quoted."""
    out = b""
    for _, raw in found:
        text = raw.replace(b"\r\n", b"\n")
        text = b"\n".join(b">" + line if line.startswith(b"From ") else line for line in text.split(b"\n"))
        out += b"From yulan@example.com Thu Jan  1 00:00:00 2015\n" + text.rstrip(b"\n") + b"\n\n"
    return out


def told(raws: list[bytes]) -> Told:
    """Every mail is one item; what it quotes of an earlier one is left out, with a reason."""
    return Told(items=len(raws), skipped=sum(b"\n> " in raw or b"\r\n> " in raw for raw in raws))
