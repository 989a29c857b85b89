"""Pages of a PDF as pictures: scans have no text of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput

Image = NDArray[np.uint8]

LONGEST = 2400
"""Pixels of a page's longer side: A4 at 205 dpi."""
MOST_PAGES = 500
_LETTERS = 8
"""Letters of its own from which on a page has text: scanners stamp a few."""


def pages_without_text(path: Path, name: str) -> list[int]:
    """Numbers, from 1. Raises BadInput for what is no PDF, is locked, or has more than MOST_PAGES."""
    with _opened(path, name) as document:
        return [number for number in range(1, len(document) + 1) if len(_text(document[number - 1])) < _LETTERS]


def page_picture(path: Path, name: str, number: int) -> Image:
    """Page `number`, from 1, as RGB. Raises BadInput."""
    with _opened(path, name) as document:
        if not 1 <= number <= len(document):
            raise BadInput(name, expected=f"page {number}", got=f"{len(document)} pages")
        import pypdfium2

        try:
            page = document[number - 1]
            scale = min(LONGEST / max(*page.get_size(), 1.0), 8.0)
            picture = page.render(scale=scale).to_pil().convert("RGB")
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise BadInput(name, expected="a page that can be drawn", got=str(error)) from None
    return np.ascontiguousarray(np.asarray(picture, np.uint8))


def _text(page: Any) -> str:
    import pypdfium2

    try:
        return "".join(page.get_textpage().get_text_bounded().split())
    except (pypdfium2.PdfiumError, ValueError):
        return ""


@contextlib.contextmanager
def _opened(path: Path, name: str) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        hint = "open it, and print or save it anew without a password"
        raise BadInput(name, expected="a PDF", got=str(error), hint=hint) from None
    try:
        if len(document) > MOST_PAGES:
            raise BadInput(name, expected=f"at most {MOST_PAGES} pages", got=f"{len(document)}")
        yield document
    finally:
        document.close()
