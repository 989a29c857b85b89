"""iMessage's database as macOS keeps it since Ventura: words only in `attributedBody`, a typedstream of NSArchiver."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.support.family.talk import Message, accounts

EPOCH = 978_307_200
"""Unix time of 2001-01-01, from which `date` counts nanoseconds."""

SCHEMA = """
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, country TEXT, service TEXT NOT NULL);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL, style INTEGER, chat_identifier TEXT,
 service_name TEXT, display_name TEXT);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL, text TEXT, attributedBody BLOB,
 handle_id INTEGER DEFAULT 0, service TEXT, date INTEGER, is_from_me INTEGER DEFAULT 0, item_type INTEGER DEFAULT 0,
 cache_has_attachments INTEGER DEFAULT 0, associated_message_type INTEGER DEFAULT 0, associated_message_guid TEXT,
 is_audio_message INTEGER DEFAULT 0, balloon_bundle_id TEXT, date_edited INTEGER DEFAULT 0,
 date_retracted INTEGER DEFAULT 0, message_summary_info BLOB);
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL, filename TEXT, mime_type TEXT,
 transfer_name TEXT, is_sticker INTEGER DEFAULT 0);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, message_date INTEGER DEFAULT 0);
CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
"""


def _length(number: int) -> bytes:
    return bytes([number]) if number < 0x80 else b"\x81" + number.to_bytes(2, "little")


def _class(name: bytes, version: int = 0) -> bytes:
    return b"\x84" + _length(len(name)) + name + bytes([version])


def typedstream(text: str) -> bytes:
    """An NSAttributedString of one run, as NSArchiver writes it: version 4, byte order "streamtyped", system 1000."""
    raw, units = text.encode(), len(text.encode("utf-16-le")) // 2
    return b"".join(
        (
            b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84",
            _class(b"NSAttributedString"),
            b"\x84",
            _class(b"NSObject"),
            b"\x85\x92\x84\x84",
            _class(b"NSString", 1),
            b"\x94\x84\x01+",
            _length(len(raw)),
            raw,
            b"\x86\x84\x02iI\x01",
            _length(units),
            b"\x92\x84\x84",
            _class(b"NSDictionary"),
            b"\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86\x92\x84\x84",
            _class(b"NSNumber"),
            b"\x84",
            _class(b"NSValue"),
            b"\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86",
        )
    )


def chat_db(path: Path, talk: list[Message], owner: str) -> None:
    """Writes the database; every second message has its words in `attributedBody` alone."""
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        others = [who for who in dict.fromkeys(m.who for m in talk) if who != owner]
        for n, who in enumerate(others, 1):
            number = accounts()[who].phone
            database.execute("INSERT INTO handle VALUES (?, ?, 'cn', 'iMessage')", (n, number))
            database.execute(
                "INSERT INTO chat VALUES (?, ?, 45, ?, 'iMessage', NULL)", (n, f"iMessage;-;{number}", number)
            )
            database.execute("INSERT INTO chat_handle_join VALUES (?, ?)", (n, n))
        for n, m in enumerate(talk, 1):
            _insert(database, n, m, others, owner)
    database.close()


def _insert(database: sqlite3.Connection, n: int, m: Message, others: list[str], owner: str) -> None:
    own, date = m.who == owner, (m.seconds - EPOCH) * 10**9
    text = {"photo": "\ufffc", "tapback": "Loved “Happy Mother's Day”"}.get(m.kind, m.text)
    hidden = n % 2 == 0 or m.kind == "photo"
    database.execute(
        "INSERT INTO message (ROWID, guid, text, attributedBody, handle_id, service, date, is_from_me,"
        " cache_has_attachments, associated_message_type) VALUES (?, ?, ?, ?, ?, 'iMessage', ?, ?, ?, ?)",
        (n, f"GUID-{n:04d}", None if hidden else text, typedstream(text) if hidden else None,
         0 if own else others.index(m.who) + 1, date, int(own), int(m.kind == "photo"),
         2000 if m.kind == "tapback" else 0),
    )  # fmt: skip
    chat = 1 if own else others.index(m.who) + 1
    database.execute("INSERT INTO chat_message_join VALUES (?, ?, ?)", (chat, n, date))
    if m.kind == "photo":
        place = f"~/Library/Messages/Attachments/0a/10/{m.text}"
        cursor = database.execute(
            "INSERT INTO attachment (guid, filename, mime_type, transfer_name) VALUES (?, ?, 'image/heic', ?)",
            (f"at_{n}", place, m.text),
        )
        database.execute("INSERT INTO message_attachment_join VALUES (?, ?)", (n, cursor.lastrowid))
