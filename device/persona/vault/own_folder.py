"""A folder that nobody but the frame may look into, and files in it that are whole or absent whenever the power goes.

Everything goes by the open folder's descriptor, so that no part of the path can be exchanged meanwhile; one process at
a time is inside.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from device.errors import BadInput, Broken, Busy, Missing, Refused

_NEW, _OLD = ".new-", ".old-"
"""How the names of files begin that only a death in the middle of writing leaves behind"""


@contextmanager
def own_folder(path: Path, *, make: bool = False) -> Iterator[OwnFolder]:
    """The folder, locked, for the length of the block; made (0700) where asked. Waits while another process is inside.

    Raises Missing where it is not there, Refused where others may look into it, Busy where the disk is full, Broken
    where it cannot be read or written, here and for everything done inside.
    """
    with _disk_errors(path):
        if make:
            _make(path)
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _check_owner(os.fstat(handle), path, "chmod 700")
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield OwnFolder(path, handle)
        finally:
            os.close(handle)


class OwnFolder:
    """The open folder. Names are the caller's own, never from outside, and begin with no dot."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    def names(self) -> tuple[str, ...]:
        """Of all whole files, sorted."""
        return tuple(sorted(name for name in os.listdir(self._handle) if not name.startswith(".")))

    def read(self, name: str, limit: int) -> bytes | None:
        """The content; None where there is none. Raises Refused where others may read it, BadInput beyond `limit`."""
        # Without O_NONBLOCK a pipe under that name would keep it waiting.
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._handle)
        except FileNotFoundError:
            return None
        with open(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise Refused(str(self.path / name), expected="a plain file", got="something else")
            _check_owner(status, self.path / name, "chmod 600")
            content = file.read(limit + 1)
        if len(content) > limit:
            raise BadInput(str(self.path / name), expected=f"at most {limit} bytes", got="more")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Puts `content` (0600) in the place of what was there and overwrites that. Durable when it returns."""
        self.clean()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(os.open(_NEW + name, flags, 0o600, dir_fd=self._handle), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.link(name, _OLD + name, src_dir_fd=self._handle, dst_dir_fd=self._handle, follow_symlinks=False)
        os.replace(_NEW + name, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        self.sync()
        self.wipe(_OLD + name)

    def wipe(self, name: str) -> None:
        """Overwrites the file in place, then removes it; nothing where it is gone already.

        Flash memory and copying file systems write elsewhere than they read: there the old bytes linger until the
        drive collects them.
        """
        try:
            handle = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._handle)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENXIO):  # a symbolic link, a pipe: the name alone goes
                raise
        else:
            with open(handle, "wb") as file:
                file.write(bytes(os.fstat(handle).st_size))
                file.flush()
                os.fsync(handle)
        self._unlink(name)

    def clean(self) -> None:
        """Does away with what a death in the middle of writing left."""
        for name in os.listdir(self._handle):
            if not name.startswith((_NEW, _OLD)):
                continue
            if os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_nlink > 1:
                self._unlink(name)  # the second name of a file that still stands: its content stays
            else:
                self.wipe(name)

    def sync(self) -> None:
        """Makes durable which names stand for which files."""
        os.fsync(self._handle)

    def _unlink(self, name: str) -> None:
        os.unlink(name, dir_fd=self._handle)
        self.sync()


def _make(path: Path) -> None:
    """The folder and those above it, durably."""
    if path.is_dir():
        return
    _make(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_owner(status: os.stat_result, path: Path, remedy: str) -> None:
    if status.st_uid != os.geteuid():
        raise Refused(
            str(path), expected="our own", got=f"one of user {status.st_uid}", hint=f"see who put {path} there"
        )
    if status.st_mode & 0o077:
        got = f"mode {stat.S_IMODE(status.st_mode):04o}, which lets others in"
        raise Refused(str(path), expected="for the owner only", got=got, hint=f"{remedy} {path}")


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Missing(str(path), expected="a folder of secrets", got="none there") from None
    except OSError as error:
        got = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Busy(str(path), expected="room on the disk", got=got) from None
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Refused(str(path), expected="a folder and plain files", got=got, hint="no links here") from None
        raise Broken(str(path), expected="a folder that can be used", got=got) from None
