"""Messenger and Instagram: the JSON of a download of one's own data, `messages/inbox/NAME/message_1.json`.

    {"participants": [{"name"}], "messages": [{"sender_name", "timestamp_ms", "content", "photos": [{"uri"}], ...}],
     "title", "thread_path"}

The newest message comes first, and text is UTF-8 whose bytes were written as characters. Downloads of end-to-end
encrypted talks name the same things otherwise (`senderName`, `timestamp`, `text`, `media`), with text as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.importers.decoding import clean
from provisioning.importers.importer import HEAD, Source
from provisioning.importers.item import Found, Item, Medium, When, Where
from provisioning.importers.json_records import Damage, records
from provisioning.importers.media import items
from provisioning.importers.moments import in_utc
from provisioning.importers.problems import CALL, DAMAGED, NOTICE, RECALLED, problem

_KEYS = (b'"participants"', b'"messages"')
_SENDERS = (b'"sender_name"', b'"senderName"')
_MEDIA: dict[str, Medium] = {
    "photos": "photo", "videos": "video", "audio_files": "voice", "files": "file", "gifs": "sticker", "media": "photo",
}  # fmt: skip
_ENDINGS: dict[str, Medium] = {
    "mp4": "video", "mov": "video", "mp3": "voice", "m4a": "voice", "aac": "voice", "wav": "voice", "ogg": "voice",
    "pdf": "file", "gif": "sticker", "webp": "sticker",
}  # fmt: skip
_TITLES = (b"title", b"threadName", b"thread_path")
_NAMED = re.compile(rb'(?<!\\)"(title|threadName|thread_path)"\s*:\s*("(?:[^"\\]|\\.){1,400}")')
_NAMES = re.compile(rb'"participants"\s*:\s*\[([^\]]{1,20000})\]')
_STRING = re.compile(rb'(?:"name"\s*:\s*|[\[,]\s*|^\s*)("(?:[^"\\]|\\.){1,200}")')
_REACTED = re.compile(r"^Reacted .{1,20} to your message ?\.?$|^对你的消息做出了.{1,20}回应$|^Liked a message$")
_SENT = re.compile(r"^.{1,40} sent an? (link|attachment|post)")
_WRITTEN_BY_MACHINE = {"Subscribe", "Unsubscribe"}


class Messenger:
    """One talk, of two or of a group."""

    name = "messenger"
    version = 1

    def claims(self, source: Source) -> float:
        head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
        known = head.startswith(b"{") and all(key in head for key in _KEYS) and any(key in head for key in _SENDERS)
        return 0.95 if known else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        chat = _chat(source)
        for record in records(source):
            where = Where(source.told, record.number)
            if isinstance(record, Damage):
                yield problem(where, DAMAGED, record.detail)
            else:
                yield from _found(record.value, chat, where)


def _chat(source: Source) -> str:
    """What the talk is called: its title stands at the file's end, names at its beginning."""
    with source.path.open("rb") as file:
        file.seek(max(0, source.size - HEAD))
        end = file.read(HEAD)
    for key in _TITLES:
        told = [value for text in (source.head, end) for name, value in _NAMED.findall(text) if name == key]
        if told and (title := _string(told[-1])):
            return title
    names = _NAMES.search(source.head)
    return (", ".join(map(_string, _STRING.findall(names[1])[:20])) if names else "") or source.told


def _string(raw: bytes) -> str:
    try:
        return clean(mended(str(json.loads(raw))))
    except ValueError:
        return ""


def _found(message: Mapping[str, Any], chat: str, where: Where) -> Iterator[Found]:
    speaker = mended(_text(message, "sender_name") or _text(message, "senderName"))
    text = mended(_text(message, "content") or _text(message, "text"))
    if not speaker or message.get("is_unsent") is True or message.get("isUnsent") is True:
        yield problem(where, RECALLED if speaker else "a message of nobody", text)
    elif _REACTED.match(text) or message.get("type") in _WRITTEN_BY_MACHINE:
        yield problem(where, NOTICE, text)
    elif "call_duration" in message:
        yield problem(where, CALL, text)
    else:
        yield from _items(message, text, Item("message", "", where, _when(message), speaker, speaker, chat=chat))


def _items(message: Mapping[str, Any], text: str, plain: Item) -> Iterator[Found]:
    """The message, and one more item for each further picture or file."""
    files: list[tuple[Medium | None, str]] = [*_carried(message)]
    share = message.get("share")
    if isinstance(share, Mapping) and (link := mended(_text(share, "link"))) and not files:
        text, files = "" if _SENT.search(text) else text, [("link", link)]
    return items(plain, text, files)


def _carried(message: Mapping[str, Any]) -> Iterator[tuple[Medium | None, str]]:
    """(what it is, where it lies in the download) of each thing beside the text."""
    for key, medium in _MEDIA.items():
        entries = message.get(key)
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, Mapping) and (uri := mended(_text(entry, "uri"))):
                ending = uri.rpartition(".")[2].lower()
                yield _ENDINGS.get(ending, medium) if key == "media" else medium, uri
    sticker = message.get("sticker")
    if isinstance(sticker, Mapping) and (uri := mended(_text(sticker, "uri"))):
        yield "sticker", uri


def _when(message: Mapping[str, Any]) -> When:
    stamp = message.get("timestamp_ms", message.get("timestamp"))
    return in_utc(stamp) if isinstance(stamp, int | float) else When(confidence=0.0)


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def mended(text: str) -> str:
    """Text whose UTF-8 bytes were written as characters, as it was; any other as it is."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
