"""How fast mails, text messages and databases are read, and in how much memory:
`python -m tests.provisioning.importers.speed_texts [--count N]`. Every reading is a process of its own."""

from __future__ import annotations

import argparse
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from provisioning.importers.importer import HEAD, Source
from provisioning.importers.item import Item
from provisioning.importers.registry import importers
from tests.support.documents import EML, MAIL, NOON, chat_db, mbox, messenger, sms, sms_xml, typedstream


def imessages(count: int) -> bytes:
    """A database of one talk."""

    def fill(database: sqlite3.Connection) -> None:
        database.execute("INSERT INTO handle VALUES (1, '+8613900000001', 'iMessage')")
        database.execute("INSERT INTO chat VALUES (1, '+8613900000001', '', 45)")
        rows = ((i, typedstream(f"吃过了 {i}"), 636264000000000000 + i * 10**9) for i in range(1, count + 1))
        database.executemany("INSERT INTO message (ROWID, attributedBody, handle_id, date) VALUES (?, ?, 1, ?)", rows)
        database.executemany("INSERT INTO chat_message_join VALUES (1, ?)", ((i,) for i in range(1, count + 1)))

    return chat_db(fill)


def talk(count: int) -> bytes:
    """A download of one talk."""
    return messenger(
        [{"sender_name": "许兰", "timestamp_ms": (NOON + i) * 1000, "content": f"汤在锅里 {i}"} for i in range(count)]
    )


MADE: dict[str, Callable[[int], bytes]] = {
    "messenger": talk,
    "imessage": imessages,
    "sms-xml": lambda count: sms_xml(*(sms(f"你在哪里？😀 {i}", seconds=NOON + i) for i in range(count))),
    "mail": lambda count: mbox(*([EML, MAIL] * (count // 2))),
}


def measure(name: str, path: Path) -> str:
    """One reading, in words."""
    with path.open("rb") as file:
        given = Source(path, f"chats/{path.name}", file.read(HEAD), path.stat().st_size)
    start = time.process_time()
    read = sum(isinstance(found, Item) for found in importers()[name].read(given))
    seconds = time.process_time() - start
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return f"{name}: {read} items of {given.size >> 20} MiB in {seconds:.1f} s of the processor, {mib} MiB of memory"


def main() -> None:
    """A line for each format; with --file that one file alone."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000, help="messages of each")
    options.add_argument("--file", nargs=2, metavar=("IMPORTER", "FILE"))
    chosen = options.parse_args()
    if chosen.file:
        print(measure(chosen.file[0], Path(chosen.file[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, made in MADE.items():
            path = Path(folder) / name
            path.write_bytes(made(chosen.count))
            subprocess.run([sys.executable, "-m", __spec__.name, "--file", name, str(path)], check=True)


if __name__ == "__main__":
    main()
