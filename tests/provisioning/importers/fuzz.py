"""Good files, changed at random, read by every importer.

`python -m tests.provisioning.importers.fuzz --count N --seed S`

An importer may find anything, but never raises, never writes, tells places that are in the file and ends soon, in
little memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from provisioning.importers.importer import HEAD, Source
from provisioning.importers.item import Item, Problem
from provisioning.importers.media import Carrier
from provisioning.importers.registry import importers
from tests.provisioning.importers.speed import most_memory
from tests.support import documents
from tests.support.exports import CHAT, SAMPLES

PIECES = (
    b"\0", b"\xff", b"\xfe\xff", b"\n", b"\r", b"\r\n", b'"', b'""', b"{", b"}", b"[", b"]", b",", b":", b"\t", b"\\",
    b"\\u0000", b"\\ud800", b"9" * 40, b"-1", b"1e999", b"<msg>", b"<title>", b"]]>", b"\xef\xbb\xbf", b"\xe2\x80\x8e",
    b"2021-03-04 08:05:06 a(10001)\n", b"[1/2/21, 1:02:03 AM] a: b\n", b"99999", b"null", b"<attached: a.jpg>",
    b'{"messages":[', b"<sms ", b"</smses>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"\nFrom a@b Mon Mar  1 12:00:00 2021\n", b"--b1\n", b"Content-Type: multipart/mixed; boundary=b1\n\n",
    b"\nContent-Transfer-Encoding: base64\n",
    b"=?gbk?B?", b"<blockquote>", b"<!--", b"# date: 1997 | to: x\n", b"# ", b"endobj", b"/Kids [2 0 R]", b"stream\n",
    b"PK\x03\x04", b"PK\x05\x06", b"\x84\x84\x84", b'{"id":1,', b"\n2021/03/04\n08:05\ta\tb\n", b"\xed\xa0\x80",
    "锛銆".encode(), b"(" * 200,
)  # fmt: skip
"""Pieces that mean something to one or another format."""
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "latin-1", "utf-32", "utf-7")

NUMBERED = {"imessage", "sms-xml", "html", "word", "pdf"}
"""Importers that tell the number of a row, record, paragraph or page in a line's place."""

Change = Callable[[bytes, Random, list[bytes]], bytes]


def _flip(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 30))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    a, b = _span(data, rng)
    return rng.choice((data[:a], data[b:], data[:a] + data[b:]))


def _insert(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    a, _b = _span(data, rng)
    return data[:a] + rng.choice(PIECES) * rng.choice((1, 1, 2, 50)) + data[a:]


def _repeat(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    a, b = _span(data, rng)
    return data[:a] + data[a:b] * rng.choice((2, 3, 40)) + data[b:]


def _splice(data: bytes, rng: Random, others: list[bytes]) -> bytes:
    other = rng.choice(others)
    (a, b), (c, d) = _span(data, rng), _span(other, rng)
    return data[:a] + other[c:d] + data[b:]


def _encode(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")


def _garble(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    return data.decode(rng.choice(("latin-1", "cp1252", "gbk")), "replace").encode()


def _ends(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b" ")))


def _noise(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    a, b = _span(data, rng)
    return data[:a] + rng.randbytes(b - a) + data[b:]


CHANGES: tuple[Change, ...] = (_flip, _flip, _cut, _insert, _insert, _repeat, _splice, _encode, _garble, _ends, _noise)


def _span(data: bytes, rng: Random) -> tuple[int, int]:
    a = rng.randrange(len(data) + 1)
    return a, min(len(data), a + rng.choice((1, 8, 60, 600, len(data))))


def cases(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name of the importer it was made for, bytes): as many changed files."""
    rng = Random(seed)
    samples = [(s.importer, s.write(CHAT)) for s in SAMPLES.values()]
    samples += [(name, write()) for name, _, write in documents.SAMPLES.values()]
    others = [raw for _, raw in samples]
    for _ in range(count):
        name, data = rng.choice(samples)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            data = rng.choice(CHANGES)(data, rng, others) or b"\n"
        yield name, data[: 4 << 20]


def check(name: str, raw: bytes, path: Path) -> int:
    """Reads a file by one importer; how much it found. Raises AssertionError for what none may do."""
    path.write_bytes(raw)
    source = Source(path, f"chats/{path.name}", raw[:HEAD], len(raw))
    binary = b"\0" in raw[:4096]
    last = len(raw) if binary else max(raw.count(b"\n") + raw.count(b"\r"), raw.count(b"{"), raw.count(b"<")) + 1
    sure = importers()[name].claims(source)
    assert 0 <= sure <= 1, f"{name} is sure by {sure}"
    number = 0
    for found in importers()[name].read(source):
        number += 1
        assert isinstance(found, Item | Problem)
        assert found.where.path == source.told
        assert 0 <= found.where.line <= last or name in NUMBERED, f"{name}: line {found.where.line} of {last}"
        if isinstance(found, Item):
            found.text.encode()
            assert found.text or found.medium, f"{name}: an item of nothing at {found.where}"
            assert found.chat or found.kind != "message"
            assert 0 <= found.when.confidence <= 1
        else:
            assert found.reason
            assert len(found.detail) <= 80
    importer = importers()[name]
    for file in importer.attached(source) if isinstance(importer, Carrier) else ():
        assert file.name
    assert path.read_bytes() == raw, f"{name} wrote to the file"
    assert [p.name for p in path.parent.iterdir()] == [path.name], f"{name} wrote beside the file"
    return number


def main() -> None:
    """Tells the seed's first failure with its file, or how much was tried."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--seconds", type=float, default=10.0, help="of one file by one importer")
    options.add_argument("--mib", type=int, default=500, help="of memory, altogether")
    chosen = options.parse_args()
    slowest, tried = (0.0, ""), 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, raw) in enumerate(cases(chosen.count, chosen.seed)):
            for importer in {name, Random(number).choice(sorted(importers()))}:
                start = time.process_time()
                try:
                    check(importer, raw, Path(folder) / "chat.txt")
                except BaseException:  # the process edge: the file is kept for whoever mends it
                    kept = Path(tempfile.gettempdir()) / f"fuzz-{importer}-{chosen.seed}-{number}"
                    kept.write_bytes(raw)
                    print(f"{importer}: case {number} of seed {chosen.seed}, kept as {kept}")
                    raise
                spent = time.process_time() - start
                assert spent < chosen.seconds, f"{importer}: case {number} took {spent:.1f} s of {len(raw)} bytes"
                slowest = max(slowest, (spent, f"{importer}, case {number}, {len(raw)} bytes"))
                tried += 1
    used = most_memory()
    assert used < chosen.mib, f"{used} MiB of memory"
    print(f"{tried} readings, none failed; the slowest {slowest[0]:.2f} s ({slowest[1]}); {used} MiB")


if __name__ == "__main__":
    main()
