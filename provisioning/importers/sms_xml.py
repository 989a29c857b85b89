"""SMS Backup & Restore: an XML file of text messages (`sms`) and messages with pictures (`mms`).

It is not quite XML: an emoji stands there as two halves, `&#55357;&#56832;`, which no parser takes. So records are cut
out of the stream by their beginnings, which cannot occur within a value, mended, and parsed each for itself: a damaged
one is one Problem, and declarations of entities are never seen by a parser. Pictures are named; their base64 is dropped
while it is read.
"""

from __future__ import annotations

import binascii
import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from provisioning.importers.decoding import encoding_of, head_text
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, When, Where
from provisioning.importers.media import Attached, items, medium_of
from provisioning.importers.moments import in_utc
from provisioning.importers.problems import DAMAGED, EMPTY, problem

CHUNK = 1 << 18
MAX_RECORD = 4 << 20
"""Characters of one message without its pictures."""
MAX_WHOLE = 48 << 20
"""Characters of one with them."""
_START = re.compile(r"<(?:sms|mms)\s")
_DATA = re.compile(r' data="[A-Za-z0-9+/=]{32}')
_KEPT = 48
"""Characters at a piece's end in which either may have begun."""
_COUNT = re.compile(r'<smses[^>]{0,400}\bcount="(\d{1,9})"')
_PAIR = re.compile(r"&#(x[dD][89abAB][\da-fA-F]{2}|5[5-6]\d{3});&#(x[dD][c-fC-F][\da-fA-F]{2}|5[6-7]\d{3});")
_CHARACTER = re.compile(r"&#(x[\da-fA-F]{1,8}|\d{1,10});")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATES = ("%b %d, %Y %I:%M:%S %p", "%d %b %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")
_CHINESE = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日 ?(上午|下午)? ?(\d{1,2}):(\d{2}):(\d{2})$")
MAX_ZONE = 14 * 60
"""Minutes that a zone may be away from UTC."""
_UNSENT = {"3": "a draft", **dict.fromkeys("456", "a message that was never sent")}
_NOBODY = {"", "null", "(Unknown)", "insert-address-token"}

Attributes = dict[str, str]


class SmsXml:
    """All text messages of one phone."""

    name = "sms-xml"
    version = 1

    def claims(self, source: Source) -> float:
        head = head_text(source.head).lstrip()
        return 0.95 if head.startswith("<") and "<smses" in head else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        number = 0
        for number, record in enumerate(records(source.path, encoding_of(source.head)), 1):
            where = Where(source.told, number)
            if len(record) > MAX_RECORD:
                yield problem(where, "a message that is too long", record)
                continue
            elements = _elements(record)
            if isinstance(elements, str):
                yield problem(where, DAMAGED, f"{elements}: {record}")
            else:
                yield from _found(elements, where)
        told = _COUNT.search(head_text(source.head))
        if told is None or int(told[1]) != number:
            got = f"{number} of {told[1] if told else 'an unknown number of'} messages"
            yield problem(Where(source.told, number), "the file does not hold what its beginning says", got)

    def attached(self, source: Source) -> Iterator[Attached]:
        """Pictures, recordings and files within the messages that `read` makes items of, under the names it tells."""
        for number, record in enumerate(records(source.path, encoding_of(source.head), pictures=True), 1):
            elements = _elements(record) if record.startswith("<mms") and len(record) <= MAX_WHOLE else []
            for tag, part in elements if isinstance(elements, list) else []:
                if tag == "part" and (file := _file(part)) and (content := _content(part)):
                    yield Attached(Where(source.told, number), *file, content)


def records(path: Path, encoding: str, chunk: int = CHUNK, pictures: bool = False) -> Iterator[str]:
    """Each message's XML; of one that is too long its beginning, longer than the longest may be."""
    waiting, begun = "", False
    most = MAX_WHOLE if pictures else MAX_RECORD
    for piece in _pieces(path, encoding, chunk) if pictures else _without_pictures(path, encoding, chunk):
        seen = max(0, len(waiting) - _KEPT)
        waiting += piece
        while start := _START.search(waiting, max(seen, 1) if begun else 0):
            if begun:
                yield waiting[: start.start()]
            waiting, seen, begun = waiting[start.start() :], 0, True
        if not begun:
            waiting = waiting[-_KEPT:]
        elif len(waiting) > most + CHUNK:
            waiting = waiting[: most + 1] + waiting[-_KEPT:]
    if begun:
        yield waiting.partition("</smses>")[0]


def _pieces(path: Path, encoding: str, chunk: int) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while piece := file.read(chunk):
            yield piece


def _without_pictures(path: Path, encoding: str, chunk: int) -> Iterator[str]:
    """The file's text in pieces; of what stands in `data="..."` only the first 32 characters."""
    rest, dropping = "", False
    for piece in _pieces(path, encoding, chunk):
        text, kept, at = rest + piece, [], 0
        while True:
            if dropping:
                end = text.find('"', at)
                dropping, at = end < 0, len(text) if end < 0 else end
            data = None if dropping else _DATA.search(text, at)
            if data is None:
                break
            kept.append(text[at : data.end()])
            dropping, at = True, data.end()
        end = max(at, len(text) - _KEPT)
        rest = text[end:]
        yield "".join((*kept, text[at:end]))
    yield rest


def _elements(record: str) -> list[tuple[str, Attributes]] | str:
    """(tag, attributes) of the message and all within it, or what is wrong with it."""
    found: list[tuple[str, Attributes]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag, attributes))
    try:
        parser.Parse(mended(record).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return expat.ErrorString(error.code)
    return found


def mended(record: str) -> str:
    """XML without what no XML may hold: halves of surrogate pairs are joined, other such characters become U+FFFD."""

    def joined(pair: re.Match[str]) -> str:
        high, low = (_number(half) for half in pair.groups())
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) if _are_halves(high, low) else pair[0]

    def legal(match: re.Match[str]) -> str:
        code = _number(match[1])
        fits = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
        return match[0] if fits else "\ufffd"

    if "&#" in record:
        record = _CHARACTER.sub(legal, _PAIR.sub(joined, record))
    return record if record.isascii() and record.isprintable() else _ILLEGAL.sub("\ufffd", record)


def _number(written: str) -> int:
    return int(written[1:], 16) if written.startswith("x") else int(written)


def _are_halves(high: int, low: int) -> bool:
    return 0xD800 <= high < 0xDC00 <= low < 0xE000


def _found(elements: list[tuple[str, Attributes]], where: Where) -> Iterator[Found]:
    tag, message = elements[0]
    kind = message.get("type" if tag == "sms" else "msg_box", "")
    parts = [attributes for name, attributes in elements if name == "part"]
    text = _told(message, "body") if tag == "sms" else "\n".join(t for p in parts if (t := _text_of_part(p)))
    files = [f for p in parts if (f := _file(p))]
    if kind in _UNSENT or not (text or files):
        yield problem(where, _UNSENT.get(kind, EMPTY), text)
        return
    plain = _plain(elements, where, own=kind == "2")
    yield from items(plain, text, files)


def _plain(elements: list[tuple[str, Attributes]], where: Where, own: bool) -> Item:
    message = elements[0][1]
    address, name = _told(message, "address"), _told(message, "contact_name")
    several = "~" in address
    sender = next((a.get("address", "") for tag, a in elements if tag == "addr" and a.get("type") == "137"), "")
    other = sender if several and sender not in _NOBODY else address
    return Item(
        "message",
        "",
        where,
        _when(message),
        "me" if own else other,
        "" if own or several else name,
        own,
        name or address or where.path,
    )


def _told(attributes: Attributes, name: str) -> str:
    value = attributes.get(name, "")
    return "" if value in _NOBODY else value


def _text_of_part(part: Attributes) -> str:
    return _told(part, "text") if part.get("ct") == "text/plain" else ""


def _file(part: Attributes) -> tuple[Medium, str] | None:
    """(what it is, its name) of a picture or file."""
    kind = part.get("ct", "")
    if kind in ("", "application/smil", "text/plain"):
        return None
    name = next((n for key in ("cl", "fn", "name", "cid") if (n := _told(part, key))), kind)
    return medium_of(kind), name


def _content(part: Attributes) -> bytes:
    try:
        return binascii.a2b_base64(part.get("data", ""))
    except ValueError:
        return b""


def _when(message: Attributes) -> When:
    """In the phone's own zone where it shows its time too: both differ by a zone then, not by anything."""
    when = in_utc(message.get("date", ""))
    local = _readable(message.get("readable_date", "")[:60])
    if local is None or not when.start:
        return when
    minutes = (local - dt.datetime.fromisoformat(when.start)).total_seconds() / 60
    if abs(minutes) > MAX_ZONE or round(minutes, 1) % 15 > 1:  # what is shown may lack the seconds
        return when
    return When(local.isoformat(), when.text)


def _readable(text: str) -> dt.datetime | None:
    forms: tuple[str, ...] = _DATES
    text = " ".join(text.replace("\u202f", " ").split())
    if chinese := _CHINESE.match(text):
        numbers = [int(n) for n in chinese.group(1, 2, 3, 5, 6, 7)]
        if chinese[4]:
            numbers[3] = numbers[3] % 12 + (12 if chinese[4] == "下午" else 0)
        text, forms = "{}-{}-{} {}:{}:{}".format(*numbers), _DATES[2:3]
    for form in forms:
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text, form)
    return None
