"""Word documents (`docx`, also of WPS) and those of LibreOffice (`odt`): paragraphs of XML within a zip file.

What was deleted while changes were tracked is left out. Older documents (`doc`), and those with a password, are a
Problem that says how to save them.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Where
from provisioning.importers.problems import problem
from provisioning.importers.safe_xml import BadXml, parse
from provisioning.importers.written import written

_TEXTS = ("word/document.xml", "content.xml")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_OLDER = {
    "WordDocument": "an old Word document; open it and save it as .docx",
    "EncryptedPackage": "a document with a password; save it without one",
    "__substg1.0_": "a mail of Outlook; save it as .eml",
    "": "a document of an old Office program",
}
"""Name within the file (in UTF-16) -> what it is."""
OLD_BYTES = 8 << 20
"""Of an old document that are searched for such names."""
MAX_XML = 64 << 20
"""Bytes of a document's text with its marks, unpacked; a novel takes 10 MiB."""
MAX_TEXT = 16 << 20
"""Characters."""
MAX_DIRECTORY = 4 << 20
"""Bytes of a zip file's list of members; beyond, it is no document."""
_PARAGRAPH = {"p", "h"}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " ", "noBreakHyphen": "-"}
_SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "pict", "tracked-changes", "annotation", "note", "pPr", "rPr"}
_BROKEN = (
    BadXml, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, KeyError, ValueError, RuntimeError,
    ArithmeticError, OSError,
)  # fmt: skip
"""What `zipfile` and the parser raise for a damaged or strange file."""


class Word:
    """One document."""

    name = "word"
    version = 1

    def claims(self, source: Source) -> float:
        if source.head.startswith((_OLD, _RTF)):
            return 0.6
        return 0.9 if source.head.startswith(b"PK\x03\x04") and _holds_document(source.path) else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        where = Where(source.told)
        if not source.head.startswith(b"PK"):
            yield problem(where, _older(source))
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


def _older(source: Source) -> str:
    """What a document is that cannot be read, and what helps."""
    if source.head.startswith(_RTF):
        return "an RTF document; save it as .docx"
    with source.path.open("rb") as file:
        raw = file.read(OLD_BYTES)
    return next(what for name, what in _OLDER.items() if name.encode("utf-16-le") in raw)


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
            names = archive.namelist()
            return _TEXTS[0] in names or (_TEXTS[1] in names and b".text" in archive.read("mimetype")[:100])
    except _BROKEN:
        return False


def _paragraphs(path: Path) -> tuple[list[str], bool]:
    """(its paragraphs, whether it holds pictures). Raises one of _BROKEN."""
    if not _directory_fits(path):
        raise BadXml("its list of members is damaged or too long")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        text = _TEXTS[0] if _TEXTS[0] in names else _TEXTS[1]
        made = _Paragraphs(everything=text == _TEXTS[1])
        with archive.open(text) as file:
            parse(file, made.start, made.end, made.said, MAX_XML)
        return made.all, any(name.startswith(("word/media/", "Pictures/")) for name in names)


class _Paragraphs:
    """Collects paragraphs. `everything`: all characters of one are its text, not only those of elements for it."""

    def __init__(self, everything: bool) -> None:
        self.all: list[str] = []
        self._texts: list[list[str]] = []
        self._skipping = 0
        self._everything = everything
        self._in_text = everything
        self._length = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._skipping or name in _SKIPPED:
            self._skipping += 1
        elif name in _PARAGRAPH and tag != "a:p":
            self._texts.append([])
        elif name == "t":
            self._in_text = True
        elif name in _BREAKS and self._texts:
            self._texts[-1].append(_BREAKS[name])

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if self._skipping:
            self._skipping -= 1
        elif name in _PARAGRAPH and tag != "a:p" and self._texts:
            self.all.append("".join(self._texts.pop()))
        elif name == "t":
            self._in_text = self._everything

    def said(self, text: str) -> None:
        if self._skipping or not self._in_text or not self._texts:
            return
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise BadXml("its text is too long")
        self._texts[-1].append(text)
