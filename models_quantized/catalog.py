"""Where a verified model file lies: the one door through which the frame asks for models.

A file is hashed once. Its size and modification time are then noted beside it (``.NAME.verified``), so a
start does not read half a gigabyte again; a file that changed since is hashed anew, and one that is not
what the catalog says is refused.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from device.errors import BadInput, Missing, Usage
from models_quantized import schema
from models_quantized.schema import File, Model

State = Literal["verified", "present", "missing", "damaged"]
CATALOG = Path(__file__).with_name("catalog.toml")
BLOCK = 1 << 20  # bytes read at a time while hashing


@dataclass(frozen=True)
class Catalog:
    """All known models, and the named subsets of them."""

    models: tuple[Model, ...]
    profiles: dict[str, tuple[str, ...]]

    @property
    def defaults(self) -> tuple[Model, ...]:
        """The models that a frame uses unless told otherwise."""
        return tuple(model for model in self.models if model.default)

    def matching(self, name: str, language: str | None = None) -> tuple[Model, ...]:
        """The models whose id or role is `name`, defaults first; raises `Usage` for a name nobody has."""
        found = [model for model in self.models if name in (model.id, model.role)]
        if not found:
            names = sorted({model.role for model in self.models} | {model.id for model in self.models})
            near = difflib.get_close_matches(name, names, n=1)
            raise Usage(
                "model",
                expected="an id or a role of the catalog",
                got=repr(name),
                hint=f"did you mean {near[0]}?" if near else "./imago models list shows them",
            )
        spoken = [m for m in found if language is None or not m.languages or language in m.languages]
        return tuple(sorted(spoken, key=lambda model: not model.default))

    def find(self, name: str, language: str | None = None) -> Model:
        """The model with this id, or the default one of this role that knows `language` (an ISO 639 code).

        Raises `Usage` for an unknown name and `Missing` if no model of the role knows the language.
        """
        found = self.matching(name, language)
        if not found:
            raise Missing(f"model {name}", expected=f"one that knows {language}", got="none in the catalog")
        return found[0]

    def profile(self, name: str) -> tuple[Model, ...]:
        """The models of a named subset; raises `Usage` for an unknown one."""
        if name not in self.profiles:
            raise Usage("profile", expected=" or ".join(self.profiles) or "none, there are none", got=repr(name))
        return tuple(self.find(model_id) for model_id in self.profiles[name])


@functools.cache
def load(path: Path = CATALOG) -> Catalog:
    """The catalog of `path`, by default the project's own; raises `BadInput` with all its mistakes."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Missing(str(path), expected="the catalog of models", got="no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(str(path), expected="a readable catalog in UTF-8", got=str(error)) from error
    document = schema.parse(text, path.name)
    return Catalog(document.model, document.profiles)


def models_dir() -> Path:
    """The folder that holds all model files: ``IMAGO_MODELS``, or ``~/.cache/imago/models``."""
    chosen = os.environ.get("IMAGO_MODELS")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "imago" / "models"


def path_of(model: Model, file: File, root: Path | None = None) -> Path:
    """Where `file` of `model` lies or will lie; says nothing about whether it is there."""
    return (root or models_dir()) / model.id / file.name


def verified_path(name: str, language: str | None = None, file: str | None = None, root: Path | None = None) -> Path:
    """The checked file `file` (by default the first) of the model with this id or role.

    Raises `Missing` if it has not been fetched and `BadInput` if its bytes are not the catalog's.
    """
    model = load().find(name, language)
    wanted = [entry for entry in model.files if file in (None, entry.name)]
    if not wanted:
        names = ", ".join(entry.name for entry in model.files)
        raise Usage(f"model {model.id}", expected=f"one of its files: {names}", got=repr(file))
    return verify(model, wanted[0], root)


def verified_dir(name: str, language: str | None = None, root: Path | None = None) -> Path:
    """The folder of the model with this id or role, all its files checked; raises as `verified_path`."""
    model = load().find(name, language)
    for file in model.files:
        verify(model, file, root)
    return (root or models_dir()) / model.id


def state(model: Model, file: File, root: Path | None = None) -> State:
    """What can be said about a file without reading it."""
    path = path_of(model, file, root)
    if not os.path.isfile(path):  # false also where we may not look
        return "missing"
    if path.stat().st_size != file.size:
        return "damaged"
    return "verified" if _stamped(path, file) else "present"


def verify(
    model: Model,
    file: File,
    root: Path | None = None,
    *,
    again: bool = False,
    on_bytes: Callable[[int], None] | None = None,
) -> Path:
    """The path of a file whose SHA-256 is the catalog's; `again` hashes it even if the stamp says that it is.

    Raises `Missing` and `BadInput`. `on_bytes` hears how many bytes were read.
    """
    path = path_of(model, file, root)
    subject = f"model {model.id}"
    fetch = "./imago models fetch" if model.default else f"./imago models fetch {model.id}"
    if not os.path.isfile(path):
        raise Missing(subject, expected=str(path), got="no such file", hint=fetch)
    if path.stat().st_size == file.size and not again and _stamped(path, file):
        return path
    got = sha256_of(path, on_bytes) if path.stat().st_size == file.size else f"{path.stat().st_size} bytes"
    if got != file.sha256:
        _stamp_path(path).unlink(missing_ok=True)
        wanted = f"{file.size} bytes" if got.endswith("bytes") else f"SHA-256 {file.sha256[:12]}..."
        came = got if got.endswith("bytes") else f"{got[:12]}..."
        raise BadInput(subject, expected=f"{wanted} in {path}", got=came, hint=f"{fetch} mends it")
    stamp(path, file)
    return path


def sha256_of(path: Path, on_bytes: Callable[[int], None] | None = None) -> str:
    """The SHA-256 of a file in hexadecimal; raises `BadInput` if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                if on_bytes:
                    on_bytes(len(block))
    except OSError as error:
        raise BadInput(str(path), expected="a readable file", got=error.strerror or str(error)) from error
    return digest.hexdigest()


def stamp(path: Path, file: File) -> None:
    """Note that `path` was found to be `file`. A folder that cannot be written to just means hashing again."""
    status = path.stat()
    note = {"sha256": file.sha256, "size": status.st_size, "mtime_ns": status.st_mtime_ns}
    draft = _stamp_path(path).with_suffix(f".{os.getpid()}")
    try:
        draft.write_text(json.dumps(note), encoding="utf-8")
        draft.replace(_stamp_path(path))
    except OSError:
        draft.unlink(missing_ok=True)


def _stamp_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.verified")


def _stamped(path: Path, file: File) -> bool:
    status = path.stat()
    try:
        note = json.loads(_stamp_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(note == {"sha256": file.sha256, "size": status.st_size, "mtime_ns": status.st_mtime_ns})
