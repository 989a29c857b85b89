"""PDF documents whose text is text. A page without any was scanned: it is a Problem, and may be read by OCR instead.

A letter is one item; of other documents each page is one, so that a book can be cited.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Problem, Where
from provisioning.importers.problems import problem
from provisioning.importers.written import LETTERS, written

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_BYTES = 256 << 20
MAX_PAGES = 2000
MAX_PAGE = 2 << 20
"""Bytes of what draws one page; a page of text takes some thousands, a map of lines millions."""
SCANNED = "a scanned page"
UNREADABLE = "a page whose letters have no meaning; it must be read as a picture"
_READABLE = 0.7
"""Share of a page's characters that must be letters, digits or punctuation."""


class Pdf:
    """One document."""

    name = "pdf"
    version = 1

    def claims(self, source: Source) -> float:
        return 0.9 if b"%PDF-" in source.head[:1024] else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        letter = source.told.startswith(LETTERS)
        held: list[str] = []
        first = 0
        for number, text in _pages(source):
            if isinstance(text, Problem):
                yield text
            elif letter:
                first = first or number
                held += text.split("\n")
            else:
                yield from written(source, text.lstrip("\n").split("\n"), number)
        if held:
            yield from written(source, _stripped(held), first)


def _stripped(lines: list[str]) -> list[str]:
    """Without the empty lines above: what counts is the page, not the line."""
    return lines[next((i for i, line in enumerate(lines) if line.strip()), 0) :]


def _pages(source: Source) -> Iterator[tuple[int, str | Problem]]:
    """(number from 1, text or what is wrong) of each page."""
    if source.size > MAX_BYTES:
        yield 0, problem(Where(source.told), "a document that is too long", f"{source.size >> 20} MiB")
        return
    try:
        reader, pages = _opened(source.path)
    except Exception as error:  # noqa: BLE001  the edge to a library for files that may be damaged in any way
        yield 0, problem(Where(source.told), "a damaged PDF document", f"{type(error).__name__}: {error}")
        return
    if reader is None:
        yield 0, problem(Where(source.told), "a document with a password; save it without one")
        return
    for number, page in enumerate(pages[:MAX_PAGES], 1):
        yield number, _read(page, Where(source.told, number))
    if len(pages) > MAX_PAGES:
        yield (
            0,
            problem(
                Where(source.told, MAX_PAGES), "pages beyond those that are read", f"{len(pages) - MAX_PAGES} pages"
            ),
        )
    elif not pages:
        yield 0, problem(Where(source.told), "a document without pages")


def _opened(path: Path) -> tuple[PdfReader | None, list[PageObject]]:
    """(the document or None where it needs a password, its first pages)."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):  # many are locked against changes only
        return None, []
    pages: list[PageObject] = []
    for page in reader.pages:
        pages.append(page)
        if len(pages) > MAX_PAGES:
            break
    return reader, pages


def _read(page: PageObject, where: Where) -> str | Problem:
    try:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > MAX_PAGE:
            return problem(where, "a page of too many lines")
        text = page.extract_text() if contents is not None else ""
    except Exception as error:  # noqa: BLE001  the edge to a library for files that may be damaged in any way
        return problem(where, "a damaged page", f"{type(error).__name__}: {error}")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").rstrip()
    if not text.strip():
        return problem(where, SCANNED)
    shown = [c for c in text if not c.isspace()]
    meant = sum(unicodedata.category(c)[0] in "LNPS" for c in shown)
    return text if meant >= _READABLE * len(shown) and "(cid:" not in text else problem(where, UNREADABLE)
