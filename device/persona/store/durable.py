"""Writing so that a power cut leaves the old or the new, whole: contents are on the disk before names, names before
what refers to them."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from device.errors import BadInput
from device.persona.pack.refusal import refusal


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes a file of a folder that is there; on the disk when it returns. Raises OSError, and then what stood there
    stands there still."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def hand_out(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes a file for somebody else, whole or not at all. Raises BadInput for a place that cannot be written to."""
    try:
        write(path, content, mode)
    except OSError as error:
        raise BadInput(str(path), expected="a place to write to", got=error.strerror or str(error)) from None


def make_folder(path: Path) -> Path:
    """Makes a folder for its owner alone, with its parents -> `path`. Lasts when it returns."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)
    return path


def remove_folder(path: Path) -> None:
    """Removes a folder with all in it; what a cut leaves of it has a name that nobody takes for whole."""
    if not path.exists():
        return
    doomed = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    path.rename(doomed)
    sync_folder(path.parent)
    shutil.rmtree(doomed)
    sync_folder(path.parent)


def room(folder: Path) -> int:
    """Bytes that may still be written in a folder's file system."""
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize


def no_room(needed: int, there: int) -> Exception:
    """The error for a disk that is, or would be, full."""
    return refusal("space.disk", f"{needed // 10**6 + 1} MB free", f"{there // 10**6} MB", "imago forget ID makes room")
