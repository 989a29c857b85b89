"""Messenger and Instagram: the JSON of a download of one's own data, `messages/inbox/NAME/message_1.json`.

    {"participants": [{"name"}], "messages": [{"sender_name", "timestamp_ms", "content", "photos": [{"uri"}], ...}],
     "title", "thread_path"}

The newest message comes first, and text is UTF-8 whose bytes were written as characters. Downloads of end-to-end
encrypted talks name the same things otherwise (`senderName`, `timestamp`, `text`, `media`), with text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from provisioning.importers.importer import Source
from provisioning.importers.instants import from_epoch
from provisioning.importers.item import Found, Item, Medium, Problem, When, Where
from provisioning.importers.shortened import shortened

_KEYS = (b'"participants"', b'"messages"')
_SENDERS = (b'"sender_name"', b'"senderName"')
_MEDIA: dict[str, Medium] = {
    "photos": "photo", "videos": "video", "audio_files": "voice", "files": "file", "gifs": "sticker", "media": "photo",
}  # fmt: skip
_ENDINGS: dict[str, Medium] = {
    "mp4": "video", "mov": "video", "mp3": "voice", "m4a": "voice", "aac": "voice", "wav": "voice", "ogg": "voice",
    "pdf": "file", "gif": "sticker", "webp": "sticker",
}  # fmt: skip
_NAMES = {"participants.item.name", "participants.item"}
_TITLES = ("title", "threadName", "thread_path")
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
        import ijson

        chat, count = _chat(source.path), 0
        try:
            with source.path.open("rb") as file:
                for count, message in enumerate(ijson.items(_past_mark(file), "messages.item"), 1):
                    yield from _found(message, chat, Where(source.told, count))
        except (ijson.JSONError, ValueError, ArithmeticError, RecursionError) as error:
            reason = "the file is damaged from here on"
            yield Problem(Where(source.told, count + 1), reason, shortened(str(error)))


def _past_mark(file: IO[bytes]) -> IO[bytes]:
    """The file from behind its byte order mark."""
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file


def _chat(path: Path) -> str:
    """What the talk is called; it stands at the file's end, so that all of it is looked through."""
    import ijson

    names: list[str] = []
    titles: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for prefix, event, value in ijson.parse(_past_mark(file)):
                if event == "string" and prefix in _NAMES:
                    names.append(mended(value))
                elif event == "string" and prefix in _TITLES:
                    titles[prefix] = mended(value)
    except (ijson.JSONError, ValueError, ArithmeticError):
        pass  # `read` tells of it
    return next((titles[key] for key in _TITLES if titles.get(key)), ", ".join(names[:20]))


def _found(message: Any, chat: str, where: Where) -> Iterator[Found]:
    if not isinstance(message, Mapping):
        yield Problem(where, "a record that is no message", shortened(str(type(message).__name__)))
        return
    speaker = mended(_text(message, "sender_name") or _text(message, "senderName"))
    text = mended(_text(message, "content") or _text(message, "text"))
    if not speaker or message.get("is_unsent") is True or message.get("isUnsent") is True:
        yield Problem(where, "a message that was taken back" if speaker else "a message of nobody", shortened(text))
    elif _REACTED.match(text) or message.get("type") in _WRITTEN_BY_MACHINE:
        yield Problem(where, "a reaction or notice", shortened(text))
    else:
        yield from _items(message, text, Item("message", "", where, _when(message), speaker, speaker, chat=chat))


def _items(message: Mapping[str, Any], text: str, plain: Item) -> Iterator[Found]:
    """The message, and one more item for each further picture or file."""
    carried: list[tuple[Medium | None, str]] = [*_carried(message)]
    if "call_duration" in message:
        text, carried = "", [("call", "")]
    share = message.get("share")
    if isinstance(share, Mapping) and (link := mended(_text(share, "link"))) and not carried:
        text, carried = "" if _SENT.search(text) else text, [("link", link)]
    if not text and not carried:
        yield Problem(plain.where, "an empty message", shortened(_text(message, "type")))
    for number, (medium, uri) in enumerate(carried or [(None, "")]):
        if text or medium:
            yield msgspec.structs.replace(plain, text="" if number else text, medium=medium, attachment=uri)


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
    if not isinstance(stamp, int) or isinstance(stamp, bool) or abs(stamp) > 1 << 53:
        return When(text=shortened(str(stamp)) if isinstance(stamp, str | int) else "", confidence=0.0)
    return from_epoch(stamp / 1000, str(stamp))


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
