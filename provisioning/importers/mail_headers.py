"""Headers of mails as people read them: encoded words, raw GB18030, addresses, dates."""

from __future__ import annotations

import binascii
import datetime as dt
import quopri
import re
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from provisioning.importers.decoding import text_of
from provisioning.importers.item import When

MAX_HEADER = 20_000
"""Characters of one header that are looked at."""
MAX_NAMES = 200
"""Of those a mail is addressed to."""
_WORD = re.compile(r"=\?([\w.+-]{1,40})(?:\*[\w-]{1,20})?\?([bBqQ])\?([^?]{0,2000})\?=")
_CODECS = re.compile(
    r"^(?:utf-?8|utf-?16(?:-?[lb]e)?|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-\d{3,4}|cp\d{3,4}|big5(?:-?hkscs)?"
    r"|shift[-_]jis|euc-(?:jp|kr|cn)|iso-2022-(?:jp|kr)|koi8-[ru]|hz-gb-2312|macintosh)$",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"^(?:x-)?(?:gb[-_]?2312(?:-80)?|gbk|gb[-_]?18030|cp936|windows-936|euc-cn|chinese)$", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+=-]{1,100}@[\w.-]{1,200}")


def decoded(raw: bytes, charset: str) -> str:
    """Text in the character set that a mail names, or in what it turns out to be."""
    name = "gb18030" if _CHINESE.match(charset) else charset if _CODECS.match(charset) else ""
    try:
        return raw.decode(name).replace("\0", "") if name else text_of(raw)
    except (LookupError, UnicodeError):
        return text_of(raw)


def header(message: Message, name: str) -> str:
    """The first header of that name, as text in one line; "" for none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")[:MAX_HEADER]
    if not raw.isascii():
        raw = text_of(raw.encode("utf-8", "surrogateescape"))
    return words(" ".join(raw.split()))


def words(text: str) -> str:
    """Encoded words (RFC 2047) in a header read. Neighbours are joined before they are decoded: programs break words
    within a character."""
    made: list[str] = []
    pending, charset, at = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if between.strip() or word[1].lower() != charset:
            made += [decoded(pending, charset), between if between.strip() or not at else ""]
            pending, charset = b"", word[1].lower()
        pending, at = pending + _raw(word[2], word[3]), word.end()
    return "".join((*made, decoded(pending, charset), text[at:]))


def _raw(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return binascii.a2b_base64(raw + b"===")
    except binascii.Error:
        return raw


def people(message: Message, name: str) -> list[tuple[str, str]]:
    """(name, address in lower case) of each in a header."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")[:MAX_HEADER]
    if not raw.isascii():
        raw = text_of(raw.encode("utf-8", "surrogateescape"))
    try:
        pairs = getaddresses([raw])
    except (RecursionError, ValueError, IndexError):
        pairs = []
    found = [(words(called).strip(" '\""), address.lower()) for called, address in pairs if "@" in address]
    return (found or [("", address.lower()) for address in _ADDRESS.findall(raw)])[:MAX_NAMES]


def when(message: Message) -> When:
    """In the sender's own zone; where the mail has no date, when it was delivered."""
    written = header(message, "date")
    delivered = header(message, "received").rpartition(";")[2].strip()
    for text, confidence in ((written, 1.0), (delivered, 0.9)):
        moment = _moment(text[:200])
        if moment is not None and 1980 <= moment.year <= 2100:
            return When(moment.strftime("%Y-%m-%dT%H:%M:%S"), text[:40], confidence)
    return When(text=written[:40], confidence=0.0)


def _moment(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
