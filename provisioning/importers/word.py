"""Word documents (`docx`, also of WPS and LibreOffice): the paragraphs of `word/document.xml` within a zip file.

What was deleted while changes were tracked is left out. Older documents (`doc`), and those with a password, are a
Problem that says how to save them.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Where
from provisioning.importers.problems import problem
from provisioning.importers.safe_xml import BadXml, parse
from provisioning.importers.written import written

_DOCUMENT = "word/document.xml"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORDS = "WordDocument".encode("utf-16-le")
MAX_XML = 64 << 20
"""Bytes of a document's text with its marks, unpacked; a novel takes 10 MiB."""
MAX_TEXT = 16 << 20
"""Characters."""
MAX_DIRECTORY = 4 << 20
"""Bytes of a zip file's list of members; beyond, it is no document."""
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "pict"}
_BROKEN = (BadXml, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)
"""What `zipfile` and the parser raise for a damaged or strange file."""


class Word:
    """One document."""

    name = "word"
    version = 1

    def claims(self, source: Source) -> float:
        if source.head.startswith(_OLD):
            return 0.6
        if source.head.startswith(b"{\\rtf"):
            return 0.6
        if not source.head.startswith(b"PK\x03\x04"):
            return 0.0
        return 0.9 if _DOCUMENT.encode() in source.head or _holds_document(source.path) else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        where = Where(source.told)
        if not source.head.startswith(b"PK"):
            old = source.head.startswith(_OLD)
            reason = (
                "an old or locked Word document; open it and save it as .docx"
                if old
                else "an RTF document; save it as .docx"
            )
            yield problem(where, reason)
            return
        try:
            paragraphs, pictures = _paragraphs(source.path)
        except _BROKEN as error:
            yield problem(where, "a damaged Word document", str(error))
            return
        if any(text.strip() for text in paragraphs):
            yield from written(source, paragraphs, 1)
        else:
            yield problem(where, "a document of pictures without text" if pictures else "a text without a word")


def _directory_fits(path: Path) -> bool:
    """Whether the list of members is short: `zipfile` holds all of it in memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    return end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") <= MAX_DIRECTORY


def _holds_document(path: Path) -> bool:
    try:
        if not _directory_fits(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return _DOCUMENT in archive.namelist()
    except (*_BROKEN, OSError):
        return False


def _paragraphs(path: Path) -> tuple[list[str], bool]:
    """(its paragraphs, whether it holds pictures). Raises one of _BROKEN."""
    if not _directory_fits(path):
        raise BadXml("its list of members is damaged or too long")
    made = _Paragraphs()
    with zipfile.ZipFile(path) as archive:
        with archive.open(_DOCUMENT) as file:
            parse(file, made.start, made.end, made.said, MAX_XML)
        return made.all, any(name.startswith("word/media/") for name in archive.namelist())


class _Paragraphs:
    """Collects paragraphs; what lies within a skipped element counts down `_depth`."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._texts: list[list[str]] = []
        self._skipping = 0
        self._in_text = False
        self._length = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._skipping or name in _SKIPPED:
            self._skipping += 1
        elif name == "p" and tag != "a:p":
            self._texts.append([])
        elif name == "t":
            self._in_text = True
        elif name in _BREAKS and self._texts:
            self._texts[-1].append(_BREAKS[name])

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if self._skipping:
            self._skipping -= 1
        elif name == "p" and tag != "a:p" and self._texts:
            self.all.append("".join(self._texts.pop()))
        elif name == "t":
            self._in_text = False

    def said(self, text: str) -> None:
        if self._skipping or not self._in_text or not self._texts:
            return
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise BadXml("its text is too long")
        self._texts[-1].append(text)
