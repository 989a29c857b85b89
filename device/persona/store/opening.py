"""An installed persona as a folder that can be run, in memory only: nothing of it is ever in the clear on a disk.

All but the photographs, films and recordings is written out to a folder in RAM (`/run`, `/dev/shm`). The large rest
stays encrypted in the store, and is read from there when it is looked at (`read_file`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from functools import lru_cache
from pathlib import Path

import msgspec

from device.errors import BadInput, Busy, Missing
from device.persona.pack import archive, signed
from device.persona.pack.manifest import FILE, MAX_BYTES, MOST_OPENED, Entry, Manifest, read_manifest, stays
from device.persona.pack.refusal import refusal
from device.persona.store import durable
from device.persona.store.sealed import SealedPayload
from device.persona.store.store import Store

INDEX = ".sealed.json"
BLOCK = 1 << 20
SERVICES = "/run/imago/own"
"""Where the services of `systemd/` have it, so that a command of the same user finds what they say."""


class _Index(msgspec.Struct, frozen=True):
    """Where the rest lies, and what opens it; in RAM like all beside it."""

    payload: str
    start: int
    key: bytes
    files: dict[str, tuple[int, int]]
    """Path -> offset and size in the plaintext"""


def manifest_of(payload: SealedPayload) -> tuple[Manifest, dict[str, int]]:
    """The manifest at the beginning of a verified payload, and where each file's bytes begin. Raises BadInput."""
    size = _manifest_size(payload)
    statement = signed.parse(payload.read(archive.BLOCK, size), signed.MANIFEST, "manifest", MAX_BYTES)
    manifest = read_manifest(statement.payload)
    return manifest, _places(size, manifest)


def places_of(payload: SealedPayload, manifest: Manifest) -> dict[str, int]:
    """Where the bytes of each file begin, for a payload whose manifest is known already. Raises BadInput."""
    return _places(_manifest_size(payload), manifest)


def _manifest_size(payload: SealedPayload) -> int:
    return archive.size_of_first(payload.read(0, archive.BLOCK), FILE, MAX_BYTES)


def _places(manifest_size: int, manifest: Manifest) -> dict[str, int]:
    places = archive.offsets(archive.span(manifest_size), (entry.size for entry in manifest.files))
    return {entry.path: at for entry, at in zip(manifest.files, places, strict=True)}


def in_ram() -> Path:
    """The folder for opened personas, its owner's alone. Raises Missing where there is no file system in RAM."""
    named = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    choices = [named, SERVICES, os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"]
    kept = _kept_in_ram()
    for base in (Path(choice) for choice in choices if choice):
        if base.is_dir() and os.access(base, os.W_OK) and _mount_of(base.resolve()) in kept:
            folder = base / (f"imago-{os.getuid()}" if base == Path("/dev/shm") else "imago")
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
                raise BadInput(str(folder), expected="a folder of the frame's own", got="somebody else's")
            return folder
    raise Missing("memory", expected="a file system in RAM (/dev/shm)", got="none", hint="mount a tmpfs there")


def _kept_in_ram() -> frozenset[str]:
    lines = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    return frozenset(words[1] for words in lines if words[2] in ("tmpfs", "ramfs"))


def _mount_of(path: Path) -> str:
    while not os.path.ismount(path):
        path = path.parent
    return str(path)


def open_pack(store: Store, series: str, digest: str) -> Path:
    """The folder of an installed pack, made where it is not there yet. Raises Missing, BadInput or Busy."""
    return open_payload(store.packs / digest / "payload", store.file_key(series, digest), digest)


def open_payload(path: Path, file_key: bytes, digest: str, start: int = 0) -> Path:
    """The folder of the pack called `digest`, whose verified payload begins at `start` in a file."""
    folder = in_ram() / digest
    if (folder / INDEX).is_file():
        return folder
    draft = folder.with_name(f".{digest[:16]}-{secrets.token_hex(4)}.{os.getpid()}")
    try:
        with SealedPayload(path, file_key, start) as payload:
            manifest, places = manifest_of(payload)
            _check_room(manifest, draft.parent)
            draft.mkdir(mode=0o700)
            for entry in manifest.files:
                if not stays(entry):
                    _write(payload, entry, places[entry.path], draft / entry.path)
            files = {e.path: (places[e.path], e.size) for e in manifest.files if stays(e)}
            index = _Index(str(path.absolute()), start, file_key, files)
            _new_file(draft / INDEX, msgspec.json.encode(index))
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise durable.no_room(MOST_OPENED, 0) from None
        got = error.strerror or str(error)
        raise Busy(str(folder.parent), expected="a folder in RAM to write to", got=got, hint="try again") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def close_all(but: frozenset[str] = frozenset()) -> None:
    """Removes opened personas except those of the packs in `but`."""
    try:
        folder = in_ram()
    except (Missing, BadInput):
        return
    for opened in folder.iterdir():
        name = opened.name
        if opened.is_dir() and name not in but and (len(name) == 64 or _abandoned(name)):
            shutil.rmtree(opened, ignore_errors=True)


def _abandoned(draft: str) -> bool:
    """Whether nobody is opening it any more: its name ends in the number of the process that does."""
    number = draft.rpartition(".")[2]
    return draft.startswith(".") and not (number.isdecimal() and Path(f"/proc/{number}").exists())


def opened(folder: Path) -> bool:
    """Whether a persona's folder is one that was opened here, in RAM."""
    return (folder / INDEX).is_file()


def _check_room(manifest: Manifest, folder: Path) -> None:
    needed = sum(entry.size for entry in manifest.files if not stays(entry))
    if needed > durable.room(folder):
        raise durable.no_room(needed, durable.room(folder))


def _write(payload: SealedPayload, entry: Entry, at: int, path: Path) -> None:
    _make_folder(path.parent)
    total = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for offset in range(0, entry.size, BLOCK):
            part = payload.read(at + offset, min(BLOCK, entry.size - offset))
            total.update(part)
            file.write(part)
    if total.hexdigest() != entry.sha256:
        raise refusal("damaged.store", f"{entry.path} as it was signed", "other bytes", "import the persona again")


def _make_folder(folder: Path) -> None:
    """For its owner alone, as each of those that it lies in."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700)


def _new_file(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def read_file(path: Path) -> bytes:
    """A file of a persona's folder, wherever its bytes lie. Raises OSError, or BadInput for a damaged one."""
    if path.exists():
        return path.read_bytes()
    for folder in path.parents:
        if (folder / INDEX).is_file():
            stamp = (folder / INDEX).stat()
            index = _read_index(folder / INDEX, stamp.st_ino, stamp.st_mtime_ns)
            place = index.files.get(path.relative_to(folder).as_posix())
            if place is None:
                break
            with SealedPayload(Path(index.payload), index.key, index.start) as payload:
                return payload.read(*place)
    raise FileNotFoundError(2, "No such file", str(path))


@lru_cache(maxsize=4)
def _read_index(path: Path, number: int, written: int) -> _Index:
    """Once for each file that was ever there; an opened persona may be closed and opened again."""
    return msgspec.json.decode(path.read_bytes(), type=_Index)
