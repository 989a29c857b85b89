"""Arrays of numbers in a file (`.npz`): a zip archive of what numpy writes for numbers, and of nothing else.

A loose reader falls back to pickle, which runs its maker's code; a loose zip has two directories that may differ, or
room before and after it for another file.
"""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

MOST_FILE = 64 << 20
MOST_UNZIPPED = 512 << 20
MOST_MEMBERS = 256
MOST_DIRECTORY = 64 << 10
"""Bytes of the list of members, which is read into memory."""
FIRST, END = b"PK\x03\x04", b"PK\x05\x06"
END_SIZE = 22
LARGE, LARGE_SIZE = b"PK\x06\x07", 20
"""What stands before the end where another end, with larger numbers, is the true one."""
HEAD = 4096
"""Bytes in which a member must have said what it holds."""
NUMBERS = re.compile(
    rb"\x93NUMPY(\x01\x00..|[\x02\x03]\x00....)"
    rb"\{'descr': '[<>|=][biufcSU][0-9]{1,4}', 'fortran_order': (True|False), 'shape': \([0-9, ]*\), \} *\n",
    re.DOTALL,
)
"""How a member begins (numpy.lib.format): numbers or text of a fixed length, never objects or records of them."""


def check(file: BinaryIO, size: int) -> None:
    """Raises ValueError, saying what was found, for a file of `size` bytes that is not one."""
    if size > MOST_FILE:
        raise ValueError(f"{size} bytes")
    _check_frame(file, size)
    try:
        with zipfile.ZipFile(file) as bundle:
            members = bundle.infolist()
            if sum(member.file_size for member in members) > MOST_UNZIPPED:
                raise ValueError(f"more than {MOST_UNZIPPED} bytes when unpacked")
            if len({member.filename for member in members}) < len(members):
                raise ValueError("a name twice")
            for member in members:
                _check_member(bundle, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError) as error:
        raise ValueError(str(error)) from None
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]  # zipfile lets zlib's own error through
        raise ValueError(str(error)) from None


def _check_frame(file: BinaryIO, size: int) -> None:
    """The archive is the whole file, and its directory is short."""
    beginning = file.read(len(FIRST))
    file.seek(max(0, size - END_SIZE - LARGE_SIZE))
    before, end = file.read(LARGE_SIZE), file.read(END_SIZE)
    if beginning != FIRST or before.startswith(LARGE) or not end.startswith(END) or end[20:] != b"\0\0":
        raise ValueError("another kind of file, or one around it")
    count, length = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    start = int.from_bytes(end[16:20], "little")
    if count > MOST_MEMBERS or length > MOST_DIRECTORY:
        raise ValueError(f"{count} members listed in {length} bytes")
    if start + length != size - END_SIZE:
        raise ValueError("something between its members and its end")


def _check_member(bundle: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"compression {member.compress_type}")
    with bundle.open(member) as array:
        head = array.read(HEAD)
    if not member.filename.endswith(".npy") or not NUMBERS.match(head):
        raise ValueError("objects, or something that is not numbers")
