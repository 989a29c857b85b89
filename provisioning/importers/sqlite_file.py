"""Another program's SQLite database, read without a trace: no lock, no journal, nothing beside it, and no end without
bounds, whatever stands in it."""

from __future__ import annotations

import itertools
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STEPS_A_BYTE, STEPS_AT_LEAST = 64, 10_000_000
"""Of SQLite's virtual machine, for a whole database; an import takes about 1 a byte. A schema may hold work without
end."""
BROKEN = (sqlite3.Error, UnicodeError)
"""What a database may raise: the second where SQLite's own message repeats bytes of a damaged schema."""
MAX_LENGTH = 16 << 20
"""Bytes of one value."""


def opened(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises one of BROKEN."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for pragma in ("query_only = 1", "trusted_schema = 0", "cell_size_check = 1", "mmap_size = 0"):
        database.execute(f"PRAGMA {pragma}")
    if sys.version_info >= (3, 11):
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_LENGTH)
    calls, most = itertools.count(), (STEPS_AT_LEAST + STEPS_A_BYTE * path.stat().st_size) // 1000
    database.set_progress_handler(lambda: next(calls) > most, 1000)
    return database


def tables(database: sqlite3.Connection) -> set[str]:
    """Names of its tables; views and what a module makes up are none. Raises one of BROKEN."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    return {str(name) for (name,) in database.execute(query)}


def columns(database: sqlite3.Connection, table: str) -> set[str]:
    """Names of a table's columns. Raises one of BROKEN."""
    return {str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")}


def rows(database: sqlite3.Connection, query: str) -> Iterator[tuple[int, tuple[Any, ...] | str]]:
    """(ROWID, row) of a query of one table that begins with ROWID, in its order; for a damaged place (first ROWID, what
    is wrong), and then what lies behind it, at twice the distance each time. Raises sqlite3.OperationalError or
    UnicodeError."""
    last, hole = -1, 1
    while last < 1 << 53:
        try:
            for row in database.execute(f"{query} WHERE ROWID > ? ORDER BY ROWID", (last,)):
                last, hole = row[0], 1
                yield last, row
            return
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            yield last + 1, str(error)
            last, hole = last + hole, 2 * hole
