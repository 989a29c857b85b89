"""The archive inside a pack: a strict subset of ustar (POSIX.1-1988), small enough to be written twice and compared.

Regular files only, in the manifest's order, with nothing in their headers that is not their name and size. A reader
that knows what must come next need not parse anything: it makes the header that it expects and compares 512 bytes.
A header that differs is parsed only to say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from device.persona.pack.refusal import refusal

BLOCK = 512
END = bytes(2 * BLOCK)
MAGIC = b"ustar\x0000"
NAME, PREFIX = 100, 155
"""Longest name and prefix of a header, bytes."""
LARGEST = 8**11 - 1
"""Bytes of a file: eleven octal digits."""
KINDS = {
    b"1": ("malformed.archive-hardlink", "a hard link"),
    b"2": ("malformed.archive-symlink", "a symbolic link"),
    b"3": ("malformed.archive-device", "a device"),
    b"4": ("malformed.archive-device", "a device"),
    b"5": ("malformed.archive-folder", "a folder"),
    b"6": ("malformed.archive-fifo", "a named pipe"),
    b"g": ("malformed.archive-extension", "a PAX header"),
    b"x": ("malformed.archive-extension", "a PAX header"),
    b"L": ("malformed.archive-extension", "a GNU long name"),
    b"K": ("malformed.archive-extension", "a GNU long link"),
    b"S": ("malformed.archive-sparse", "a sparse file"),
}
"""Type flags that other archives have -> code and name."""


def header(path: str, size: int) -> bytes:
    """The one header of a file: 512 bytes. Raises BadInput for a path or size that does not fit."""
    if not 0 <= size <= LARGEST:
        raise refusal("malformed.archive-size", f"a size up to {LARGEST}", f"{size}")
    prefix, name = split(path)
    made = bytearray(BLOCK)
    made[0 : len(name)] = name
    made[100:108] = b"0000644\0"
    made[108:116] = made[116:124] = b"0000000\0"
    made[124:136] = b"%011o\0" % size
    made[136:148] = b"%011o\0" % 0
    made[148:156] = b" " * 8
    made[156:157] = b"0"
    made[257:265] = MAGIC
    made[329:337] = made[337:345] = b"0000000\0"
    made[345 : 345 + len(prefix)] = prefix
    made[148:156] = b"%06o\0 " % sum(made)
    return bytes(made)


def split(path: str) -> tuple[bytes, bytes]:
    """(prefix, name) of a header: the whole path as the name where it fits, else cut at the first slash that makes it
    fit. Raises BadInput."""
    raw = path.encode()
    if len(raw) <= NAME:
        return b"", raw
    at = raw.find(b"/", len(raw) - NAME - 1)
    if not 0 < at <= PREFIX:
        raise refusal("malformed.path-long", f"a name of up to {NAME} bytes in a folder of up to {PREFIX}", path[-60:])
    return raw[:at], raw[at + 1 :]


def padding(size: int) -> int:
    """Zero bytes after a file's."""
    return -size % BLOCK


def span(size: int) -> int:
    """Bytes that a file takes, header and padding included."""
    return BLOCK + size + padding(size)


def offsets(first: int, sizes: Iterator[int]) -> Iterator[int]:
    """Where the bytes of each file begin, when the header of the first is at `first`."""
    at = first
    for size in sizes:
        yield at + BLOCK
        at += span(size)


def size_of_first(block: bytes, path: str, most: int) -> int:
    """Size of the member `path` by its header, whose size is not known before. Raises BadInput."""
    if len(block) < BLOCK:
        raise refusal("malformed.archive-cut", f"{path} first", "the end of the archive")
    digits = block[124:135]
    if not (digits.isdigit() and b"8" not in digits and b"9" not in digits):
        raise explained(block, path, 0)
    size = int(digits, 8)
    expect(block, path, size)
    if size > most:
        raise refusal("malformed.manifest-length", f"a manifest of up to {most} bytes", f"{size}")
    return size


def expect(block: bytes, path: str, size: int) -> None:
    """Raises BadInput, saying what is there instead, unless the block is the header of that file."""
    if block != header(path, size):
        raise explained(block, path, size)


def explained(block: bytes, path: str, size: int) -> Exception:
    """The error for a header that is not the expected one."""
    wanted = f"the file {path}"
    if len(block) < BLOCK:
        return refusal("malformed.archive-cut", wanted, "the end of the archive")
    if block == bytes(BLOCK):
        return refusal("malformed.file-missing", wanted, "the end of the archive")
    code, what = KINDS.get(block[156:157], ("", ""))
    if code:
        return refusal(code, wanted, what)
    checksum = sum(block) - sum(block[148:156]) + 8 * 0x20
    if block[148:156] != b"%06o\0 " % checksum:
        return refusal("malformed.archive-checksum", f"{wanted} and a right checksum", "a wrong one")
    if block[100:108] != b"0000644\0":
        return refusal("malformed.archive-mode", f"{wanted} of mode 0644", _text(block[100:108]))
    name = _text(block[345:500]) + "/" * bool(block[345]) + _text(block[:100])
    if name != path:
        return refusal("malformed.archive-order", wanted, f"the file {name[:80]!r}")
    if block[124:136] != b"%011o\0" % size:
        return refusal("malformed.archive-size", f"{wanted} of {size} bytes", f"{block[124:136]!r}")
    return refusal("malformed.archive-header", wanted, "a header with more in it")


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("utf-8", "replace")
