"""The records of a chat's JSON as a stream: the objects in an array called "messages", with what was told above it.

`ijson` reads; where a file is damaged or cut off, the records after the damage are found again by how each begins
(`{"id":`), which cannot stand within a text, since JSON escapes its quotation marks.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import ijson

from provisioning.importers.decoding import Mend, clean, encoding_of, head_text, mender_of
from provisioning.importers.importer import Source

ARRAY = "messages"
MAX_DEPTH = 60
MAX_VALUES = 20_000
"""Of one record, or told above one; more are left out."""
CHUNK = 1 << 16
GIVE_UP = 100
"""Places without a record, one after the other, after which a damaged file is left."""
MAX_PENDING = 1 << 23
"""Bytes; a value that goes on for longer has no end."""

_BEGINNING = re.compile(r'"messages"\s*:\s*\[\s*(\{\s*"[^"\\]{1,40}"\s*:)')
_SCALAR = re.compile(r'"([^"\\]{1,40})"\s*:\s*("(?:[^"\\]|\\.){0,400}"|-?\d{1,30})')


class Record(NamedTuple):
    """One of the array's objects."""

    number: int
    """From 1"""
    value: dict[str, Any]
    """As JSON has it, its fractions as Decimal"""
    above: tuple[dict[str, Any], ...]
    """Plain values and objects of the objects around the array, the file's own first"""


class Damage(NamedTuple):
    """A place that cannot be read."""

    number: int
    """Of the record"""
    detail: str


def records(source: Source) -> Iterator[Record | Damage]:
    """All records of a file, and a Damage for each place that is none. Raises OSError where the disk fails."""
    reader, events = _Reader(mender_of(source.head)), ijson.sendable_list()
    parser = ijson.basic_parse_coro(events)
    pending = 0
    for chunk in _utf8(source):
        broken = ""
        try:
            parser.send(chunk)
        except (ijson.JSONError, ValueError, OverflowError) as error:
            broken = str(error).partition("\n")[0]
        pending = 0 if events else pending + len(chunk)
        for event, value in events:
            record = reader.event(event, value)
            if record is not None:
                yield record
        del events[:]
        if broken or reader.deep or pending > MAX_PENDING:
            yield Damage(reader.done + 1, broken or "nested too deep, or a value without an end")
            yield from _salvaged(source, reader.started, reader.above)
            return
    if not reader.closed:
        yield Damage(reader.done + 1, "cut off")


class _Reader:
    """Makes records of a parser's events."""

    def __init__(self, mend: Mend) -> None:
        self.done = 0
        self.deep = False
        self.closed = False
        self.above: tuple[dict[str, Any], ...] = ()
        self._stack: list[Any] = []
        self._keys: list[str] = []
        self._record_at = 0
        self._values = 0
        self._mend = mend

    @property
    def started(self) -> int:
        """Records that were begun."""
        return self.done + (self._record_at > 0)

    def event(self, event: str, value: Any) -> Record | None:
        """Takes one; gives the record that it completes."""
        if event == "map_key":
            self._keys[-1] = clean(value)
        elif event in ("start_map", "start_array"):
            self._open({} if event == "start_map" else [])
        elif event in ("end_map", "end_array"):
            return self._close()
        else:
            self._put(self._mend(clean(value)) if isinstance(value, str) else value)
        return None

    def _open(self, holder: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self.deep = True
        if self.deep:
            return
        record = isinstance(holder, dict) and not self._record_at and self._within_array()
        if record:
            self._record_at = len(self._stack) + 1
            self._values = 0
            self.above = tuple(m for m in self._stack if isinstance(m, dict))
        elif self._record_at or isinstance(holder, dict):
            self._put(holder)
        self._stack.append(holder)
        self._keys.append("")

    def _close(self) -> Record | None:
        if self.deep or not self._stack:
            return None
        holder = self._stack.pop()
        self._keys.pop()
        self.closed = not self._stack
        if len(self._stack) + 1 != self._record_at:
            return None
        self._record_at = 0
        self.done += 1
        return Record(self.done, holder, self.above)

    def _within_array(self) -> bool:
        return len(self._stack) > 1 and isinstance(self._stack[-1], list) and self._keys[-2] == ARRAY

    def _put(self, value: Any) -> None:
        if not self._stack or self.deep:
            return
        holder = self._stack[-1]
        self._values += 1
        if isinstance(holder, dict):
            if self._values < MAX_VALUES or len(holder) < 20:
                holder[self._keys[-1]] = value
        elif self._record_at and self._values < MAX_VALUES:
            holder.append(value)


def _text(source: Source) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding_of(source.head))("replace")
    with source.path.open("rb") as stream:
        first = True
        while chunk := stream.read(CHUNK):
            text = decoder.decode(chunk)
            yield text.removeprefix("\ufeff") if first else text
            first = False


def _utf8(source: Source) -> Iterator[bytes]:
    return (text.encode("utf-8", "replace") for text in _text(source))


def _salvaged(source: Source, started: int, above: tuple[dict[str, Any], ...]) -> Iterator[Record | Damage]:
    """The records after those that were started before the damage."""
    beginning = _BEGINNING.search(head_text(source.head))
    if not beginning:
        return
    mend = mender_of(source.head)
    decoder, failed = json.JSONDecoder(), 0
    for number, piece in enumerate(_pieces(source, beginning[1]), 1):
        if number <= started:
            continue
        try:
            read, end = decoder.raw_decode(piece)
            value = _cleaned(read, mend)
        except (ValueError, RecursionError):
            yield Damage(number, piece)
            failed += 1
            if failed == GIVE_UP:
                return
            continue
        failed = 0
        yield Record(number, value, above)
        if f'"{ARRAY}"' in piece[end : end + CHUNK]:
            told = {name: _plain(scalar) for name, scalar in _SCALAR.findall(piece[end : end + CHUNK])}
            above = (*above[:-1], told)


def _pieces(source: Source, beginning: str) -> Iterator[str]:
    """The text from each place that begins like a record to the next."""
    kept, within = "", False
    for text in _text(source):
        first, *others = (kept + text).split(beginning)
        if within and others:
            yield beginning + first
        for piece in others[:-1]:
            yield beginning + piece
        within = within or bool(others)
        kept = others[-1] if others else first
        if len(kept) > MAX_PENDING and within:
            yield beginning + kept[:CHUNK]
            within = False
        kept = kept if within else kept[-len(beginning) :]
    if within:
        yield beginning + kept


def _plain(scalar: str) -> Any:
    try:
        return json.loads(scalar)
    except ValueError:
        return scalar


def _cleaned(value: Any, mend: Mend) -> Any:
    if isinstance(value, str):
        return mend(clean(value))
    if isinstance(value, list):
        return [_cleaned(v, mend) for v in value]
    return {clean(k): _cleaned(v, mend) for k, v in value.items()} if isinstance(value, dict) else value
