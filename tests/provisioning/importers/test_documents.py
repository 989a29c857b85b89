"""Every kind of text goes to its importer, and to no other; nothing that is in a file breaks one."""

from __future__ import annotations

import base64
import io
import sqlite3
import zipfile
from pathlib import Path
from random import Random

import pytest

from provisioning.importers.registry import importers
from tests.support import mutations
from tests.support.documents import BODY, EML, SAMPLES, chat_db, imessages, typedstream
from tests.support.reading import read, source

OURS = sorted({name for name, _, _ in SAMPLES.values()})


@pytest.mark.parametrize("what", SAMPLES)
def test_a_file_goes_to_its_importer_alone(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    claims = {other: importer.claims(source(tmp_path, told, made())) for other, importer in importers().items()}
    assert max(claims, key=lambda other: claims[other]) == name
    assert [other for other, sure in claims.items() if sure >= claims[name] / 2] == [name]


@pytest.mark.parametrize("what", SAMPLES)
def test_a_wrong_extension_changes_nothing(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    folder = told.partition("/")[0]
    claims = {n: i.claims(source(tmp_path, f"{folder}/x.dat", made())) for n, i in importers().items()}
    assert max(claims, key=lambda other: claims[other]) == name


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\xff" * 100, b"{", b"<", b"PK\x03\x04", b"%PDF-1.4", b"SQLite format 3\0", b"From "]
)
def test_what_is_nothing_gives_no_item_of_its_own(tmp_path: Path, name: str, raw: bytes) -> None:
    items, problems = read(importers()[name], tmp_path, "letters/x", raw)
    assert problems or items


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("what", SAMPLES)
def test_another_kind_breaks_none(tmp_path: Path, name: str, what: str) -> None:
    given = SAMPLES[what]
    items, problems = read(importers()[name], tmp_path, given[1], given[2]())
    assert items or problems


@pytest.mark.parametrize("what", SAMPLES)
def test_damage_breaks_none(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    raw = made()
    for seed in range(25):
        changed = mutations.raw(raw, Random(seed))
        importer = importers()[name]
        importer.claims(source(tmp_path, told, changed))
        items, problems = read(importer, tmp_path, told, changed)
        assert items or problems


@pytest.mark.parametrize("what", SAMPLES)
def test_a_file_cut_off_keeps_what_was_read(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    raw = made()
    for size in {len(raw) // 3, len(raw) // 2, len(raw) - 5}:
        items, problems = read(importers()[name], tmp_path, told, raw[:size])
        assert items or problems


def within_zip(raw: bytes, member: str, rng: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, mutations.raw(content, rng) if name == member else content)
    return file.getvalue()


def within_database(rng: Random) -> bytes:
    def fill(database: sqlite3.Connection) -> None:
        imessages(database)
        for row in (2, 9):
            archive = mutations.raw(typedstream("吃过了 😀"), rng)
            database.execute("UPDATE message SET text = NULL, attributedBody = ? WHERE ROWID = ?", (archive, row))
        column = rng.choice(("date", "handle_id", "is_from_me", "item_type", "date_edited", "text"))
        value = rng.choice((None, 1e300, -(1 << 63), "x", b"\xff", "\ud7ff" * 9))
        database.execute(f"UPDATE message SET {column} = ? WHERE ROWID = 1", (value,))
        database.execute("UPDATE handle SET id = ?", (rng.choice((None, 7, b"\xff", "")),))

    return chat_db(fill)


@pytest.mark.parametrize("seed", range(40))
def test_damage_below_a_good_surface_breaks_none(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    word = within_zip(SAMPLES["word"][2](), "word/document.xml", rng)
    inner = mutations.raw(BODY.encode("gb18030"), rng)
    mail = EML.replace(base64.b64encode(BODY.encode("gb18030")).decode(), base64.b64encode(inner).decode())
    for name, raw in (("word", word), ("imessage", within_database(rng)), ("mail", mail.encode())):
        items, problems = read(importers()[name], tmp_path, "letters/x", raw)
        assert items or problems
        assert all(item.text.encode() is not None for item in items)
