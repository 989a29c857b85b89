"""`chat.db`: what stands in it, and that nobody notices it was read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.importers.imessage import IMessage, unarchived
from provisioning.importers.imessage_text import IMessageText
from provisioning.importers.item import Item, Problem
from tests.support.documents import CHAT_DB, chat_db, imessage_text, imessages, typedstream
from tests.support.reading import read, source


def talk(folder: Path, raw: bytes) -> tuple[list[Item], list[Problem]]:
    return read(IMessage(), folder, "chats/chat.db", raw)


def test_every_kind_of_message(tmp_path: Path) -> None:
    items, problems = talk(tmp_path, chat_db(imessages))
    assert [(i.where.line, i.speaker, i.text, i.medium) for i in items] == [
        (1, "+8613900000001", "Did you eat?", None),
        (2, "me", "吃过了，外婆 😀", None),
        (3, "+8613900000001", "", "voice"),
        (7, "ting@example.com", "周日都来吃饭", None),
        (8, "+8613900000001", "Long ago", None),
        (9, "+8613900000001", "two pictures", "photo"),
        (9, "+8613900000001", "", "photo"),
    ]
    assert [i.own for i in items] == [False, True, False, False, False, False, False]
    assert {i.chat for i in items} == {"+8613900000001", "一家人"}
    reasons = ["a reaction or notice", "a recalled message", "a system message"]
    assert [p.reason for p in problems] == reasons


def test_dates_in_seconds_and_in_nanoseconds(tmp_path: Path) -> None:
    items, _ = talk(tmp_path, chat_db(imessages))
    assert [items[0].when.start, items[4].when.start] == ["2021-03-01T04:00:00", "2010-07-05T05:20:00"]
    assert items[0].when.utc


@given(st.text(min_size=1, max_size=400))
def test_archived_text_comes_back(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert unarchived(typedstream(text)) == text


@given(st.binary(max_size=300))
def test_any_archive_is_text_or_nothing(raw: bytes) -> None:
    assert unarchived(raw) is None or isinstance(unarchived(raw), str)
    spoiled = typedstream("Hello")[: len(raw) % 200] + raw
    assert unarchived(spoiled) is None or isinstance(unarchived(spoiled), str)


def test_nothing_is_left_beside_a_database_in_use(tmp_path: Path) -> None:
    """Its owner may be in the midst of writing; `read` itself looks at the folder before and after."""
    folder = tmp_path / "chats"
    folder.mkdir()
    database = sqlite3.connect(folder / "live.db")
    database.execute("PRAGMA journal_mode=WAL")
    database.executescript(CHAT_DB)
    imessages(database)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("INSERT INTO message (text, handle_id, date) VALUES ('late', 1, 1)")
    database.commit()
    for name in ("live.db", "live.db-wal"):
        (folder / name.replace("live", "chat")).write_bytes((folder / name).read_bytes())
    items, problems = talk(tmp_path, (folder / "chat.db").read_bytes())
    database.close()
    assert len(items) == 7
    assert problems[0].ambiguous
    assert "chat.db-wal" in problems[0].detail


def test_a_file_that_nobody_may_write_is_read(tmp_path: Path) -> None:
    given_file = source(tmp_path, "chats/chat.db", chat_db(imessages))
    os.chmod(given_file.path, 0o444)
    os.chmod(given_file.path.parent, 0o555)
    try:
        assert sum(isinstance(f, Item) for f in IMessage().read(given_file)) == 7
    finally:
        os.chmod(given_file.path.parent, 0o755)


def test_an_old_database_lacks_columns(tmp_path: Path) -> None:
    schema = """
    CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
    CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, chat_identifier TEXT);
    CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT, handle_id INTEGER, date INTEGER, is_from_me INTEGER);
    CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
    """
    raw = chat_db(lambda db: db.executescript("INSERT INTO message VALUES (1, 'hi', 5, 300000000, 0)") and None, schema)
    items, problems = talk(tmp_path, raw)
    assert [(i.text, i.speaker) for i in items] == [("hi", "")]
    assert not problems


def test_the_database_of_another_app_is_one_problem(tmp_path: Path) -> None:
    raw = chat_db(lambda db: None, "CREATE TABLE msgstore (a); CREATE TABLE handle (id);")
    items, problems = talk(tmp_path, raw)
    assert not items
    assert [p.reason for p in problems] == ["a database that holds no iMessages"]
    assert IMessage().claims(source(tmp_path, "chats/x.db", raw)) < 0.2


def test_a_view_in_a_tables_place_is_not_looked_into(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    real = "CREATE TABLE handle (a); CREATE TABLE chat (a); CREATE TABLE chat_message_join (a);"
    schema = f"{real} CREATE VIEW message AS {endless};"
    items, problems = talk(tmp_path, chat_db(lambda db: None, schema))
    assert not items
    assert len(problems) == 1


def test_a_column_that_swells_is_refused(tmp_path: Path) -> None:
    schema = CHAT_DB.replace("guid TEXT,", "guid TEXT, ").replace(
        "text TEXT,", "text TEXT AS (hex(zeroblob(300000000))),"
    )
    raw = chat_db(lambda db: db.execute("INSERT INTO message (ROWID) VALUES (1)") and None, schema)
    items, problems = talk(tmp_path, raw)
    assert not items
    assert problems


def many(database: sqlite3.Connection) -> None:
    rows = [(i, f"message {i} " + "x" * 100, 1, 300000000 + i) for i in range(1, 2001)]
    database.executemany("INSERT INTO message (ROWID, text, handle_id, date) VALUES (?,?,?,?)", rows)


def test_behind_a_damaged_page_it_goes_on(tmp_path: Path) -> None:
    raw = chat_db(many)
    at = raw.index(b"message 1000 ") // 4096 * 4096
    items, problems = talk(tmp_path, raw[:at] + b"\xa5" * 4096 + raw[at + 4096 :])
    assert 1800 < len(items) < 2000
    assert items[-1].text.startswith("message 2000 ")
    assert {p.reason for p in problems} == {"a damaged record"}
    assert len(problems) < 12


@pytest.mark.parametrize("size", [100, 4096, 5000, 20000])
def test_a_database_cut_off_is_told(tmp_path: Path, size: int) -> None:
    items, problems = talk(tmp_path, chat_db(many)[:size])
    assert problems
    assert len(items) < 2000


SAID = st.lists(
    st.tuples(st.sampled_from(["Me", "Lan"]), st.text("abc 外婆，。😀", min_size=1).map(str.strip).filter(bool))
)


@given(SAID.filter(bool))
def test_an_export_as_text_comes_back(tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]]) -> None:
    raw = "".join(f"Mar 01, 2021 12:{i % 60:02}:00 PM\n{who}\n{text}\n\n" for i, (who, text) in enumerate(said))
    items, problems = read(IMessageText(), tmp_path_factory.mktemp("box"), "chats/Lan.txt", raw.encode())
    assert [(i.own, i.text) for i in items] == [(who == "Me", text) for who, text in said]
    assert not problems


def test_an_export_as_text_without_what_the_program_wrote(tmp_path: Path) -> None:
    items, problems = read(IMessageText(), tmp_path, "chats/+8613900000001.txt", imessage_text())
    assert [i.text for i in items] == ["Did you eat?", "Yes.\n\nThe soup was good.", "Of course.", ""]
    assert (items[3].medium, items[3].attachment) == ("photo", "attachments/0b/IMG_1.HEIC")
    assert [p.reason for p in problems] == ["a system message"]
