"""iMessage: `chat.db` from ~/Library/Messages of a Mac, or `sms.db` of an iPhone's backup.

The database is opened for reading only, as a file that never changes: SQLite then takes no lock and writes nothing
beside it. What stands in a write-ahead log beside it is not read; a Problem says so. Since macOS 13 the text stands in
`attributedBody`, an archive of `NSAttributedString`. Dates count from 2001, in seconds until macOS 10.12, then in ns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import msgspec

from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, Problem, When, Where
from provisioning.importers.media import items, medium_of
from provisioning.importers.moments import in_utc
from provisioning.importers.problems import DAMAGED, EMPTY, NOTICE, RECALLED, SYSTEM, problem
from provisioning.importers.sqlite_file import BROKEN, columns, opened, rows, tables

APPLE_EPOCH = 978307200
"""2001-01-01T00:00:00Z in seconds since 1970."""
_MAGIC = b"SQLite format 3\0"
_NEEDED = {"message", "handle", "chat", "chat_message_join"}
_CHAT = ("chat_identifier", "display_name")
_ATTACHMENT = ("filename", "transfer_name", "mime_type", "is_sticker")
_COLUMNS = (
    "text", "attributedBody", "handle_id", "date", "is_from_me", "item_type", "associated_message_type",
    "is_audio_message", "date_edited", "date_retracted",
)  # fmt: skip
MAX_TEXT = 1 << 20
"""Bytes of one message's text; a longer one is no message."""


class IMessage:
    """All talks of one Mac or iPhone."""

    name = "imessage"
    version = 1

    def claims(self, source: Source) -> float:
        if not source.head.startswith(_MAGIC):
            return 0.0
        try:
            with closing(opened(source.path)) as database:
                return 0.95 if tables(database) >= _NEEDED else 0.1
        except BROKEN:
            return 0.1

    def read(self, source: Source) -> Iterator[Found]:
        try:
            with closing(opened(source.path)) as database:
                there = tables(database)
                if not there >= _NEEDED:
                    reason = "a database that holds no iMessages"
                    yield problem(Where(source.told), reason, ", ".join(sorted(there)))
                    return
                yield from _log_beside(source)
                yield from _messages(database, source.told)
        except BROKEN as error:
            yield problem(Where(source.told), "a damaged database", str(error))


def _log_beside(source: Source) -> Iterator[Problem]:
    log = source.path.with_name(source.path.name + "-wal")
    if log.is_file() and log.stat().st_size:
        reason = "the newest messages stand in another file; quit Messages before chat.db is copied"
        yield problem(Where(source.told), reason, log.name, ambiguous=True)


def _messages(database: sqlite3.Connection, told: str) -> Iterator[Found]:
    handles = dict(database.execute("SELECT ROWID, id FROM handle"))
    titles = {row: title or identifier for row, identifier, title in _chosen(database, "chat", _CHAT)}
    chats = dict(database.execute("SELECT message_id, chat_id FROM chat_message_join ORDER BY chat_id DESC"))
    media = _media(database)
    for number, row in rows(database, _query(database)):
        if isinstance(row, str):
            yield problem(Where(told, number), DAMAGED, row)
            continue
        message = dict(zip(("id", *_COLUMNS), row, strict=True))
        chat = str(titles.get(chats.get(number)) or "")
        yield from _found(message, Where(told, number), handles, chat, media.get(number, []))


def _query(database: sqlite3.Connection) -> str:
    there = columns(database, "message")
    long = {"text", "attributedBody"}
    chosen = [
        "NULL" if c not in there else f"CASE WHEN length({c}) <= {MAX_TEXT} THEN {c} END" if c in long else c
        for c in _COLUMNS
    ]
    return f"SELECT ROWID, {', '.join(chosen)} FROM message"


def _chosen(database: sqlite3.Connection, table: str, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """(ROWID, the columns named) of each row; None for columns that this version of the database lacks."""
    there = columns(database, table)
    yield from database.execute(f"SELECT ROWID, {', '.join(c if c in there else 'NULL' for c in names)} FROM {table}")


def _media(database: sqlite3.Connection) -> dict[int, list[tuple[Medium, str]]]:
    """Message -> (what it is, its file) of each attachment."""
    media: dict[int, list[tuple[Medium, str]]] = {}
    if not tables(database) >= {"attachment", "message_attachment_join"}:
        return media
    files: dict[int, tuple[Medium, str]] = {
        row: ("sticker" if sticker else medium_of(str(kind or "")), str(file or name or ""))
        for row, file, name, kind, sticker in _chosen(database, "attachment", _ATTACHMENT)
    }
    for message, file in database.execute(
        "SELECT message_id, attachment_id FROM message_attachment_join ORDER BY 1, 2"
    ):
        if file in files:
            media.setdefault(message, []).append(files[file])
    return media


def _found(
    message: dict[str, Any], where: Where, handles: dict[int, str], chat: str, media: list[tuple[Medium, str]]
) -> Iterator[Found]:
    text = _text(message)
    if text is None:
        yield problem(where, "a message whose text cannot be read")
        text = ""
    if reason := _no_message(message, text, bool(media)):
        yield problem(where, reason, text)
        return
    own = bool(message["is_from_me"])
    speaker = "me" if own else str(handles.get(message["handle_id"]) or chat)
    plain = Item(
        "message",
        "",
        where,
        _when(message["date"]),
        speaker,
        "" if own else speaker,
        own,
        chat or speaker or where.path,
    )
    if len(media) == 1 and message["is_audio_message"]:
        media = [("voice", media[0][1])]
    yield from items(plain, text, media)


def _no_message(message: dict[str, Any], text: str, media: bool) -> str:
    """Why it is none, or ""."""
    kind = message["associated_message_type"] or 0
    if kind:
        return "a sticker on a message" if kind == 1000 else NOTICE
    if message["item_type"]:
        return SYSTEM
    if message["date_retracted"] or (message["date_edited"] and not text and not media):
        return RECALLED
    return "" if text or media else EMPTY


def _text(message: dict[str, Any]) -> str | None:
    """Without the marks where attachments stood; None where it cannot be read."""
    plain = message["text"]
    archive = message["attributedBody"]
    if not isinstance(plain, str) or not plain:
        if not isinstance(archive, bytes) or not archive:
            return ""
        plain = unarchived(archive)
    return None if plain is None else plain.replace("\ufffc", "").strip()


def unarchived(archive: bytes) -> str | None:
    """The string of an `NSAttributedString` as `NSArchiver` writes it: the first that stands in it."""
    from typedstream.stream import InvalidTypedStreamError, TypedStreamReader

    try:
        for event in TypedStreamReader.from_data(archive):
            if isinstance(event, bytes):
                return event.decode("utf-8", "replace")
    except (InvalidTypedStreamError, EOFError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
        return None
    return None


def _when(date: Any) -> When:
    if not isinstance(date, int) or not date:
        return When(confidence=0.0)
    seconds = date / 10**9 if abs(date) > 1 << 40 else date
    return msgspec.structs.replace(in_utc(int(seconds) + APPLE_EPOCH), text=str(date))
