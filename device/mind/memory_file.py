"""`memory.sqlite`: what it holds, how it is written (at the family's computer), and how it is checked when opened.

One row is one memory in one language; rows with the same `id` tell the same memory in several. Every row says where it
came from: source file and line, when it was, how sure that is, who said it, and under which grant it may be used.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from device.errors import BadInput, Missing
from device.mind import kin, sentences
from device.mind.embedding import Embedder, Vectors
from device.mind.words import index_terms

APPLICATION = 0x494D4147
"""SQLite's application_id, "IMAG"."""
VERSION = 2
"""2: where the original of a memory can be heard, and when it was told."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a memory came from, how sure it is, and under what it may be used."""

    source: str = ""
    """File within the shoebox"""
    line: int = 0
    """Line of its first word, from 1; 0 unknown"""
    speaker: str = ""
    """Who said it"""
    confidence: float = 1.0
    """0..1 that time and words are right; below 1 for what was recognised from a scan"""
    grant: str = ""
    """What was consented to that lets it be used: letters, chats, ..."""
    told: str = ""
    """When it was written or said, as `time_start`; when it happened may be long before"""


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """One memory in one language."""

    id: str
    """The same in every language it is told in."""
    language: str
    text: str
    gist: str = ""
    """One line about it, where somebody wrote one"""
    question: str = ""
    """A question that it answers, where the family gave one"""
    origin: Origin = Origin()
    time_text: str = ""
    """As the family wrote it"""
    time_start: str = ""
    """YYYY, YYYY-MM or YYYY-MM-DD; "" unknown"""
    people: tuple[str, ...] = ()
    place: str = ""
    photo: str = ""
    sensitivity: str = ""
    recording: str = ""
    """Path within the persona of the original sound, such as voice/originals/x.opus; "" there is none"""
    start: float = 0.0
    """s in the recording, where its words begin"""
    end: float = 0.0


_ORIGIN = tuple(f.name for f in fields(Origin))
COLUMNS = (*(f.name for f in fields(MemoryRow) if f.name != "origin"), *_ORIGIN)

_SCHEMA = f"""
create table meta (key text primary key, value text not null);
create table memories (rowid integer primary key, {", ".join(f'"{c}"' for c in COLUMNS)}, keywords text, unique (id,
language));
create virtual table memory_index using fts5 (words, keywords, questions, content='', tokenize='unicode61');
create virtual table vocabulary using fts5vocab (memory_index, 'row');
create table vectors (memory integer not null, sentence integer not null, scale real not null, vector blob not null);
"""


def build(path: Path, rows: Sequence[MemoryRow], embedder: Embedder) -> None:
    """Writes the file under its final name at once. Raises BadInput for a memory told twice in one language."""
    keys = Counter((row.id, row.language) for row in rows)
    twice = sorted(f"{i} ({language})" for (i, language), times in keys.items() if times > 1)
    if twice:
        raise BadInput(path.name, expected="each memory once in a language", got=f"{', '.join(twice[:5])} twice")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        connection = sqlite3.connect(draft)
        with connection:
            _fill(connection, rows, embedder)
        connection.execute("vacuum")
        connection.close()
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """The file opened for reading only. Raises Missing, or BadInput for a foreign or damaged file."""
    if not path.is_file():
        raise Missing("memory", expected=str(path), got="no such file", hint="the persona was built without memories")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        (application,) = connection.execute("pragma application_id").fetchone()
        (version,) = connection.execute("pragma user_version").fetchone()
        (health,) = connection.execute("pragma quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadInput(
            str(path), expected="a persona's memory", got=str(error), hint="build the persona again"
        ) from None
    if application != APPLICATION or version != VERSION or health != "ok":
        connection.close()
        got = f"version {version}" if application == APPLICATION else "another program's database"
        raise BadInput(
            str(path),
            expected=f"a persona's memory, version {VERSION}",
            got=got if health == "ok" else health,
            hint="build the persona again",
        )
    return connection


def read_rows(connection: sqlite3.Connection) -> list[MemoryRow]:
    """All memories in the order they were written."""
    selected = ", ".join(f'"{c}"' for c in COLUMNS)
    found = connection.execute(f"select {selected} from memories order by rowid")
    return [_row(dict(zip(COLUMNS, values, strict=True))) for values in found]


def read_keywords(connection: sqlite3.Connection) -> list[str]:
    """People, places and kinship words of all memories, in the same order."""
    return [keywords for (keywords,) in connection.execute("select keywords from memories order by rowid")]


def read_vectors(connection: sqlite3.Connection) -> tuple[np.ndarray, np.ndarray, Vectors]:
    """(memory rowids, sentence numbers with -1 for the whole memory, unit vectors of shape (n, dimensions))."""
    found = connection.execute("select memory, sentence, scale, vector from vectors order by rowid").fetchall()
    vectors = [np.frombuffer(r[3], np.int8).astype(np.float32) * r[2] for r in found]
    matrix = np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)
    return np.array([r[0] for r in found], np.int64), np.array([r[1] for r in found], np.int64), matrix


def _row(columns: dict[str, Any]) -> MemoryRow:
    origin = Origin(**{name: columns.pop(name) for name in _ORIGIN})
    people = tuple(filter(None, columns.pop("people").split("\n")))
    return MemoryRow(**columns, people=people, origin=origin)


def _columns(row: MemoryRow) -> Iterator[Any]:
    for name in COLUMNS:
        value = getattr(row.origin if name in _ORIGIN else row, name)
        yield "\n".join(value) if isinstance(value, tuple) else value


def _fill(connection: sqlite3.Connection, rows: Sequence[MemoryRow], embedder: Embedder) -> None:
    connection.execute(f"pragma application_id = {APPLICATION}")
    connection.execute(f"pragma user_version = {VERSION}")
    connection.executescript(_SCHEMA)
    connection.execute("insert into meta values ('embedder', ?)", (embedder.name,))
    relations = kin.relations([row.text for row in rows], {p for row in rows for p in row.people})
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    for number, row in enumerate(rows, 1):
        keywords = " ".join((*row.people, row.place, row.gist, *kin.keywords(row.text, row.people, relations)))
        connection.execute(f"insert into memories values ({marks})", (number, *_columns(row), keywords))
        indexed = (" ".join(index_terms(text)) for text in (row.text, keywords, row.question))
        connection.execute(
            "insert into memory_index (rowid, words, keywords, questions) values (?, ?, ?, ?)", (number, *indexed)
        )
    _embed(connection, rows, embedder)


def passages(rows: Sequence[MemoryRow]) -> list[tuple[int, int, str]]:
    """What is embedded: (number of the row from 1, number of the sentence or -1 for the whole, text)."""
    places = [(n, -1, f"{row.question} {row.text}".strip()) for n, row in enumerate(rows, 1)]
    return places + [(n, i, s) for n, row in enumerate(rows, 1) for i, s in enumerate(sentences.split(row.text))]


def _embed(connection: sqlite3.Connection, rows: Sequence[MemoryRow], embedder: Embedder) -> None:
    places = passages(rows)
    vectors = embedder.passages([text for _, _, text in places])
    for (number, sentence, _), vector in zip(places, vectors, strict=True):
        scale = float(np.abs(vector).max()) / 127 or 1.0
        packed = np.round(vector / scale).astype(np.int8).tobytes()
        connection.execute("insert into vectors values (?, ?, ?, ?)", (number, sentence, scale, packed))
