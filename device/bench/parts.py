"""Keeps what a long measurement has done so far, so that it can go on where it was stopped.

One JSON object a line, written as it is done: {"key": [...], "kind": "Heard", "result": {...}}. A line that was cut off
when the machine stopped is done again; a file of other code or other conditions has another name.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

DEVICE = Path(__file__).parent.parent
Key = tuple[str | int, ...]
R = TypeVar("R")


class _Line(msgspec.Struct):
    key: Key
    kind: str
    result: msgspec.Raw


def fingerprint(packages: Iterable[str], conditions: Any) -> str:
    """Of the code in these packages of `device`, and of whatever else decides about the results (as its repr)."""
    digest = hashlib.sha256(repr(conditions).encode())
    for path in itertools.chain.from_iterable(sorted((DEVICE / package).rglob("*.py")) for package in packages):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Parts(Generic[R]):
    """Results by key, in a file."""

    def __init__(self, path: Path, kinds: Mapping[str, type[R]], resume: bool) -> None:
        """`kinds`: the results' types by name, for msgspec. Not to `resume` begins the file anew."""
        self._path = path
        self.done: dict[Key, R] = dict(_read(path, kinds)) if resume and path.is_file() else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        # What was read is written again: a line that was cut off must not run into the next.
        path.write_bytes(b"".join(_line(key, result) for key, result in self.done.items()))

    def add(self, key: Key, result: R) -> None:
        """One more."""
        self.done[key] = result
        with self._path.open("ab") as file:
            file.write(_line(key, result))


def _line(key: Key, result: Any) -> bytes:
    line = _Line(key, type(result).__name__, msgspec.Raw(msgspec.json.encode(result)))
    return msgspec.json.encode(line) + b"\n"


def _read(path: Path, kinds: Mapping[str, type[R]]) -> Iterator[tuple[Key, R]]:
    for raw in path.read_bytes().splitlines():
        try:
            line = msgspec.json.decode(raw, type=_Line)
            yield line.key, msgspec.json.decode(line.result, type=kinds[line.kind])
        except (msgspec.DecodeError, KeyError):
            continue
