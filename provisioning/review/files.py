"""The family's corrections on disk: written whole, and never over somebody else's.

A page that is shown carries the digest of what it shows; what is saved from it counts only while that is still there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError

from device.errors import BadInput, Busy

FOLDER = "review"
MAX_BYTES = 16 << 20


class Stale(Busy):
    """What was to be changed has changed meanwhile."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            subject,
            expected="what was shown when you began",
            got="another change since then",
            hint="look at it again, then save yours",
            code="stale",
        )


def digest(content: Any) -> str:
    """Of what a page shows: a file's bytes, or a value as text; "" for None, which is nothing there yet."""
    if content is None:
        return ""
    raw = content if isinstance(content, bytes) else repr(content).encode()
    return hashlib.sha256(raw).hexdigest()[:16]


@contextlib.contextmanager
def locked(shoebox: Path) -> Iterator[None]:
    """Nobody else, in this process or another, changes the shoebox's corrections meanwhile."""
    folder = shoebox / FOLDER
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read(path: Path) -> bytes | None:
    """A file's bytes; None where there is none. Raises BadInput for one that cannot be read or is far too long."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(path.name, expected="a readable file", got=error.strerror or str(error)) from None
    if len(content) > MAX_BYTES:
        raise BadInput(path.name, expected=f"at most {MAX_BYTES >> 20} MiB", got="more")
    return content


def write(path: Path, content: bytes) -> None:
    """All of it or nothing, whenever the power goes. Raises Busy where the disk does not take it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise Busy(path.name, expected="room and leave to write", got=error.strerror or str(error)) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def save(path: Path, content: bytes, seen: str) -> None:
    """Writes a file that was shown with the digest `seen`. Raises Stale where it is another by now."""
    if digest(read(path)) != seen:
        raise Stale(path.name)
    write(path, content)


def toml(path: Path) -> TOMLDocument:
    """A TOML file with its comments and its order; an empty one where there is none. Raises BadInput."""
    content = read(path) or b""
    try:
        return tomlkit.parse(content.decode("utf-8-sig"))
    except (TOMLKitError, UnicodeDecodeError, ValueError, RecursionError) as error:
        hint = "mend it in a text editor, or take it away"
        raise BadInput(path.name, expected="TOML in UTF-8", got=str(error), hint=hint) from None


def write_toml(path: Path, document: TOMLDocument) -> None:
    """The document, with all that was not changed as it was."""
    write(path, tomlkit.dumps(document).encode("utf-8"))


def plain(value: Any) -> Any:
    """A value of a TOML document as Python's own."""
    return value.unwrap() if hasattr(value, "unwrap") else value


def set_entry(path: Path, keys: tuple[str, ...], value: Any, seen: str, header: str = "") -> None:
    """Sets, or with None takes away, the value under nested keys of a TOML file; the rest of the file stays as it is,
    so that two people who correct different things do not meet. Raises Stale where this very value is another than it
    was when it was shown; BadInput for a file in another form. Call it while `locked`."""
    document = toml(path)
    if not path.is_file() and header:
        document.add(tomlkit.comment(header))
    table: Any = document
    for key in keys[:-1]:
        if key not in table:
            table[key] = tomlkit.table(True) if key is not keys[-2] else tomlkit.table()
        table = table[key]
        if not hasattr(table, "items"):
            raise BadInput(path.name, expected=f"a table {key}", got="a value")
    if digest(entry(path, keys)) != seen:
        raise Stale(keys[-1])
    if value is None:
        table.pop(keys[-1], None)
    else:
        table[keys[-1]] = value
    write_toml(path, document)


def values(path: Path) -> dict[str, Any]:
    """A TOML file as plain values, quickly; {} where there is none. Raises BadInput."""
    try:
        return msgspec.toml.decode((read(path) or b"").decode("utf-8-sig"), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        hint = "mend it in a text editor, or take it away"
        raise BadInput(path.name, expected="TOML in UTF-8", got=str(error), hint=hint) from None


def within(value: Any, keys: tuple[str, ...]) -> Any:
    """The value under nested keys; None where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def entry(path: Path, keys: tuple[str, ...]) -> Any:
    """The value under nested keys of a file; None where there is none. Raises BadInput."""
    return within(values(path), keys)


def seen_in(path: Path, *table: str) -> Callable[[str], str]:
    """Digests of the entries of a table, for a page that shows many: the file is read once. Raises BadInput."""
    entries = within(values(path), table)
    return lambda key: digest(within(entries, (key,)))
