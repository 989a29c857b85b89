"""What files in a pack may be: each is looked at as far as it can be without decoding it, before anything is used.

The engines that read them later check them again, each in its own way; here go those that no engine should ever see.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from device.errors import ImagoError
from device.persona import album
from device.persona.manifest import Entry, Manifest
from device.persona.refusal import refusal
from device.persona.unpacked import PersonaFile
from device.schema import convert, parse_toml

MOST_TEXT = 4 << 20
MOST_SIDE = 16384
"""Pixels."""
MOST_UNZIPPED = 512 << 20
HEAD = 64 << 10
"""Bytes in which a picture must have said how large it is."""

Look = Callable[[Entry, BinaryIO], None]


def check(entry: Entry, file: BinaryIO) -> None:
    """Raises BadInput for a file that is not what its name says; `file` stands at its beginning."""
    suffix = PurePosixPath(entry.path).suffix.lower()
    look = LOOKS.get(suffix)
    if look is None:
        raise refusal("malformed.content-kind", "a kind of file that personas have", entry.path[-60:])
    look(entry, file)


def check_identity(manifest: Manifest, content: bytes) -> PersonaFile:
    """`persona.toml`, which must be the manifest's persona. Raises BadInput."""
    file = convert(parse_toml(content, "persona.toml"), PersonaFile, "persona.toml")
    if (file.id, file.person.name) != (manifest.persona, manifest.name):
        raise refusal("malformed.identity", f"{manifest.persona} in persona.toml", file.id)
    return file


def _bad(entry: Entry, expected: str, got: str) -> ImagoError:
    return refusal("malformed.content", f"{expected} in {entry.path[-80:]}", got)


def _png(entry: Entry, file: BinaryIO) -> None:
    head = file.read(33)
    if len(head) < 33 or not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR":
        raise _bad(entry, "a PNG", "something else")
    _sides(entry, int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big"))


def _sides(entry: Entry, width: int, height: int) -> None:
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise _bad(entry, f"sides up to {MOST_SIDE} pixels", f"{width} x {height}")


def _jpeg(entry: Entry, file: BinaryIO) -> None:
    """Walks the segments to the frame header (ITU-T T.81, annex B)."""
    head = file.read(HEAD)
    if not head.startswith(b"\xff\xd8\xff"):
        raise _bad(entry, "a JPEG", "something else")
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _sides(entry, int.from_bytes(head[at + 7 : at + 9], "big"), int.from_bytes(head[at + 5 : at + 7], "big"))
            return
        if length < 2:
            break
        at += 2 + length
        if at + 9 > len(head):  # a long profile or thumbnail before the frame header
            file.seek(at)
            head, at = file.read(HEAD), 0
    raise _bad(entry, "a whole JPEG", "one without a size")


def _wav(entry: Entry, file: BinaryIO) -> None:
    head = file.read(12)
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64") or head[8:12] != b"WAVE":
        raise _bad(entry, "a WAV", "something else")
    while len(chunk := file.read(8)) == 8:
        size = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"fmt ":
            kind = file.read(size) if 16 <= size <= 64 else b""
            channels, rate = int.from_bytes(kind[2:4], "little"), int.from_bytes(kind[4:8], "little")
            if not (1 <= channels <= 8 and 4000 <= rate <= 384_000):
                raise _bad(entry, "a sound format", f"{channels} channels at {rate} Hz")
            return
        file.seek(size + size % 2, 1)
    raise _bad(entry, "a whole WAV", "one without a format")


def _starts(*beginnings: bytes) -> Look:
    def look(entry: Entry, file: BinaryIO) -> None:
        head = file.read(max(map(len, beginnings)))
        if not head.startswith(beginnings):
            raise _bad(entry, f"a {PurePosixPath(entry.path).suffix[1:].upper()}", "something else")

    return look


def _npz(entry: Entry, file: BinaryIO) -> None:
    """Numbers only: what holds pickled objects runs its maker's code when it is read."""
    try:
        with zipfile.ZipFile(file) as bundle:
            if sum(member.file_size for member in bundle.infolist()) > MOST_UNZIPPED:
                raise _bad(entry, f"at most {MOST_UNZIPPED} bytes unpacked", "more")
            for member in bundle.infolist():
                with bundle.open(member) as array:
                    head = array.read(4096)
                if not head.startswith(b"\x93NUMPY") or b"'descr': '|O'" in head or b"'descr': [" in head:
                    raise _bad(entry, "plain numbers", "objects or something else")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, ValueError) as error:
        raise _bad(entry, "an archive of numbers", str(error)) from None
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]  # zipfile lets zlib's own error through
        raise _bad(entry, "an archive of numbers", str(error)) from None


def _text(entry: Entry, file: BinaryIO) -> None:
    if entry.size > MOST_TEXT:
        raise _bad(entry, f"at most {MOST_TEXT} bytes", f"{entry.size}")
    content = file.read()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad(entry, "text in UTF-8", f"a bad byte at {error.start}") from None
    if entry.path == f"album/{album.FILE}":
        album.decode(content, entry.path)


LOOKS: dict[str, Look] = {
    ".toml": _text,
    ".json": _text,
    ".txt": _text,
    ".sqlite": _starts(b"SQLite format 3\0"),
    ".msgpack": _starts(b"imago "),
    ".npz": _npz,
    ".png": _png,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".webp": _starts(b"RIFF"),
    ".wav": _wav,
    ".flac": _starts(b"fLaC"),
    ".ogg": _starts(b"OggS"),
    ".opus": _starts(b"OggS"),
    ".webm": _starts(b"\x1a\x45\xdf\xa3"),
}
"""Suffix -> what is looked at. What runs, or is read by running it, has no place here."""
