"""Archives that messengers and photo services hand out: unpacked into numbered files, never by the names inside."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from provisioning.report.account import FileAccount

MOST_BYTES = 32 << 30
"""Of all members together."""
MOST_MEMBERS = 100_000
MOST_TIMES = 300
"""A member that is so many times its packed size, and large, was made to fill disks; text packs 10 times."""
LARGE = 64 << 20
BLOCK = 1 << 20


class Member(msgspec.Struct, frozen=True):
    """One file of an archive."""

    told: str
    """ "chats/export.zip!/chat.txt" """
    file: str
    """Its name in the folder"""


class Unpacked(msgspec.Struct, frozen=True):
    """An archive's members, and what was left."""

    members: tuple[Member, ...]
    left: tuple[FileAccount, ...]


def unpack(archive: Path, told: str, out: Path) -> Unpacked:
    """Writes the members of a ZIP file to `out` as numbers; whatever is wrong with it is in what is `left`."""
    members: list[Member] = []
    left: list[FileAccount] = []
    try:
        with zipfile.ZipFile(archive) as opened:
            budget = MOST_BYTES
            for number, info in enumerate(_wanted(opened)):
                name = f"{told}!/{plain(info.filename)}"
                problem = "more members than are read" if number >= MOST_MEMBERS else _refusal(info, budget)
                file = f"{number:06d}{PurePosixPath(info.filename).suffix[:8] if info.filename.isascii() else ''}"
                problem = problem or _extract(opened, info, out / file)
                if problem:
                    left.append(FileAccount(name, problem=problem))
                else:
                    budget -= info.file_size
                    members.append(Member(name, file))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        left.append(FileAccount(told, problem=f"an archive that cannot be read: {str(error)[:80]}"))
    return Unpacked(tuple(members), tuple(left))


def _wanted(opened: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Plain files, in the order of their names; what macOS leaves beside them is nobody's."""
    for info in sorted(opened.infolist(), key=lambda info: info.filename):
        if not info.is_dir() and not info.filename.startswith("__MACOSX/"):
            yield info


def _refusal(info: zipfile.ZipInfo, budget: int) -> str:
    if info.flag_bits & 1:
        return "a member behind a password"
    if info.external_attr >> 28 == 0xA:
        return "a link in an archive"
    if info.file_size > budget:
        return "more bytes in an archive than are read"
    if info.file_size > LARGE and info.file_size > MOST_TIMES * max(info.compress_size, 1):
        return "a member made to fill disks"
    return ""


def _extract(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> str:
    """Why it could not be taken out; "" when it was."""
    try:
        with opened.open(info) as source, path.open("wb") as file:
            left = info.file_size
            while part := source.read(BLOCK):
                left -= len(part)
                if left < 0:
                    raise zipfile.BadZipFile("it is longer than it says")
                file.write(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        path.unlink(missing_ok=True)
        return f"a damaged member: {str(error)[:80]}"
    return ""


def plain(name: str) -> str:
    """A member's name for people: no steps upward, no control characters."""
    parts = (part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
    return "".join(c if c.isprintable() else "?" for c in "/".join(parts))[:300] or "unnamed"
