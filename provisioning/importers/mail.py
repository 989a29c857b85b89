"""E-mail: mailboxes (`mbox`, as Thunderbird, Apple and Google export them) and single mails (`eml`).

A mailbox is read mail by mail. What somebody quoted, and the signature that their program put below, are left out and
counted; attachments are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesFeedParser
from pathlib import Path

from provisioning.importers.html_text import text_of_html
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, Problem, Where
from provisioning.importers.mail_headers import decoded, header, people, when, words
from provisioning.importers.media import Attached, items, medium_of
from provisioning.importers.problems import problem
from provisioning.importers.quotes import own_part

MAX_MAIL = 48 << 20
"""Bytes of one mail that are read; the largest that providers take are 25 MB to 50 MB."""
MAX_LINES = 1_000_000
"""Of one mail; 48 MiB of base64 are 660,000."""
MAX_TEXT = 1 << 20
"""Characters of one mail's text."""
MAX_NESTED, MAX_PARTS = 60, 5000
"""Parts within parts, and beside each other, that a mail may have."""
_SEPARATOR = re.compile(rb"^From \S.{0,200}\d{1,2}:\d{2}")
_HEADER = re.compile(rb"([!-9;-~]{1,80}):")
_SURE = {b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"x-mailer", b"content-type"}
_NESTING = re.compile(rb"boundary\s*=|message/", re.IGNORECASE)
_OUT = {"spam": "a mail in spam or trash", "trash": "a mail in spam or trash", "垃圾邮件": "a mail in spam or trash",
        "已删除邮件": "a mail in spam or trash"}  # fmt: skip
_SENT = {"sent", "已发邮件", "已发送"}


class Mail:
    """Mails of one file."""

    name = "mail"
    version = 1

    def claims(self, source: Source) -> float:
        head = source.head.lstrip(b"\xef\xbb\xbf\r\n")
        first, _, rest = head.partition(b"\n")
        if _SEPARATOR.match(first):
            return 0.95 if _names(rest) else 0.0
        names = _names(head)
        return 0.9 if {b"from", b"date"} <= names and names & (_SURE | {b"subject"}) else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        for where, mail in _parsed(source):
            if isinstance(mail, Problem):
                yield mail
            else:
                yield from _found(mail, where)

    def attached(self, source: Source) -> Iterator[Attached]:
        """Pictures, recordings and files within the mails that `read` makes items of, under the names it tells."""
        for where, mail in _parsed(source):
            if isinstance(mail, Problem) or not people(mail, "from") or _left_out(mail):
                continue
            files: list[Message] = []
            _walk(mail, [], files)
            for part in files:
                content = None if part.is_multipart() else part.get_payload(decode=True)
                if isinstance(content, bytes):
                    yield Attached(where, *_file(part), content)


def _parsed(source: Source) -> Iterator[tuple[Where, Message | Problem]]:
    for number, lines, whole in _mails(source.path):
        where = Where(source.told, number)
        if not whole:
            yield where, problem(where, "a mail that is too long; its end was not read", ambiguous=True)
        nested = sum(len(_NESTING.findall(line)) for line in lines)
        if nested > MAX_NESTED or sum(line.startswith(b"--") for line in lines) > MAX_PARTS:
            yield where, problem(where, "a mail of too many parts", lines[0].decode("utf-8", "replace"))
        else:
            yield where, _message(lines)


def _message(lines: list[bytes]) -> Message:
    """The mail of these lines, each of which is let go once it was read: a mail may be long."""
    parser = BytesFeedParser(policy=policy.compat32)
    lines.reverse()
    while lines:
        parser.feed(lines.pop())
    return parser.close()


def _names(head: bytes) -> set[bytes]:
    """Names of the headers at a mail's beginning, none where something else stands between them."""
    names: set[bytes] = set()
    for line in head.splitlines()[:200]:
        if not line:
            break
        match = _HEADER.match(line)
        if match is None and line[:1] not in b" \t>":
            return set()
        if match:
            names.add(match[1].lower())
    return names


def _mails(path: Path) -> Iterator[tuple[int, list[bytes], bool]]:
    """(number of its first line, lines, whether these are all of them) of each mail."""
    held: list[bytes] = []
    start, size, blank, number = 1, 0, True, 1
    with path.open("rb") as file:
        while line := file.readline(1 << 20):
            if blank and _SEPARATOR.match(line):
                if any(part.strip() for part in held):
                    yield start, held, size <= MAX_MAIL
                held, start, size = [], number, 0
            else:
                size += len(line) if len(held) < MAX_LINES else MAX_MAIL
                if size <= MAX_MAIL:
                    held.append(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line)
            blank = not line.strip()
            number += line.endswith(b"\n")
    if any(part.strip() for part in held) or number == 1:
        yield start, held, size <= MAX_MAIL


def _found(message: Message, where: Where) -> Iterator[Found]:
    senders = people(message, "from")
    if not senders:
        yield problem(where, "a mail of nobody", header(message, "subject"))
        return
    if reason := _left_out(message):
        yield problem(where, reason, header(message, "subject"))
        return
    texts: list[str] = []
    files: list[Message] = []
    _walk(message, texts, files)
    own = own_part("\n".join(texts)[:MAX_TEXT])
    if own.quoted:
        yield problem(where, "quoted lines of an earlier mail", f"{own.quoted} lines")
    if own.signed:
        yield problem(where, "a signature below a mail", f"{own.signed} lines")
    if not (own.text or files):
        yield problem(where, "an empty mail", header(message, "subject"))
        return
    to = tuple(name or address for field in ("to", "cc") for name, address in people(message, field))
    sent = True if _labels(message) & _SENT else None
    name, address = senders[0]
    plain = Item("mail", "", where, when(message), address, name, sent, header(message, "subject"), to)
    yield from items(plain, own.text, [_file(part) for part in files])


def _labels(message: Message) -> set[str]:
    """Gmail's."""
    return {label.strip().lower() for label in header(message, "x-gmail-labels").split(",")}


def _left_out(message: Message) -> str:
    """Why a mail is not wanted, or ""."""
    status = header(message, "x-mozilla-status")
    if re.fullmatch(r"[0-9a-fA-F]{4}", status) and int(status, 16) & 8:
        return "a deleted mail"  # Thunderbird leaves it in the file until the folder is compacted
    return next((_OUT[label] for label in _labels(message) if label in _OUT), "")


def _walk(part: Message, texts: list[str], files: list[Message]) -> None:
    """Texts and files of a part and those within it, in their order."""
    kind = part.get_content_type()
    if kind.startswith("message/"):
        files.append(part)
    elif part.is_multipart():
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "multipart/alternative":
            _walk_best(children, texts, files)
        else:
            for child in children:
                _walk(child, texts, files)
    elif kind in ("text/plain", "text/html") and not _name(part):
        texts.append(_text(part, kind))
    else:
        files.append(part)


def _walk_best(children: list[Message], texts: list[str], files: list[Message]) -> None:
    """The first of several forms of the same that says something: plain text stands before HTML."""
    for child in children:
        said: list[str] = []
        _walk(child, said, files)
        if any(text.strip() for text in said):
            texts += said
            return


def _text(part: Message, kind: str) -> str:
    raw = part.get_payload(decode=True)
    text = decoded(raw if isinstance(raw, bytes) else b"", str(part.get_param("charset") or ""))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind == "text/html":
        return text_of_html(text[: 4 * MAX_TEXT])
    return _unfolded(text) if str(part.get_param("format") or "").lower() == "flowed" else text


def _unfolded(text: str) -> str:
    """Lines that a program broke for the transport, joined (RFC 3676)."""
    made: list[str] = []
    for line in text.split("\n"):
        if made and made[-1].endswith(" ") and made[-1] != "-- " and not made[-1].startswith(">") and line[:1] != ">":
            made[-1] += line
        else:
            made.append(line)
    return "\n".join(made)


def _file(part: Message) -> tuple[Medium, str]:
    """(what it is, its name)."""
    kind = part.get_content_type()
    return medium_of(kind), _name(part) or kind


def _name(part: Message) -> str:
    name = words(part.get_filename() or "") if part.get_filename() else ""
    attached = part.get_content_disposition() == "attachment"
    return " ".join(name.split()) or ("attachment" if attached else "")
