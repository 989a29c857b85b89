"""What files in a pack may be: each is looked at as far as it can be without decoding it, before anything is used.

The engines that read them later check them again, each in its own way; here go those that no engine should ever see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from device.errors import BadInput, ImagoError
from device.persona import album
from device.persona.pack import npz
from device.persona.pack.manifest import Entry, Manifest
from device.persona.pack.refusal import refusal
from device.persona.unpacked import PersonaFile
from device.schema import convert, parse_toml

MOST_TEXT = 4 << 20
MOST_SIDE = 16384
"""Pixels."""
MOST_SEGMENTS = 512
"""Parts of a picture or sound before it has said how large it is: a colour profile alone may take 255."""
_PART = rb"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
LONG_KEY = re.compile(rb"(?<![A-Za-z0-9_-])" + _PART + rb"(?:[ \t]*\.[ \t]*" + _PART + rb"){16}")
"""A dotted key in TOML, whose reader takes time by the square of its parts."""

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
    if LONG_KEY.search(content):
        raise refusal("malformed.content", "short names in persona.toml", "more parts joined by full stops")
    try:
        file = convert(parse_toml(content, "persona.toml"), PersonaFile, "persona.toml")
    except BadInput as error:
        raise refusal("malformed.content", f"{error.expected} in persona.toml", error.got, error.hint) from None
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
    if file.read(2) != b"\xff\xd8":
        raise _bad(entry, "a JPEG", "something else")
    for _ in range(MOST_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            break
        if head[1] == 0xFF:  # a byte that fills up
            file.seek(-3, 1)
            continue
        marker, length = head[1], int.from_bytes(head[2:], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = file.read(5)
            _sides(entry, int.from_bytes(size[3:5], "big"), int.from_bytes(size[1:3], "big"))
            return
        if length < 2 or marker in (0xD9, 0xDA):  # the end, or the picture itself
            break
        file.seek(length - 2, 1)
    raise _bad(entry, "a whole JPEG", "one without a size")


def _wav(entry: Entry, file: BinaryIO) -> None:
    head = file.read(12)
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64") or head[8:12] != b"WAVE":
        raise _bad(entry, "a WAV", "something else")
    for _ in range(MOST_SEGMENTS):
        chunk = file.read(8)
        if len(chunk) < 8:
            break
        size = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"fmt ":
            kind = file.read(size) if 16 <= size <= 64 else b""
            channels, rate = int.from_bytes(kind[2:4], "little"), int.from_bytes(kind[4:8], "little")
            if not (len(kind) == size and 1 <= channels <= 8 and 4000 <= rate <= 384_000):
                raise _bad(entry, "a sound format", f"{channels} channels at {rate} Hz")
            return
        file.seek(size + size % 2, 1)
    raise _bad(entry, "a whole WAV", "one without a format")


def _webp(entry: Entry, file: BinaryIO) -> None:
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise _bad(entry, "a WebP", "something else")


def _starts(*beginnings: bytes) -> Look:
    def look(entry: Entry, file: BinaryIO) -> None:
        head = file.read(max(map(len, beginnings)))
        if not head.startswith(beginnings):
            raise _bad(entry, f"a {PurePosixPath(entry.path).suffix[1:].upper()}", "something else")

    return look


def _npz(entry: Entry, file: BinaryIO) -> None:
    try:
        npz.check(file, entry.size)
    except ValueError as error:
        raise _bad(entry, "plain numbers", str(error)) from None


def _text(entry: Entry, file: BinaryIO) -> None:
    if entry.size > MOST_TEXT:
        raise _bad(entry, f"at most {MOST_TEXT} bytes", f"{entry.size}")
    content = file.read()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad(entry, "text in UTF-8", f"a bad byte at {error.start}") from None
    if entry.path == f"album/{album.FILE}":
        try:
            album.decode(content, entry.path)
        except BadInput as error:
            raise _bad(entry, error.expected, error.got) from None


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
    ".webp": _webp,
    ".wav": _wav,
    ".flac": _starts(b"fLaC"),
    ".ogg": _starts(b"OggS"),
    ".opus": _starts(b"OggS"),
    ".webm": _starts(b"\x1a\x45\xdf\xa3"),
}
"""Suffix -> what is looked at. What runs, or is read by running it, has no place here."""
