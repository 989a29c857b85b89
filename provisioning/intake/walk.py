"""What a family has put into the shoebox: every file by its content, each content once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from device.errors import BadInput
from provisioning.building.task import Input
from provisioning.importers.importer import HEAD
from provisioning.intake.content import Content, content_of
from provisioning.intake.digests import Digests
from provisioning.report.account import FileAccount

OURS = frozenset({"consent", "review", "wake"})
"""Folders that are not material."""
OURS_BY_NAME = ("persona.toml", "album.toml", "stories")
"""Beginnings of names at the top that other parts of the build read."""
NOISE = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
"""What systems leave in folders."""
MOST_FILES = 200_000


class Brought(msgspec.Struct, frozen=True):
    """One file with material."""

    told: str
    """Its name within the shoebox"""
    given: Input
    content: Content
    size: int
    companions: dict[str, Input] = {}
    """Side-cars that belong to a photograph, by their names within the shoebox"""

    @property
    def folder(self) -> str:
        """The shoebox's folder that it lies in; "" at the top."""
        return self.told.split("/")[0] if "/" in self.told else ""


class Walked(msgspec.Struct, frozen=True):
    """A whole shoebox."""

    files: tuple[Brought, ...]
    accounts: tuple[FileAccount, ...]
    """Of those that are not read further: empty ones, copies, and what cannot be opened"""


def walk(shoebox: Path, digests: Digests) -> Walked:
    """All files with material. Raises BadInput for a folder that cannot be a shoebox."""
    paths = [path for path in _files(shoebox) if not _is_ours(path.relative_to(shoebox).as_posix())]
    if len(paths) > MOST_FILES:
        raise BadInput(str(shoebox), expected=f"at most {MOST_FILES} files", got=f"{len(paths)}")
    return take(((path.relative_to(shoebox).as_posix(), path) for path in paths), digests)


def take(named: Iterable[tuple[str, Path]], digests: Digests) -> Walked:
    """Files by their names within the shoebox; of several with the same content the first counts."""
    files: list[Brought] = []
    accounts: list[FileAccount] = []
    first: dict[str, str] = {}
    for told, path in named:
        try:
            with path.open("rb") as stream:
                head = stream.read(HEAD)
            size, digest = path.stat().st_size, digests.of(path)
        except (OSError, BadInput) as error:
            reason = error.strerror if isinstance(error, OSError) else error.got
            accounts.append(FileAccount(told, problem=f"cannot be opened: {reason}"))
            continue
        content = content_of(head)
        if content == "empty":
            accounts.append(FileAccount(told, problem="an empty file", sha256=digest))
        elif digest in first and not _is_sidecar(told):
            accounts.append(FileAccount(told, duplicate_of=first[digest], size=size, sha256=digest))
        else:
            first.setdefault(digest, told)
            files.append(Brought(told, Input(path, digest), content, size))
    return Walked(tuple(files), tuple(accounts))


def _files(shoebox: Path) -> list[Path]:
    """Plain files and links to them within the shoebox, in the order of their names; hidden ones are nobody's."""
    root = shoebox.resolve()
    found = []
    for path in sorted(shoebox.rglob("*")):
        parts = path.relative_to(shoebox).parts
        if any(part.startswith(".") for part in parts) or path.name.lower() in NOISE or not path.is_file():
            continue
        if path.resolve().is_relative_to(root):
            found.append(path)
    return found


def _is_ours(told: str) -> bool:
    if "/" in told:
        return told.split("/")[0] in OURS
    return told.startswith(OURS_BY_NAME)


def _is_sidecar(told: str) -> bool:
    return told.lower().endswith((".json", ".xmp"))
